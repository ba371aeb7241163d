/** The terminal as commands see it. This and `main.ts` are the only files that touch the process. */
import { createStyle, type Style } from './style.ts'

/** Text in a window that is not one (a pipe) is wrapped like this; tables are not cut there. */
const PIPE_WIDTH = 100
/** Of a window that does not say how high it is. */
const USUAL_HEIGHT = 24

export interface Terminal {
  /** What was asked for: tables, JSON. */
  out(text: string): void
  /** Everything beside it: hints, problems. */
  note(text: string): void
  /** Written without a line break: only where `isLive`, and for content that has to stay as it is. */
  raw(text: string): void
  readonly style: Style
  readonly noteStyle: Style
  /** Cells of a line for tables; Infinity in a pipe. */
  readonly width: number
  /** Cells of a line for sentences. */
  readonly textWidth: number
  /** Lines that are seen at once; Infinity in a pipe. */
  readonly height: number
  /** A person sits in front of it: questions can be asked. */
  readonly isInteractive: boolean
  /** Its last line can be rewritten. */
  readonly isLive: boolean
  now(): number
}

export type Environment = { readonly [name: string]: string | undefined }

type Stream = NodeJS.WriteStream

export function processTerminal(environment: Environment): Terminal {
  const { stdin, stdout, stderr } = process
  const widthNow = () => (stdout.isTTY ? stdout.columns || PIPE_WIDTH : Number.POSITIVE_INFINITY)
  return {
    out: (text) => stdout.write(`${text}\n`),
    note: (text) => stderr.write(`${text}\n`),
    raw: (text) => stdout.write(text),
    style: createStyle(isColoured(stdout, environment)),
    noteStyle: createStyle(isColoured(stderr, environment)),
    // A window may be made larger or smaller while something is shown in it.
    get width() {
      return widthNow()
    },
    get textWidth() {
      return Math.min(widthNow(), PIPE_WIDTH)
    },
    get height() {
      return stdout.isTTY ? stdout.rows || USUAL_HEIGHT : Number.POSITIVE_INFINITY
    },
    isInteractive: Boolean(stdin.isTTY && stdout.isTTY) && environment['CI'] === undefined,
    isLive: Boolean(stdout.isTTY) && environment['TERM'] !== 'dumb',
    now: Date.now,
  }
}

/** https://no-color.org: any value but an empty one; FORCE_COLOR wins, as in Node itself. */
function isColoured(stream: Stream, environment: Environment): boolean {
  const { FORCE_COLOR: force, NO_COLOR: none, TERM: term } = environment
  if (force !== undefined && force !== '0' && force !== 'false') return true
  if (force !== undefined || (none !== undefined && none !== '')) return false
  return Boolean(stream.isTTY) && term !== 'dumb'
}
