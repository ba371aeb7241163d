/** Lines that stay, above some that are rewritten while something is under way. */
import type { Terminal } from './terminal.ts'

/** What is under way: lines that are given as they are, and behind them one sentence with a mark that turns. */
export type UnderWay = { readonly lines: readonly string[]; readonly text: string | null }

export interface Screen {
  line(text: string): void
  /** A piece of a text that goes on. */
  chunk(text: string): void
  /** What is under way, asked for again and again; null: nothing. */
  status(say: (() => UnderWay) | null): void
  close(): void
}

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']
const FRAME_MS = 100
const ERASE_LINE = '\u001b[K'
const ERASE_BELOW = '\u001b[J'
/** While it is off, a line that is wider on this terminal than we count (some emoji are) is cut there, and takes one row as we count. */
const WRAP_OFF = '\u001b[?7l'
const WRAP_ON = '\u001b[?7h'

export function createScreen(terminal: Terminal): Screen {
  const { isLive, style } = terminal
  let say: (() => UnderWay) | null = null
  let shown: readonly string[] = []
  let isMidLine = false
  let frame = 0
  const toTop = () => `\r${shown.length > 1 ? `\u001b[${shown.length - 1}A` : ''}`
  const erase = () => {
    if (shown.length > 0) terminal.raw(`${toTop()}${ERASE_BELOW}`)
    shown = []
  }
  const draw = () => {
    if (isMidLine || say === null) return erase()
    const { lines, text } = say()
    frame = (frame + 1) % FRAMES.length
    const next = text === null ? lines : [...lines, `  ${style.cyan(FRAMES[frame] ?? '')} ${style.dim(text)}`]
    if (next.length === 0) return erase()
    // In one piece, and line over line: nothing flickers.
    const drawn = next.map((line) => `${line}${ERASE_LINE}`).join('\n')
    terminal.raw(`${toTop()}${WRAP_OFF}${drawn}${WRAP_ON}${ERASE_BELOW}`)
    shown = next
  }
  const timer = isLive ? setInterval(draw, FRAME_MS) : null
  const endLine = () => {
    erase()
    if (isMidLine) terminal.raw('\n')
    isMidLine = false
  }
  return {
    line: (text) => {
      endLine()
      terminal.out(text)
    },
    chunk: (text) => {
      if (text === '') return
      erase()
      terminal.raw(text)
      isMidLine = true
    },
    status: (next) => {
      say = next
    },
    close: () => {
      if (timer !== null) clearInterval(timer)
      say = null
      endLine()
    },
  }
}
