/** Texts and results that a prompt has no room for as they are. */
import { previewOf } from '../border-text.ts'
import type { Json } from '../json.ts'

/** What stands beside the beginning of a text or a result, at most. */
const NOTE_CHARACTERS = 120

/** Quoting a text can make it three times as long: every line gets two characters. */
const MARKED_TIMES = 3
/** What stands in front of a text that is marked as somebody else's, at most. */
const MARK_CHARACTERS = 160

/** At most `cut` characters, also when it is marked afterwards. Null: whole. */
export function cutText(text: string, cut: number | null, isMarked: boolean): string {
  if (cut === null) return text
  const room = isMarked ? Math.floor((cut - MARK_CHARACTERS) / MARKED_TIMES) : cut
  if (text.length <= room) return text
  return `${previewOf(text, Math.max(0, room - NOTE_CHARACTERS))}\n[cut: the whole text has ${text.length} characters]`
}

/** At most `cut` characters as JSON. Null: whole. */
export function cutResult(result: Json, cut: number | null): Json {
  if (cut === null) return result
  const text = JSON.stringify(result)
  if (text.length <= cut) return result
  // As a text within JSON every quote and backslash takes two characters.
  const room = Math.max(0, Math.floor((cut - NOTE_CHARACTERS) / 2))
  return { cut: `the whole result has ${text.length} characters`, preview: previewOf(text, room) }
}
