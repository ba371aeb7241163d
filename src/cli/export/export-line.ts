/**
 * The lines of an export, a permanent format: `docs/retention.md` describes it for whoever gets one. JSON Lines in UTF-8: one
 * `pawl_export`, then for each session its `session`, its `event`s in order, and the `definition`s and `artifact`s that those name
 * and that stand in no earlier line; the last line is `end`.
 */
import type { ArtifactRef } from '../../core/artifact/artifact.ts'
import type { Head, StoredEvent } from '../../ports/index.ts'

export const EXPORT_FORMAT = 1

export type ExportLine =
  | {
      readonly type: 'pawl_export'
      readonly format: typeof EXPORT_FORMAT
      /** Whose sessions these are. A file has those of one tenant. */
      readonly tenant: string
      /** When it was made, epoch milliseconds. */
      readonly at: number
      /** Bodies are left out, and stand as `shown` with sensitive fields masked. */
      readonly masked: boolean
    }
  | ({ readonly type: 'session' } & Head)
  | ({ readonly type: 'event'; readonly shown?: string } & StoredEvent)
  /** `hash` is the sha256 of the body. Null: the store has none. */
  | { readonly type: 'definition'; readonly hash: string; readonly body: string | null }
  /** `hash` is the sha256 of the bytes, which stand in `content` as base64. Null: the content is gone. */
  | ({ readonly type: 'artifact'; readonly content: string | null } & ArtifactRef)
  | EndLine

/** `lines`: how many stand before it. `sha256`: of the bytes of all of them, with their line breaks. */
export type EndLine = { readonly type: 'end'; readonly lines: number; readonly sha256: string }

/** The one way in which the last line is written: a reader compares it byte by byte. */
export function endLine(lines: number, sha256: string): string {
  return JSON.stringify({ type: 'end', lines, sha256 } satisfies EndLine)
}

/** What the events of a session name, of which the content stands elsewhere. */
export type Named = {
  readonly definitions: readonly string[]
  readonly artifacts: readonly ArtifactRef[]
}

/** What a body that names something has in it. Most name nothing, and are not parsed. */
const NAMES = /"(?:definitionHash|artifact)":/

/** What one event names. A body that was erased, or that nobody can read, names nothing. */
export function namedIn({ body }: Pick<StoredEvent, 'body'>): Named {
  const event = body === null || !NAMES.test(body) ? null : parsed(body)
  if (typeof event !== 'object' || event === null) return { definitions: [], artifacts: [] }
  const definition = 'definitionHash' in event ? event.definitionHash : undefined
  const artifact = 'artifact' in event ? artifactOf(event.artifact) : null
  return {
    definitions: typeof definition === 'string' ? [definition] : [],
    artifacts: artifact === null ? [] : [artifact],
  }
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return null
  }
}

/** A fact names only the hash of what its call has named already. */
function artifactOf(found: unknown): ArtifactRef | null {
  if (typeof found !== 'object' || found === null) return null
  if (!('hash' in found) || !('mediaType' in found) || !('bytes' in found)) return null
  const { hash, mediaType, bytes } = found
  if (typeof hash !== 'string' || typeof mediaType !== 'string' || typeof bytes !== 'number') return null
  return { hash, mediaType, bytes }
}
