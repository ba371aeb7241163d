/** Where JSON stands in a text that also has words. */

/**
 * The first two pieces of the text that are meant as JSON, as they stand: the content of a fenced block (labelled `json`, or
 * unlabelled and beginning like JSON), or what stands between outermost brackets, if there is a double quote in it; without one it
 * is taken for words (`[1]`, `{name}`). Nothing that is broken gives a smaller piece that is not: a bracket that is never closed
 * takes all the rest, one that was never opened is a piece, and what is not set off from its neighbours (`{…},`) is one with them.
 * Reads the text once.
 */
export function jsonPieces(text: string): readonly string[] {
  const pieces: string[] = []
  for (let at = 0; at < text.length && pieces.length < 2; ) {
    const { piece, end } = nextPiece(text, at)
    if (piece !== null) pieces.push(piece)
    at = end
  }
  return pieces
}

/** What stands at the next mark, and where to read on. */
type Found = { readonly piece: string | null; readonly end: number }

function nextPiece(text: string, from: number): Found {
  markAt.lastIndex = from
  const mark = markAt.exec(text)
  if (mark === null) return { piece: null, end: text.length }
  return mark[0].endsWith('`') ? fenced(text, markAt.lastIndex) : bracketed(text, mark.index)
}

/** A block that is never closed goes on to the end of the text. */
function fenced(text: string, afterTicks: number): Found {
  const lineEnd = text.indexOf('\n', afterTicks)
  const label = text.slice(afterTicks, lineEnd < 0 ? text.length : lineEnd).trim()
  // Ticks with more than a word behind them are code within a line.
  if (!/^\w*$/.test(label)) return { piece: null, end: afterTicks }
  if (lineEnd < 0) return { piece: null, end: text.length }
  closingAt.lastIndex = lineEnd + 1
  const closing = closingAt.exec(text)
  const inside = text.slice(lineEnd + 1, closing?.index)
  const content = (closing === null ? inside.replace(cutTicks, '') : inside).trim()
  const isJson = label === '' ? /^[{["]/.test(content) : label.toLowerCase() === 'json'
  return { piece: isJson ? content : null, end: closing === null ? text.length : closingAt.lastIndex }
}

function bracketed(text: string, start: number): Found {
  const end = endOfBrackets(text, start) ?? text.length
  const group = text.slice(start, end)
  const isStray = /^[\]}]/.test(group)
  if (!isStray && !group.includes('"')) return { piece: null, end }
  const [before, after] = [text.slice(Math.max(0, start - 1), start), text.slice(end, end + 1)]
  // Read together with its neighbours it is no JSON, and the problem names them.
  return { piece: mayPrecede.test(before) && mayFollow.test(after) ? group : before + group + after, end }
}

/** Where the bracket that opens here is closed, strings of JSON left aside; null: nowhere. A stray closing one is closed at once. */
function endOfBrackets(text: string, start: number): number | null {
  let depth = 0
  let isInString = false
  for (let at = start; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (isInString) {
      if (code === BACKSLASH) at += 1
      else if (code === QUOTE) isInString = false
    } else if (code === QUOTE) isInString = true
    else if (code === LEFT_BRACE || code === LEFT_BRACKET) depth += 1
    else if (code === RIGHT_BRACE || code === RIGHT_BRACKET) {
      depth -= 1
      if (depth <= 0) return at + 1
    }
  }
  return null
}

const LEFT_BRACE = 0x7b
const RIGHT_BRACE = 0x7d
const LEFT_BRACKET = 0x5b
const RIGHT_BRACKET = 0x5d
const QUOTE = 0x22
const BACKSLASH = 0x5c

/** Three ticks at the start of a line, or a bracket. A line of JSON within a block never begins with ticks: strings have no line breaks. */
const markAt = /(?<![^\n])[ \t]*```|[{}[\]]/g
const closingAt = /(?<=\n)[ \t]*```/g
/** The ticks that were to close a block, cut off. */
const cutTicks = /\n[ \t]*`{1,2}$/
/** What may touch a value from words around it. */
const mayPrecede = /^[\s`:(*>\u0080-\uffff]?$/
const mayFollow = /^[\s`.;!)*<\u0080-\uffff]?$/
