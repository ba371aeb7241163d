/** Text from outside on its way to a terminal: made harmless, measured, cut and wrapped. */
import { stripVTControlCharacters } from 'node:util'

/**
 * What would move the cursor, change the title or turn the writing round: shown as a middle dot. Line breaks and tabs stay.
 * Controls (Cc) except those two, and formatting characters that change the direction of what follows.
 */
const CONTROLS = /(?![\n\t])\p{Cc}|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu

/** A model, a tool or a stranger wrote it: nothing in it can speak to the terminal. */
export function plain(text: string): string {
  return stripVTControlCharacters(text).replaceAll('\r\n', '\n').replace(CONTROLS, '·')
}

/** The same on one line. */
export function oneLine(text: string): string {
  return plain(text).replaceAll(/\s+/g, ' ').trim()
}

/** A value as short JSON, on one line. */
export function shortJson(value: unknown): string {
  return oneLine(typeof value === 'string' ? value : (JSON.stringify(value) ?? 'undefined'))
}

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })
/** East Asian wide characters and emoji take two cells (Unicode UAX 11, the ranges that occur in practice). */
const WIDE =
  /^(?:\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}])/u

/** How many cells a text takes in a terminal. */
export function widthOf(text: string): number {
  const bare = stripVTControlCharacters(text)
  if (/^[\x20-\x7e]*$/.test(bare)) return bare.length
  let width = 0
  for (const { segment } of graphemes.segment(bare)) width += WIDE.test(segment) ? 2 : 1
  return width
}

/** Cuts a text without colours to a width, with an ellipsis where something is missing. */
export function cut(text: string, width: number): string {
  // No character takes more cells than two for each of its units.
  if (text.length * 2 <= width) return text
  let kept = ''
  let used = 0
  for (const { segment } of graphemes.segment(text)) {
    used += WIDE.test(segment) ? 2 : 1
    if (used > width) return `${kept.trimEnd()}…`
    if (used < width) kept += segment
  }
  return text
}

/** At most so many lines of a text, each at most so wide; the last ends in an ellipsis where something is missing. */
export function shortened(text: string, width: number, most: number): readonly string[] {
  const lines = wrap(text, width)
  const shown = lines.slice(0, most).map((line) => cut(line, width))
  return lines.length <= most ? shown : shown.with(-1, `${cut(shown.at(-1) ?? '', width - 1).replace(/…$/, '')}…`)
}

export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)))
}

export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - widthOf(text))) + text
}

/** Breaks a text at spaces; a word that is longer than a line stays whole. */
export function wrap(text: string, width: number): readonly string[] {
  return text.split('\n').flatMap((paragraph) => wrapLine(paragraph, width))
}

function wrapLine(text: string, width: number): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`
    if (line !== '' && widthOf(longer) > width) {
      lines.push(line)
      line = word
    } else line = longer
  }
  return [...lines, line]
}

/** `a · b · c`, broken between the parts where a line is full. */
export function joined(parts: readonly string[], width: number): readonly string[] {
  const lines: string[] = []
  for (const part of parts) {
    const last = lines.at(-1)
    const longer = last === undefined ? part : `${last} · ${part}`
    if (last !== undefined && widthOf(longer) <= width) lines[lines.length - 1] = longer
    else lines.push(part)
  }
  return lines
}

export function indent(lines: readonly string[], by: number): readonly string[] {
  return lines.map((line) => (line === '' ? '' : ' '.repeat(by) + line))
}
