/** One incarnation of a worker, and its lease: enlisted once, renewed at half, never revived. */
import type { Env, Store } from '../ports/index.ts'
import type { StoreClock } from './clock.ts'

export interface Worker {
  readonly workerId: string
  /** On the monotonic clock: false as soon as the lease may have run out. */
  leaseHolds(): boolean
  /** Whether this incarnation has been refused a renewal, or was dismissed. */
  readonly isLost: boolean
  dismiss(): Promise<void>
}

export type WorkerOptions = {
  readonly store: Store
  readonly env: Env
  readonly clock: StoreClock
  readonly leaseMs: number
  /** Called once when the lease is lost. */
  readonly onLost: () => void
}

export async function enlistWorker({ store, env, clock, leaseMs, onLost }: WorkerOptions): Promise<Worker> {
  const workerId = env.uuid()
  let heldUntil = env.monotonic() + leaseMs
  let isLost = false
  let cancelTimer = () => {}
  const lose = () => {
    if (isLost) return
    isLost = true
    cancelTimer()
    onLost()
  }
  const renew = async () => {
    const askedAt = env.monotonic()
    const renewed = await store.renew(workerId, leaseMs).catch(() => null)
    if (isLost) return
    if (renewed?.type === 'refused' || env.monotonic() >= heldUntil) return lose()
    if (renewed !== null) {
      clock.learn(renewed.storeNow)
      // Counted from the question, not from the answer: the store's lease began somewhere between the two.
      heldUntil = askedAt + leaseMs
    }
    cancelTimer = env.setTimer(renewed === null ? leaseMs / 8 : leaseMs / 2, renew)
  }
  const { storeNow } = await store.enlist({ workerId, holder: env.holder, leaseMs })
  clock.learn(storeNow)
  cancelTimer = env.setTimer(leaseMs / 2, renew)
  return {
    workerId,
    leaseHolds: () => !isLost && env.monotonic() < heldUntil,
    get isLost() {
      return isLost
    },
    dismiss: async () => {
      isLost = true
      cancelTimer()
      await store.dismiss(workerId)
    },
  }
}
