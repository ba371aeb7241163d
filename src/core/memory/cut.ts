/** Texts and results that a prompt has no room for as they are. */
import { previewOf } from '../border-text.ts'
import type { Json } from '../json.ts'
import { markText } from '../mark-external.ts'

/** What stands beside the beginning of a text or a result, at most. */
const NOTE_CHARACTERS = 120

/** At most `cut` characters, also when it is marked afterwards. Null: whole. */
export function cutText(text: string, cut: number | null, isMarked: boolean): string {
  const length = (shown: string) => (isMarked ? markText(shown) : shown).length
  if (cut === null || length(text) <= cut) return text
  const note = `\n[cut: the whole text has ${text.length} characters]`
  // Quoting makes a text longer by its lines: three times at most.
  let room = cut - NOTE_CHARACTERS - (isMarked ? markText('').length : 0)
  while (room > 0 && length(previewOf(text, room) + note) > cut) room = Math.floor(room * SHORTER)
  return previewOf(text, Math.max(0, room)) + note
}

/** From one try to the next. */
const SHORTER = 0.8

/** At most `cut` characters as JSON. Null: whole. */
export function cutResult(result: Json, cut: number | null): Json {
  if (cut === null) return result
  const text = JSON.stringify(result)
  if (text.length <= cut) return result
  // As a text within JSON every quote and backslash takes two characters.
  const room = Math.max(0, Math.floor((cut - NOTE_CHARACTERS) / 2))
  return { cut: `the whole result has ${text.length} characters`, preview: previewOf(text, room) }
}
