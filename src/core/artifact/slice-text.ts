/** A piece of a text: whole lines, or characters where a line is too long or an offset is asked for. */
import { endWithin, splitsPair } from './json-bytes.ts'
import { lineCount, lineEnd, lineStart, wholeLines } from './lines.ts'
import type { Slice, SliceRequest } from './slice.ts'

/** All but the text. */
const FRAME_BYTES = 150

export function sliceOfText(text: string, request: SliceRequest, room: number): Slice {
  const { offset, limit, line, lines } = request
  const byCharacters = offset !== undefined || limit !== undefined
  if (byCharacters && (line !== undefined || lines !== undefined))
    return { type: 'problem', problem: 'of a text either line and lines, or offset and limit; found both' }
  return byCharacters ? characters(text, request, room - FRAME_BYTES) : wholeOnes(text, request, room - FRAME_BYTES)
}

function characters(text: string, { offset = 0, limit = text.length }: SliceRequest, bytes: number): Slice {
  if (offset > 0 && offset >= text.length)
    return { type: 'problem', problem: `offset ${offset} is past the end of a text of ${text.length} characters` }
  const start = splitsPair(text, offset) ? offset - 1 : offset
  const wanted = Math.min(text.length, offset + limit)
  const end = Math.min(splitsPair(text, wanted) ? wanted + 1 : wanted, endWithin(text, start, bytes))
  const slice = { type: 'text', characters: text.length, offset: start, text: text.slice(start, end) }
  return { type: 'slice', slice: { ...slice, ...(end < text.length && { nextOffset: end }) } }
}

/** A first line that does not fit whole is read on by its characters. */
function wholeOnes(text: string, { line = 1, lines }: SliceRequest, bytes: number): Slice {
  const start = lineStart(text, line)
  if (start === null)
    return { type: 'problem', problem: `line ${line} is past the end of a text of ${lineCount(text)} lines` }
  const wanted = lines === undefined ? text.length : afterLines(text, start, lines)
  const whole = wholeLines(text, start, Math.min(wanted, endWithin(text, start, bytes)))
  const next = whole.lines === 0 ? { nextOffset: whole.end } : { nextLine: line + whole.lines }
  const slice = {
    type: 'text',
    characters: text.length,
    lines: lineCount(text),
    line,
    text: text.slice(start, whole.end),
  }
  return { type: 'slice', slice: { ...slice, ...(whole.end < text.length && next) } }
}

function afterLines(text: string, start: number, lines: number): number {
  let at = start
  for (let left = lines; left > 0 && at < text.length; left -= 1) at = lineEnd(text, at)
  return at
}
