/** What must hold of outputs that are too large for a log: saved before they are named, whole, and read by their own session alone. */
import type { EventOf, Json, JsonObject, LogEvent } from '../../core/index.ts'
import { canonicalJson } from '../../runtime/index.ts'
import { noteArtifact } from './note-memory.ts'
import type { Outside } from './outside.ts'
import type { CallRecord, SessionRecord } from './record.ts'
import { keyOf } from './records.ts'
import type { World } from './world.ts'

type Seen = { readonly record: SessionRecord; readonly logEvent: LogEvent }
type Finished = EventOf<'call_finished'>

export const artifactTools: ReadonlySet<string> = new Set(['read_artifact', 'search_artifact'])

/** Before the event is noted; notes the whole output, which no event has. */
export function checkArtifact(world: World, outside: Outside, { record, logEvent: { event } }: Seen): void {
  if (event.type !== 'call_finished' && event.type !== 'call_settled') return
  if (event.type === 'call_finished') checkFinished(world, record, event)
  const { artifact, callId, attempt } = event
  if (artifact === undefined) return
  const { artifacts, violate } = world
  const { hash, bytes } = artifact
  const kept = artifacts.find(record.tenant, hash)
  artifacts.name(record, hash)
  noteArtifact(record, callId, hash)
  markShared(world, record, hash)
  if (kept === undefined)
    return violate(record, 'artifacts: saved before it is named', `${callId} names ${hash}, which is not there`)
  // Canonical JSON, or a text; both are JSON.
  const whole = (artifact.mediaType === 'application/json' ? JSON.parse(kept.text) : kept.text) as Json
  record.memory.wholes.set(callId, whole)
  const found = outside.lookUp(record, callId)
  const isVerified = event.type === 'call_settled' || event.verified === true
  const said = isVerified ? found && canonicalJson([found.output as Json]) : outside.said(record, callId, attempt)
  if (said !== canonicalJson([whole]) || new TextEncoder().encode(kept.text).length !== bytes)
    violate(record, 'artifacts: what is stored is what the tool said', `${callId}: ${kept.text.slice(0, 80)}`)
}

function markShared({ artifacts, mark }: World, { tenant, sessionId }: SessionRecord, hash: string): void {
  const others = artifacts.namedBy(hash).filter((key) => key !== keyOf({ tenant, sessionId }))
  if (others.some((key) => key.startsWith(`${tenant}/`))) mark('one content in two sessions')
  if (others.some((key) => !key.startsWith(`${tenant}/`))) mark('one content of two tenants')
}

function checkFinished(world: World, record: SessionRecord, event: Finished): void {
  const { shape, violate } = world
  const { outcome, callId } = event
  if (outcome.type !== 'ok') return
  const most = shape.memory?.maxInlineBytes ?? Number.POSITIVE_INFINITY
  const shown = new TextEncoder().encode(JSON.stringify(outcome.output)).length
  if (shown > most + PREVIEW_BYTES)
    violate(record, 'artifacts: a log has a preview', `${callId}: ${shown} bytes of at most ${most}`)
  const call = record.calls.get(callId)
  if (call !== undefined && artifactTools.has(call.tool)) checkRead(world, record, { call, output: outcome.output })
}

/** A preview may be a little longer than what it stands for. */
const PREVIEW_BYTES = 64

type Read = { readonly call: CallRecord; readonly output: Json }

/** What was read is of an output that this session's own log names, and that is there. */
function checkRead({ violate, artifacts }: World, record: SessionRecord, { call, output }: Read): void {
  const { callId } = call
  const begun = record.log.findLast(({ event }) => event.type === 'call_started' && event.callId === callId)
  // What a judge has let through is an object, and so is what these tools answer.
  const { artifact } = (call.input ?? {}) as { readonly artifact?: string }
  const { artifact: read, matches } = output as { readonly artifact?: string; readonly matches?: readonly JsonObject[] }
  const ids = [artifact, read, ...(matches ?? []).map((match) => match['artifact'])].filter((id) => id !== undefined)
  for (const id of ids) {
    const hash = [...record.memory.artifacts.keys()].find((each) => each.startsWith(String(id)))
    if (hash === undefined) return violate(record, 'P15 a session reads its own artifacts', `${id} is another's`)
    if (artifacts.lostAt(record.tenant, hash) < (begun?.at ?? 0))
      return violate(record, 'artifacts: what is gone is not read', `${callId} reads ${id}`)
  }
  if (!isPartOf(record, output)) violate(record, 'artifacts: what is read is what is stored', JSON.stringify(output))
}

/** Every row, line and value of a slice stands in some whole output. */
function isPartOf({ memory }: SessionRecord, output: Json): boolean {
  const {
    rows = [],
    value,
    text,
  } = output as { readonly rows?: readonly Json[]; readonly value?: Json; readonly text?: string }
  const parts = [...rows, ...(value === undefined ? [] : [value])].map((part) => JSON.stringify(part))
  const wholes = [...memory.wholes.values()].map((whole) => JSON.stringify(whole))
  if (text !== undefined) parts.push(JSON.stringify(text).slice(1, -1))
  return parts.every((part) => part.includes('…') || wholes.some((whole) => whole.includes(part)))
}
