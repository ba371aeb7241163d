/** What a model is told of an artifact that cannot be read. */
import { didYouMean, previewOf } from '../core/index.ts'
import type { ArtifactEntry } from '../ports/artifact.ts'
import { ToolError } from '../ports/index.ts'

const MAX_NAMED = 20
const MAX_SHOWN_CHARACTERS = 80

/** The session names no such artifact: says which there are. */
export function unknownArtifact(id: string, entries: readonly ArtifactEntry[]): ToolError {
  const ids = [...new Set(entries.map((entry) => entry.id))]
  const shown = JSON.stringify(previewOf(id, MAX_SHOWN_CHARACTERS))
  if (ids.length === 0) return final(`this session has no artifact ${shown}: none of its outputs was too large to show`)
  const newest = entries.slice(-MAX_NAMED).map((entry) => `${entry.id} (of ${entry.tool}, ${entry.bytes} bytes)`)
  const more = entries.length > newest.length ? ` and ${entries.length - newest.length} earlier` : ''
  return final(`this session has no artifact ${shown}. It has ${newest.join(', ')}${more}.${didYouMean(id, ids)}`)
}

/** The log still names it, and the store no longer has it. */
export function erasedArtifact({ id, tool, callId }: Pick<ArtifactEntry, 'id' | 'tool' | 'callId'>): ToolError {
  return final(
    `the content of artifact ${id} was erased by retention and cannot be read or searched again: do not try again. ` +
      `What remains is the call ${callId} of ${tool} and the preview of its output. Work with the preview, or say what is missing.`,
  )
}

/** Reading changed nothing, and the same again would end the same way. */
export function final(message: string): ToolError {
  return new ToolError(message, { retryable: false, tookEffect: false })
}
