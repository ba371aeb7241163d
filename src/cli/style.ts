/** Colours and marks. Without colour everything still reads: no meaning is in a colour alone. */
import { styleText } from 'node:util'

type Paint = (text: string) => string

export type Style = {
  readonly isColoured: boolean
  readonly bold: Paint
  readonly dim: Paint
  readonly red: Paint
  readonly green: Paint
  readonly yellow: Paint
  readonly cyan: Paint
}

export function createStyle(isColoured: boolean): Style {
  const paint =
    (format: 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan'): Paint =>
    (text) =>
      isColoured && text !== '' ? styleText(format, text, { validateStream: false }) : text
  return {
    isColoured,
    bold: paint('bold'),
    dim: paint('dim'),
    red: paint('red'),
    green: paint('green'),
    yellow: paint('yellow'),
    cyan: paint('cyan'),
  }
}

/** One mark for each way in which something stands. */
export const marks = { ok: '✓', bad: '✗', held: '‖', unknown: '?', note: '·', turn: '▸', warn: '!' } as const

export type Tone = 'good' | 'bad' | 'attention' | 'active' | 'quiet' | 'plain'

/** A word of one of the closed vocabularies, in the tone that it has for people. */
export function toned(style: Style, tone: Tone, text: string): string {
  const paints: { readonly [T in Tone]: Paint } = {
    good: style.green,
    bad: style.red,
    attention: style.yellow,
    active: style.cyan,
    quiet: style.dim,
    plain: (same) => same,
  }
  return paints[tone](text)
}

/** `blocked(approval)` asks for attention, `done` is good, … */
export function statusTone(word: string): Tone {
  if (word === 'done') return 'good'
  if (word === 'failed') return 'bad'
  if (word === 'cancelled' || word === 'erased') return 'quiet'
  return word.startsWith('blocked') ? 'attention' : 'plain'
}
