/** The artifacts that the events of a session name. */
import type { ArtifactRef } from '../core/artifact/artifact.ts'
import type { LogEvent } from '../core/index.ts'
import type { SessionRef } from '../ports/index.ts'
import { type Reader, readLog, stateOfLog } from './read-log.ts'

export type ArtifactRow = SessionRef &
  ArtifactRef & {
    readonly callId: string
    readonly tool: string
    /** Absent: `internal`. */
    readonly sensitivity: string | null
    /** The event that names it. */
    readonly seq: number
    readonly at: number
    /** Its content is still there. */
    readonly isThere: boolean
  }

/** In the order of the log. The same content may have come from several calls. */
export async function artifactRows(reader: Reader, { tenant, sessionId }: SessionRef): Promise<readonly ArtifactRow[]> {
  const ref = { tenant, sessionId }
  const log = await readLog(reader, ref)
  const { calls } = stateOfLog(ref, log)
  const there = new Map<string, boolean>()
  const rows: ArtifactRow[] = []
  for (const { seq, at, event } of log) {
    const named = artifactIn(event)
    if (named === null) continue
    const { callId, artifact } = named
    const isThere = there.get(artifact.hash) ?? (await reader.store.artifact(tenant, artifact.hash)) !== null
    there.set(artifact.hash, isThere)
    const call = calls.get(callId)
    const sensitivity = call?.terms?.sensitivity ?? null
    rows.push({ ...ref, ...artifact, callId, tool: call?.tool ?? '', sensitivity, seq, at, isThere })
  }
  return rows
}

function artifactIn(event: LogEvent['event']): { readonly callId: string; readonly artifact: ArtifactRef } | null {
  if (event.type !== 'call_finished' && event.type !== 'call_settled') return null
  return event.artifact === undefined ? null : { callId: event.callId, artifact: event.artifact }
}
