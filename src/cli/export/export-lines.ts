/** All that stands about sessions of a tenant, line by line. At no time is more in memory than one page of events, or one artifact. */
import { createHash } from 'node:crypto'
import type { Head, SessionRef, Store, StoredEvent } from '../../ports/index.ts'
import { isErasedHead } from '../erased-session.ts'
import { CliError } from '../errors.ts'
import { storedEvents } from '../read-log.ts'
import { shortId } from '../session-name.ts'
import { EXPORT_FORMAT, type ExportLine, endLine, namedIn } from './export-line.ts'

/** How events of one session are shown in place of their bodies. */
export type Shown = (stored: StoredEvent) => string

export type Export = {
  readonly store: Store
  readonly tenant: string
  readonly heads: AsyncIterable<Head> | Iterable<Head>
  /** Epoch milliseconds. */
  readonly now: number
  /** Null: bodies stand as they are in the log. */
  readonly mask: ((ref: SessionRef) => Promise<Shown>) | null
}

/** What has been written; `gone`: artifacts that events name, and whose content is not there any more. */
export type Exported = { sessions: number; events: number; definitions: number; artifacts: number; gone: number }

export function nothingExported(): Exported {
  return { sessions: 0, events: 0, definitions: 0, artifacts: 0, gone: 0 }
}

/**
 * The lines, each without its line break. `exported` is counted as they are taken.
 * @throws CliError `erased_meanwhile` if a session is erased while it is read.
 */
export async function* exportLines(of: Export, exported: Exported): AsyncGenerator<string> {
  const sum = createHash('sha256')
  let lines = 0
  for await (const line of contentOf(of, exported)) {
    const text = JSON.stringify(line)
    sum.update(`${text}\n`)
    lines += 1
    yield text
  }
  yield endLine(lines, sum.digest('hex'))
}

async function* contentOf(of: Export, exported: Exported): AsyncGenerator<ExportLine> {
  const { tenant, now, mask, heads } = of
  yield { type: 'pawl_export', format: EXPORT_FORMAT, tenant, at: now, masked: mask !== null }
  const written: Written = { definitions: new Set(), artifacts: new Set() }
  for await (const head of heads) {
    exported.sessions += 1
    yield* sessionLines(of, head, { exported, written })
  }
}

/** Hashes of what stands in the file already. */
type Written = { readonly definitions: Set<string>; readonly artifacts: Set<string> }
type Progress = { readonly exported: Exported; readonly written: Written }

async function* sessionLines({ store, mask }: Export, head: Head, progress: Progress): AsyncGenerator<ExportLine> {
  const ref = { tenant: head.tenant, sessionId: head.sessionId }
  const shown = mask === null || isErasedHead(head) ? null : await mask(ref)
  const named = { definitions: new Set<string>(), artifacts: new Map<string, ArtifactLine>() }
  yield { type: 'session', ...head }
  for await (const event of eventsUpTo(store, head)) {
    const { definitions, artifacts } = namedIn(event)
    for (const hash of definitions) named.definitions.add(hash)
    for (const each of artifacts) named.artifacts.set(each.hash, { type: 'artifact', ...each, content: null })
    progress.exported.events += 1
    yield lineOf(event, shown)
  }
  yield* definitionLines(store, named.definitions, progress)
  yield* artifactLines(store, { ref, named: [...named.artifacts.values()] }, progress)
  await refuseErasedMeanwhile(store, head)
}

type ArtifactLine = Extract<ExportLine, { type: 'artifact' }>

function lineOf(event: StoredEvent, shown: Shown | null): ExportLine {
  if (shown === null || event.body === null) return { type: 'event', ...event }
  return { type: 'event', ...event, body: null, salt: null, shown: shown(event) }
}

/** What came after the head was read is left out: the file ends where its head says. */
async function* eventsUpTo(store: Store, head: Head): AsyncGenerator<StoredEvent> {
  for await (const page of storedEvents(store, head)) {
    for (const event of page) {
      if (event.seq > head.version) return
      yield event
    }
  }
}

async function refuseErasedMeanwhile(store: Store, head: Head): Promise<void> {
  const { tenant, sessionId } = head
  const now = await store.head({ tenant, sessionId })
  if (now === null || !isErasedHead(now) || isErasedHead(head)) return
  throw new CliError(
    'erased_meanwhile',
    `expected session ${shortId(sessionId)} to stay while it was exported; it was erased meanwhile. Export again: what is left of it is exported then.`,
  )
}

async function* definitionLines(
  store: Store,
  named: ReadonlySet<string>,
  { exported, written }: Progress,
): AsyncGenerator<ExportLine> {
  for (const hash of named) {
    if (written.definitions.has(hash)) continue
    written.definitions.add(hash)
    exported.definitions += 1
    yield { type: 'definition', hash, body: await store.definition(hash) }
  }
}

type NamedArtifacts = { readonly ref: SessionRef; readonly named: readonly ArtifactLine[] }

async function* artifactLines(
  store: Store,
  { ref, named }: NamedArtifacts,
  { exported, written }: Progress,
): AsyncGenerator<ExportLine> {
  for (const line of named) {
    if (written.artifacts.has(line.hash)) continue
    written.artifacts.add(line.hash)
    const found = await store.artifact(ref.tenant, line.hash)
    if (found === null) exported.gone += 1
    else exported.artifacts += 1
    yield found === null ? line : { ...line, content: Buffer.from(found.bytes).toString('base64') }
  }
}
