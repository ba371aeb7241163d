/** What a worker is told, and what it tells: one line of JSON each. */
export type Mode = 'kill' | 'freeze' | 'term'

/** What a worker is to work on. */
export type WorkerOrders = {
  readonly mode: Mode
  /** Of the round: what its worker says by itself follows from it. */
  readonly seed: string
  readonly storePath: string
  readonly ledgerPort: number
  readonly deathsAreHidden: boolean
  /** Sends messages of its own while it works, and says what was acknowledged. */
  readonly speaks: boolean
  /** What a second SIGTERM does: ask for the same drain again, or quit at once like the command line. */
  readonly secondTerm: 'waits' | 'quits'
  readonly bug: string | null
}

/** `rest`: stop, close the file, and wait for other orders. */
export type Told = { readonly type: 'work'; readonly orders: WorkerOrders } | { readonly type: 'rest' }

/** What the worker's runtime did, as it stood around the ports. All times are epoch milliseconds. */
export type Tells =
  /** A driver's append stands: the events `from` to `to`, under this fence. */
  | {
      readonly type: 'appended'
      readonly sessionId: string
      readonly fence: number
      readonly from: number
      readonly to: number
    }
  | { readonly type: 'claimed'; readonly sessionId: string; readonly fence: number; readonly at: number }
  /** A tool was entered; `allowedAt`: when the driver had looked at its lease. */
  | {
      readonly type: 'entered'
      readonly sessionId: string
      readonly callId: string
      readonly attempt: number
      readonly isUnsafe: boolean
      readonly startBy: number
      readonly allowedAt: number
      readonly at: number
    }
  /** An intent was handed to the store after the worker had been asked to drain. */
  | { readonly type: 'began_anew'; readonly sessionId: string; readonly kinds: string }
  | { readonly type: 'acknowledged'; readonly sessionId: string; readonly commandId: string; readonly seq: number }
  | { readonly type: 'working' }
  | { readonly type: 'draining' }
  | { readonly type: 'drained'; readonly ms: number }
  | { readonly type: 'rested' }
