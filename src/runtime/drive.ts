/**
 * The driver: a reconciler between what `next` says should be under way and what is. Every rule of resuming, cancelling and
 * waiting is an answer of `next`; this loop claims, commits, starts, aborts and rests.
 */
import type { Action, Answer } from '../core/index.ts'
import { type SessionRef, StoreUnclearError } from '../ports/index.ts'
import { type Activation, type Driver, stateOf } from './activation.ts'
import { claimSession } from './claim.ts'
import { isPassing, RETRY_STORE_MS, runAndCommit } from './commit.ts'
import { drain } from './drain.ts'
import { snapshotIfDue } from './load.ts'
import { abort, leave, start } from './perform.ts'

/** `failed`: the store may think that this worker holds the session; it has to be claimed again. */
export type Drove = 'rested' | 'left' | 'must_drive_alone' | 'failed'
export type DriveOptions = {
  readonly alone: boolean
  readonly deadWorkers: readonly string[]
  readonly onActivation: (activation: Activation) => void
}

export async function drive(ref: SessionRef, driver: Driver, options: DriveOptions): Promise<Drove> {
  const claimed = await claimSession(ref, driver, options)
  if (claimed.type !== 'claimed') return claimed.type
  const { activation } = claimed
  options.onActivation(activation)
  try {
    return await reconcile(activation)
  } catch (problem) {
    driver.observer.report(ref, problem)
    leave(activation)
    return 'failed'
  }
}

async function reconcile(activation: Activation): Promise<Drove> {
  const { driver, ref, mailbox, underWay, worker } = activation
  for (;;) {
    if (!worker.leaseHolds()) return leave(activation)
    if (driver.isDraining()) return drain(activation)
    const committed = await runAndCommit(activation)
    if (committed.type === 'fenced') return leave(activation)
    if (committed.type === 'later') await mailbox.pause(RETRY_STORE_MS)
    if (committed.type !== 'committed') continue
    const { answer, at } = committed.pass
    // Told to drain meanwhile.
    if (answer === null) continue
    for (const action of answer.actions) {
      if (isAbort(action)) abort(activation, action)
      else if (underWay.has(action.key)) continue
      else if (driver.wiring.mayStart(activation, action)) start(activation, action)
      else return claimAnew(activation)
    }
    underWay.keepOnly(keysOf(answer))
    await snapshotIfDue(driver.store, ref, activation.loaded).catch((problem) => driver.observer.report(ref, problem))
    // The pass was long enough: what could begin does so in the next.
    if (answer.wakeAt !== null && answer.wakeAt <= at) continue
    if (underWay.size > 0) await mailbox.wait(answer.wakeAt === null ? null : answer.wakeAt - at)
    else if (mailbox.arrived().length === 0) {
      const drove = await rest(activation, answer)
      if (drove !== null) return drove
    }
  }
}

/** Lets go of a session with nothing under way. Null: somebody has written meanwhile, or the store takes nothing now; look again. */
async function rest(activation: Activation, { wakeAt }: Answer): Promise<Drove | null> {
  const { driver, ref, fence, mailbox } = activation
  const version = stateOf(activation).seq
  try {
    if ((await driver.store.release(ref, { fence, version, wakeAt, rested: true })) === 'released') return 'rested'
    const head = await driver.store.head(ref)
    if (head?.fence !== fence) return leave(activation)
    mailbox.poke()
  } catch (problem) {
    if (!isPassing(problem)) throw problem
    // It may be let go of, and be anybody's: who would go on under this fence does not hold it.
    if (problem instanceof StoreUnclearError) return claimAnew(activation)
    await mailbox.pause(RETRY_STORE_MS)
  }
  return null
}

/** What was committed under this fence is another activation's to judge: the lease is over, or the time in which an intent may begin. */
function claimAnew(activation: Activation): Drove {
  leave(activation)
  return 'failed'
}

function isAbort(action: Action): boolean {
  return 'mode' in action && action.mode === 'abort'
}

function keysOf(answer: Answer): ReadonlySet<string> {
  return new Set(answer.actions.map((action) => action.key))
}
