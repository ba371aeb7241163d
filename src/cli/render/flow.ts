/** Text that arrives in pieces, wrapped and indented as it comes. */
import { plain, widthOf } from './text.ts'

export interface Flow {
  /** What to write for one more piece; a word that may go on is held back. */
  push(piece: string): string
  /** What is still held back. */
  end(): string
  /** True from the first piece until `end`. */
  readonly isOpen: boolean
}

type Line = { column: number; word: string; breaks: number; isSpaced: boolean; isOpen: boolean }

export function createFlow({ width, indent }: { readonly width: number; readonly indent: number }): Flow {
  const margin = ' '.repeat(indent)
  const room = width - indent
  const line: Line = { column: 0, word: '', breaks: 0, isSpaced: false, isOpen: false }
  return {
    push: (piece) => {
      line.isOpen = true
      const tokens = plain(piece).split(/(\s+)/)
      return tokens.map((token) => take(line, token, { margin, room })).join('')
    },
    end: () => {
      const text = place(line, { margin, room })
      Object.assign(line, { column: 0, breaks: 0, isSpaced: false, isOpen: false })
      return text
    },
    get isOpen() {
      return line.isOpen
    },
  }
}

type Box = { readonly margin: string; readonly room: number }

function take(line: Line, token: string, box: Box): string {
  if (token.trim() !== '') {
    line.word += token
    return ''
  }
  const placed = place(line, box)
  // A line break that comes alone and one that comes with the next piece are the same paragraph's end.
  line.breaks += token.split('\n').length - 1
  line.isSpaced ||= token !== ''
  return placed
}

/** Places the word held back: on this line, the next, or behind an empty one. */
function place(line: Line, { margin, room }: Box): string {
  const { column, word, breaks, isSpaced } = line
  if (word === '') return ''
  const size = widthOf(word)
  const gap = isSpaced ? ' ' : ''
  const isNext = breaks > 0 || column + gap.length + size > room
  const lead = column === 0 ? margin : isNext ? `${'\n'.repeat(Math.max(1, Math.min(2, breaks)))}${margin}` : gap
  Object.assign(line, {
    column: column === 0 || isNext ? size : column + gap.length + size,
    word: '',
    breaks: 0,
    isSpaced: false,
  })
  return lead + word
}
