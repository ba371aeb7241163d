/** What a model is shown in place of an output that is too large: what it is, how it begins, and how to read on. */
import type { Json, JsonObject } from '../json.ts'
import { type ArtifactRef, artifactId } from './artifact.ts'
import { endWithin, isList, isObject } from './json-bytes.ts'
import { lineCount, wholeLines } from './lines.ts'
import { previewOfMembers } from './preview-members.ts'
import { previewOfRows } from './preview-rows.ts'
import { typeName } from './shorten.ts'

/** Of one preview as JSON in UTF-8, whatever was put out. */
export const MAX_PREVIEW_BYTES = 2_048
/** A smaller `maxInlineBytes` than this does not make previews smaller. */
export const MIN_PREVIEW_BYTES = 1_024

/** What a preview shows besides what every one has, and where reading goes on. */
export type PreviewPart = {
  readonly fields: JsonObject
  /** What `read_artifact` takes besides the id. */
  readonly readOn: JsonObject
}

/** The id, size, type, lengths, and the sentence at the end, with the longest pointer of an example. */
const FRAME_BYTES = 620

/**
 * `{ artifact, bytes, type, …, next }`. Of an array: `length`, `keys` (their types), `rows` (the first). Of an object: `length`,
 * `members` (small values as they are, of others what they are), and of what is largest in it `within` (a JSON Pointer) with its
 * first `rows`, or its `value` cut. Of a text: `characters`, `lines`, and `text`, its beginning. "…" marks every cut. As JSON it
 * takes at most `MAX_PREVIEW_BYTES`, and at most `maxInlineBytes` where that is over `MIN_PREVIEW_BYTES`. Takes no longer than some
 * readings of the value.
 */
export function previewOfOutput(
  output: Json,
  ref: ArtifactRef,
  limits: { readonly maxInlineBytes: number },
): JsonObject {
  const maxBytes = Math.min(MAX_PREVIEW_BYTES, Math.max(MIN_PREVIEW_BYTES, limits.maxInlineBytes))
  const artifact = artifactId(ref)
  const { fields, readOn } = partOf(output, ref.bytes, maxBytes - FRAME_BYTES)
  const next = nextSentence({ artifact, ...readOn }, { artifact, query: 'words to find' })
  return { artifact, bytes: ref.bytes, type: typeName(output), ...fields, next }
}

function partOf(output: Json, bytes: number, room: number): PreviewPart {
  if (typeof output === 'string') return previewOfText(output, room)
  if (isList(output)) return previewOfRows(output, '', room)
  if (isObject(output)) return previewOfMembers(output, bytes, room)
  return { fields: { value: output }, readOn: {} }
}

function previewOfText(text: string, room: number): PreviewPart {
  const { end, lines } = wholeLines(text, 0, endWithin(text, 0, room))
  const readOn: JsonObject = end === text.length ? { line: 1 } : lines > 0 ? { line: lines + 1 } : { offset: end }
  const shown = `${text.slice(0, end)}${end < text.length ? '…' : ''}`
  return { fields: { characters: text.length, lines: lineCount(text), text: shown }, readOn }
}

function nextSentence(read: JsonObject, search: JsonObject): string {
  return [
    'This output was too large to show: only its beginning stands here, and "…" marks what is left out.',
    `read_artifact ${JSON.stringify(read)} reads on.`,
    `search_artifact ${JSON.stringify(search)} finds passages in it.`,
  ].join(' ')
}
