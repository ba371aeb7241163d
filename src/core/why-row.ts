/** What `why` answers with, and what its parts read. */
import type { LogEvent } from './event.ts'
import type { JsonObject } from './json.ts'
import type { CallState, State } from './state.ts'

/** What a row is about. Rows that somebody can do something about carry the commands for it. */
export type WhyAbout =
  | 'approval'
  | 'question'
  | 'unknown_call'
  | 'budget'
  | 'worker'
  | 'model'
  | 'call'
  | 'decision'
  | 'memory'
  | 'ending'
  | 'failure'
  | 'cancel'
  | 'plan'
  | 'task'

export type WhyRow = {
  readonly about: WhyAbout
  /** Of the approval, the call or the task. */
  readonly id?: string
  /** One sentence. */
  readonly says: string
  /** Fields that end in `At` are epoch milliseconds. */
  readonly fields: JsonObject
  /** What can be run, as it is to be typed. Words in capitals are to be filled in. */
  readonly commands: readonly string[]
}

/** Why a session is as it is, from its events alone. */
export type Why = {
  /** `statusWord`: `blocked(approval)`, `done`, … */
  readonly status: string
  /** One sentence. */
  readonly because: string
  /** When it came to this, epoch milliseconds. */
  readonly sinceAt: number
  readonly rows: readonly WhyRow[]
}

/** A log, what it adds up to, and how a person names the session on the command line. */
export type WhyContext = {
  readonly log: readonly LogEvent[]
  readonly state: State
  readonly session: string
}

export function row(about: WhyAbout, says: string, more: Partial<Omit<WhyRow, 'about' | 'says'>> = {}): WhyRow {
  return { about, says, fields: {}, commands: [], ...more }
}

/** `open_refund_case (c3)`. */
export function nameOf({ tool, callId }: CallState): string {
  return `${tool} (${callId})`
}

export function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`
}
