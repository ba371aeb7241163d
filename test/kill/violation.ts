/** The checks of a round, each by its name: a planted bug says which of them must notice it. */
export type CheckName =
  /** What was acknowledged stands in the log. */
  | 'acknowledged'
  /** The hash chain holds, and ends where the head says. */
  | 'chain'
  /** Folding the log gives the state that snapshot, head and lists show. */
  | 'fold'
  /** An attempt has one outcome, and only an unknown one is settled, once. */
  | 'outcomes'
  /** No intent after a cancel, or after the end. */
  | 'cancel'
  /** Nothing that needs a person starts without an approval of exactly that. */
  | 'approval'
  /** A lost fence commits nothing. */
  | 'fence'
  /** No effect without its intent, and each attempt begins once. */
  | 'intent'
  /** An idempotent effect lands once per key. */
  | 'lands_once'
  /** An unsafe tool is never started twice by itself. */
  | 'starts_once'
  /** What the log says of an effect is so. */
  | 'truth'
  /** Every session ends, blocks or waits. */
  | 'rest'
  /** What a message revived goes on. */
  | 'revival'
  /** Nothing starts when the lease is over, or after `startBy`. */
  | 'late_start'
  /** No write reaches the world after `startBy`. */
  | 'late_begin'
  /** What is drained holds nothing, and others go on with it at once. */
  | 'released'
  /** A drain is over within the grace, begins nothing, and loses no call that was answered in it. */
  | 'drain'
  /** Workers end only where they are killed or drained, and have nothing to complain of. */
  | 'worker'
  /** Nothing is thrown at people but what the store's contract says. */
  | 'people'

export type Violation = { readonly check: CheckName; readonly sessionId: string; readonly found: string }
