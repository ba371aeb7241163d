/** A changed field as the lines of a diff: what both sides share is left out, as far in as they share it. */
import type { FieldChange, Json, JsonObject } from '../../core/index.ts'
import { oneLine, shortJson } from './text.ts'

export type Line = { readonly field: string; readonly mark: '−' | '+'; readonly text: string }

/** Members of members that are looked at. */
const MAX_DEPTH = 4
/** Characters at the front that both sides share: from so many on they are left out, but for the last of them. */
const SHARED_CUT = 24
const SHARED_KEPT = 12

/** `input.port − 443`, `input.port + 8443`; of lists of ids what has come and gone, where nothing but that has changed. */
export function linesOf({ field, before, after }: FieldChange): readonly Line[] {
  return within(oneLine(field), { before, after }, 0)
}

type Sides = { readonly before: Json | undefined; readonly after: Json | undefined }

function within(field: string, { before, after }: Sides, depth: number): readonly Line[] {
  if (isObject(before) && isObject(after) && depth < MAX_DEPTH) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])]
    return keys.flatMap((key) =>
      JSON.stringify(before[key]) === JSON.stringify(after[key])
        ? []
        : within(`${field}.${oneLine(key)}`, { before: before[key], after: after[key] }, depth + 1),
    )
  }
  return changedTexts(field, before, after) ?? whole(field, before, after)
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function whole(field: string, before: Json | undefined, after: Json | undefined): readonly Line[] {
  const [was, is] = shortened(textOf(before), textOf(after))
  return [
    ...(before === undefined ? [] : [{ field, mark: '−', text: was } as const]),
    ...(after === undefined ? [] : [{ field, mark: '+', text: is } as const]),
  ]
}

function textOf(value: Json | undefined): string {
  return isTexts(value) ? oneLine(value.join(', ')) : shortJson(value)
}

/** Without the words that both begin with, where these are many. */
function shortened(before: string, after: string): readonly [string, string] {
  let same = 0
  while (same < before.length && before[same] === after[same]) same += 1
  const from = before.lastIndexOf(' ', Math.max(0, same - SHARED_KEPT)) + 1
  return from < SHARED_CUT ? [before, after] : [`… ${before.slice(from)}`, `… ${after.slice(from)}`]
}

/** Null: they are no lists of texts, or the same texts in another order. */
function changedTexts(field: string, before: Json | undefined, after: Json | undefined): readonly Line[] | null {
  if (!isTexts(before) || !isTexts(after)) return null
  const gone = before.filter((text) => !after.includes(text))
  const come = after.filter((text) => !before.includes(text))
  const stays = before.filter((text) => after.includes(text)).join('\n')
  const isShuffled = stays !== after.filter((text) => before.includes(text)).join('\n')
  if (isShuffled || gone.length + come.length === 0) return null
  return [
    ...(gone.length === 0 ? [] : [{ field, mark: '−', text: textOf(gone) } as const]),
    ...(come.length === 0 ? [] : [{ field, mark: '+', text: textOf(come) } as const]),
  ]
}

function isTexts(value: Json | undefined): value is readonly string[] {
  return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string')
}
