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

export function createFlow({ width, indent }: { readonly width: number; readonly indent: number }): Flow {
  const margin = ' '.repeat(indent)
  let column = 0
  let word = ''
  let gap = ''
  let isOpen = false
  /** Places the word held back, on this line or the next. */
  const place = (): string => {
    if (word === '') return ''
    const isNext = column > 0 && indent + column + gap.length + widthOf(word) > width
    const lead = column === 0 ? margin : isNext ? `\n${margin}` : gap
    column = (isNext || column === 0 ? 0 : column + gap.length) + widthOf(word)
    const placed = lead + word
    word = ''
    gap = ''
    return placed
  }
  return {
    push: (piece) => {
      isOpen = true
      let text = ''
      for (const token of plain(piece).split(/(\s+)/)) {
        if (token.trim() !== '') word += token
        else if (token !== '') {
          text += place()
          const breaks = token.split('\n').length - 1
          gap = breaks > 0 ? '' : ' '
          if (breaks > 0 && column > 0) text += '\n'.repeat(Math.min(breaks, 2))
          if (breaks > 0) column = 0
        }
      }
      return text
    },
    end: () => {
      const text = place()
      column = 0
      isOpen = false
      return text
    },
    get isOpen() {
      return isOpen
    },
  }
}
