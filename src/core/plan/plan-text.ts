/** What others wrote, on its way into a prompt about a plan: on one line, and cut to a share of what there is room for. */
import { previewOf } from '../border-text.ts'
import type { Json } from '../json.ts'
import { LINE_BREAK } from '../mark-external.ts'

/** Characters of a task's name. */
export const NAME_CHARACTERS = 200
/** Characters of a message about a failure, a problem or a tool. */
export const MESSAGE_CHARACTERS = 500

/** At most `characters`, and none that a model could take for the beginning of a line. */
export function onOneLine(text: string, characters: number): string {
  return cutTo(text.split(LINE_BREAK).join(' '), characters)
}

/** As JSON, whose quoting keeps the content inside; on one line. */
export function jsonText(value: Json | object): string {
  return JSON.stringify(value).split(LINE_BREAK).join(' ')
}

/** Says of what was cut how much it was. */
export function cutTo(text: string, characters: number): string {
  if (text.length <= characters) return text
  return `${previewOf(text, characters)}… (${characters} of ${text.length} characters)`
}

export type Room = {
  /** Characters for all of them together. */
  readonly total: number
  readonly mostEach: number
  /** Nothing is cut shorter than this, even where the total is then exceeded. */
  readonly leastEach: number
}

/** The length at which texts are cut, so that they share the room: what short ones leave goes to the long ones. */
export function shareOf(lengths: readonly number[], { total, mostEach, leastEach }: Room): number {
  const sorted = lengths.map((length) => Math.min(length, mostEach)).sort((one, other) => one - other)
  let left = total
  for (const [index, length] of sorted.entries()) {
    const share = Math.floor(left / (sorted.length - index))
    if (length > share) return Math.max(leastEach, share)
    left -= length
  }
  return mostEach
}

/** `, and 3 more` in words of the caller's, where a list was cut. */
export function moreThan(shown: number, all: number, what: string): readonly string[] {
  return all > shown ? [`(${all - shown} more ${what} not shown)`] : []
}
