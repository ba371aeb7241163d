/** What of a run is not as recorded, or not as the runtime promises. */
import { type EventKind, type EventOf, fold, type Json, type LogEvent, type Message, type PawlEvent } from 'pawl/core'
import type { StoredEvent } from 'pawl/ports'
import { decodeEvent } from '../../src/runtime/encode.ts'
import { verifyChain } from '../../src/stores/chain.ts'
import { isJsonObject } from '../worlds/json.ts'
import { canonicalJson } from '../worlds/sha256.ts'
import type { RecordedCall, RecordedWorld } from './recorded-world.ts'
import type { TaskRun } from './run-tasks.ts'

/** The names of the checks; a planted bug says which of them must notice it. */
export type CheckName =
  | 'end'
  | 'chain'
  | 'proposal'
  | 'outcome'
  | 'observation'
  | 'state'
  | 'once'
  | 'approval'
  | 'order'

type Found = { readonly check: CheckName; readonly found: string }
type Checked = { readonly world: RecordedWorld; readonly run: TaskRun; readonly events: readonly LogEvent[] }

/** One line for everything that differs; none where the run is as recorded. */
export function differencesOf(world: RecordedWorld, run: TaskRun): readonly Found[] {
  const ref = { tenant: 'default', sessionId: run.task.id }
  const checked: Checked = { world, run, events: run.log.map((stored) => decodeEvent(ref, stored)) }
  const ofCalls = run.task.calls.flatMap((recorded, index) => checkCall(checked, recorded, index))
  return [...checkEnd(checked), ...checkChain(checked, run.log), ...ofCalls, ...checkApplied(checked)]
}

function checkEnd({ run, events }: Checked): readonly Found[] {
  const { task, head, finalStateSha256 } = run
  const state = fold('default', task.id, events)
  return [
    ...differs('end', 'done', head.status),
    ...differs('end', 'final_answer', state.ended?.reason ?? null),
    ...differs('end', task.calls.length + 1, state.tasks.get('root')?.turn ?? 0),
    ...differs('end', task.calls.length, state.calls.size),
    ...differs('state', task.finalStateSha256, finalStateSha256),
  ]
}

function checkChain({ run }: Checked, log: readonly StoredEvent[]): readonly Found[] {
  const chain = verifyChain({ tenant: 'default', sessionId: run.task.id }, log, { head: run.head })
  return differs('chain', 'holds', chain.type)
}

/** The n-th recorded call is the call `c<n>` of the session, proposed in turn n. */
function checkCall(checked: Checked, recorded: RecordedCall, index: number): readonly Found[] {
  const { world, run, events } = checked
  const callId = `c${index + 1}`
  const writes = world.tools.some(({ name, writes }) => writes && name === recorded.tool)
  const finished = all(events, 'call_finished', callId)
  const applied = run.applied.filter((each) => each.callId === callId)
  return [
    ...differs('proposal', recorded.tool, applied[0]?.tool ?? null),
    ...differs('once', [1, 1, 1], [applied.length, all(events, 'call_started', callId).length, finished.length]),
    ...checkOutcome(world, recorded, finished[0]),
    ...checkObservation(run.shown[index + 1] ?? [], callId, recorded),
    ...(recorded.stateSha256 === null
      ? []
      : differs('state', recorded.stateSha256, applied.at(-1)?.stateSha256 ?? null)),
    ...(writes ? checkApproval(events, callId) : []),
  ]
}

function checkOutcome(
  world: RecordedWorld,
  recorded: RecordedCall,
  finished: EventOf<'call_finished'> | undefined,
): readonly Found[] {
  const outcome = finished?.outcome
  if (recorded.error !== null) {
    return [
      ...differs('outcome', { type: 'terminal_error', message: recorded.error }, outcome ?? null),
      ...differs('outcome', false, finished?.tookEffect ?? null),
    ]
  }
  if (outcome?.type !== 'ok') return differs('outcome', 'ok', outcome?.type ?? null)
  return differs('outcome', recorded.outputSha256, world.outputSha256(outcome.output))
}

/** The next request shows the model what came of the call, errors too. */
function checkObservation(shown: readonly Message[], callId: string, recorded: RecordedCall): readonly Found[] {
  const message = shown.findLast((each) => each.role === 'tool' && each.callId === callId)
  if (message?.role !== 'tool') return differs('observation', 'a result', null)
  const { result, isError } = message
  const error = isJsonObject(result) && isError ? (result['error'] ?? null) : null
  return differs('observation', recorded.error, error)
}

/** Asked, approved by a person, and only then started. */
function checkApproval(events: readonly LogEvent[], callId: string): readonly Found[] {
  const seqOf = (matches: (event: PawlEvent) => boolean): number =>
    events.find(({ event }) => matches(event))?.seq ?? Number.NaN
  const asked = events.flatMap(({ event }) =>
    event.type === 'approval_requested' && event.callId === callId ? [event] : [],
  )[0]
  const voted = seqOf(
    (event) => event.type === 'approval_voted' && event.approvalId === asked?.approvalId && event.hash === asked.hash,
  )
  const resolved = seqOf(
    (event) =>
      event.type === 'approval_resolved' && event.approvalId === asked?.approvalId && event.resolution === 'approved',
  )
  const started = seqOf((event) => event.type === 'call_started' && event.callId === callId)
  return differs('approval', true, asked !== undefined && voted < resolved && resolved < started)
}

/** Calls ran in the order of the record, and no others. */
function checkApplied({ run }: Checked): readonly Found[] {
  return differs(
    'order',
    run.task.calls.map((_, index) => `c${index + 1}`),
    [...new Set(run.applied.map(({ callId }) => callId))],
  )
}

function all<K extends EventKind>(events: readonly LogEvent[], type: K, callId: string): readonly EventOf<K>[] {
  return events.flatMap(({ event }) =>
    event.type === type && 'callId' in event && event.callId === callId ? [event as EventOf<K>] : [],
  )
}

function differs(check: CheckName, expected: Json, found: Json): readonly Found[] {
  if (canonicalJson(expected) === canonicalJson(found)) return []
  return [{ check, found: `expected ${JSON.stringify(expected)}, found ${JSON.stringify(found)}` }]
}
