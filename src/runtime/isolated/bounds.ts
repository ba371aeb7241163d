/** When an isolated call may begin, and when it is over, as both sides read it: by the clocks of the machine that they share. */

/** A moment to come, on both clocks: the monotonic one stands still while the machine sleeps, and the other may be set. */
export type Deadline = { readonly epochMs: number; readonly monotonicMs: number }

export type Bounds = {
  /** Its runtime: a process whose parent is another one begins nothing. */
  readonly runtimePid: number
  /** Later than this it begins nothing; null: whenever it is ready. */
  readonly startBy: Deadline | null
  /** Later than this it is ended from its own side, even while its runtime stands still; null: it may take any time. */
  readonly endBy: Deadline | null
}

export type Spans = {
  /** From now; null: it may begin whenever it is ready. */
  readonly startWithinMs: number | null
  /** Its time and its grace, from now; null: it may take any time. */
  readonly endWithinMs: number | null
}

/** For the runtime to end it first, and to say why. */
const SLACK_MS = 1_000

export function boundsOf({ startWithinMs, endWithinMs }: Spans): Bounds {
  // Never past the moment at which others may take the call for lost: that is as much later as it may begin late.
  const slackMs = Math.min(SLACK_MS, startWithinMs ?? SLACK_MS)
  return {
    runtimePid: process.pid,
    startBy: startWithinMs === null ? null : deadlineIn(startWithinMs),
    endBy: endWithinMs === null ? null : deadlineIn(endWithinMs + slackMs),
  }
}

/** Until it, in milliseconds, by the clock that says less; below zero: it is over. */
export function leftUntil({ epochMs, monotonicMs }: Deadline): number {
  const now = deadlineIn(0)
  return Math.min(epochMs - now.epochMs, monotonicMs - now.monotonicMs)
}

/** Calls back once it is over, whatever became of the clocks in between. */
export function whenOver(deadline: Deadline, callback: () => void): void {
  const leftMs = leftUntil(deadline)
  if (leftMs <= 0) return callback()
  setTimeout(() => whenOver(deadline, callback), Math.min(leftMs, LOOK_MS)).unref()
}

/** A timer does not count the sleep of a machine. */
const LOOK_MS = 1_000

/** `hrtime` counts from the same beginning in every process and thread; `performance.now()` does not. */
function deadlineIn(ms: number): Deadline {
  return { epochMs: Date.now() + ms, monotonicMs: Number(process.hrtime.bigint() / 1_000_000n) + ms }
}
