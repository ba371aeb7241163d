/** Lines of a text, numbered from 1. A line ends behind its line break; a break at the very end begins no further line. */

export function lineCount(text: string): number {
  let lines = 0
  for (let at = 0; at < text.length; at = lineEnd(text, at)) lines += 1
  return lines
}

/** Where the line that stands at `from` ends, its break included. */
export function lineEnd(text: string, from: number): number {
  const at = text.indexOf('\n', from)
  return at < 0 ? text.length : at + 1
}

/** Where a line begins; null: there is no such line. An empty text has a line 1. */
export function lineStart(text: string, line: number): number | null {
  let at = 0
  for (let number = 1; number < line; number += 1) {
    if (at >= text.length) return null
    at = lineEnd(text, at)
  }
  return at < text.length || line === 1 ? at : null
}

/** How many whole lines stand between two places, and where they end. None is whole: `end` is the end given. */
export function wholeLines(text: string, from: number, end: number): { readonly end: number; readonly lines: number } {
  let [at, lines] = [from, 0]
  while (at < end) {
    const next = lineEnd(text, at)
    if (next > end) break
    at = next
    lines += 1
  }
  return { end: lines === 0 ? end : at, lines }
}
