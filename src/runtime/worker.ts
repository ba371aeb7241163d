/** One incarnation of a worker, and its lease: enlisted once, renewed at half, never revived. */
import { type Env, PawlError, type Store } from '../ports/index.ts'
import type { StoreClock } from './clock.ts'
import { type LoopWatch, noLoopWatch, watchLoop } from './stall/loop-watch.ts'

export interface Worker {
  readonly workerId: string
  /** On the monotonic clock: false as soon as the lease may have run out. */
  leaseHolds(): boolean
  /** Whether this incarnation has been refused a renewal, was dismissed, or has been given up while its event loop stood still. */
  readonly isLost: boolean
  /** Tells the thread that watches the event loop what runs; the answer says that it is over. */
  runs(what: string): () => void
  /** How many sessions it drives now. */
  drives(sessions: number): void
  dismiss(): Promise<void>
}

export type WorkerOptions = {
  readonly store: Store
  readonly env: Env
  readonly clock: StoreClock
  readonly leaseMs: number
  readonly stallMs: number
  /** Called once when the lease is lost. */
  readonly onLost: () => void
  /** Told that the event loop stood still. */
  readonly report: (problem: unknown) => void
}

export async function enlistWorker(options: WorkerOptions): Promise<Worker> {
  const { store, env, clock, leaseMs, onLost } = options
  const workerId = env.uuid()
  let heldUntil = env.monotonic() + leaseMs
  let isLost = false
  let cancelTimer = () => {}
  const lose = () => {
    if (isLost) return
    isLost = true
    cancelTimer()
    watch.stop()
    onLost()
  }
  const renew = async () => {
    const askedAt = env.monotonic()
    const renewed = await store.renew(workerId, leaseMs).catch(() => null)
    if (isLost) return
    if (renewed?.type === 'refused' || env.monotonic() >= heldUntil) return lose()
    if (renewed !== null) {
      clock.learn(renewed.storeNow, askedAt)
      // Counted from the question, not from the answer: the store's lease began somewhere between the two.
      heldUntil = askedAt + leaseMs
    }
    cancelTimer = env.setTimer(renewed === null ? leaseMs / 8 : leaseMs / 2, renew)
  }
  const askedAt = env.monotonic()
  const { storeNow } = await store.enlist({ workerId, holder: env.holder, leaseMs })
  clock.learn(storeNow, askedAt)
  cancelTimer = env.setTimer(leaseMs / 2, renew)
  const watch = watchOf(workerId, options, lose)
  const wasGivenUp = () => watch.givenUpAfterMs > 0
  return {
    workerId,
    leaseHolds: () => !isLost && !wasGivenUp() && env.monotonic() < heldUntil,
    get isLost() {
      return isLost || wasGivenUp()
    },
    runs: watch.runs,
    drives: watch.drives,
    dismiss: async () => {
      isLost = true
      cancelTimer()
      watch.stop()
      await store.dismiss(workerId)
    },
  }
}

/** Where the store can be opened in a thread, and time is real; and only if a stall would be noticed before the lease is over. */
function watchOf(
  workerId: string,
  { store, env, leaseMs, stallMs, report }: WorkerOptions,
  lose: () => void,
): LoopWatch {
  const { inThread } = store
  if (inThread === undefined || env.isRealTime === undefined || stallMs === 0 || stallMs >= leaseMs) return noLoopWatch
  const watch = watchLoop({
    workerId,
    stallMs,
    store: inThread,
    onGivenUp: () => {
      lose()
      report(
        new PawlError(
          'stalled',
          `the event loop stood still for more than ${watch.givenUpAfterMs} ms, so that this worker's sessions were given up to others. Let the tool that blocks it run beside the runtime: isolation: 'process'`,
        ),
      )
    },
  })
  return watch
}
