/** Lines that stay, above one line that is rewritten while something is under way. */
import type { Terminal } from './terminal.ts'

export interface Screen {
  line(text: string): void
  /** A piece of a text that goes on. */
  chunk(text: string): void
  /** What is under way, asked for again and again; null: nothing. */
  status(say: (() => string | null) | null): void
  close(): void
}

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']
const FRAME_MS = 100
const ERASE_LINE = '\r\u001b[2K'

export function createScreen(terminal: Terminal): Screen {
  const { isLive, style } = terminal
  let say: (() => string | null) | null = null
  let isShown = false
  let isMidLine = false
  let frame = 0
  const erase = () => {
    if (isShown) terminal.raw(ERASE_LINE)
    isShown = false
  }
  const draw = () => {
    erase()
    const text = isMidLine ? null : (say?.() ?? null)
    if (text === null) return
    frame = (frame + 1) % FRAMES.length
    terminal.raw(`  ${style.cyan(FRAMES[frame] ?? '')} ${style.dim(text)}`)
    isShown = true
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
