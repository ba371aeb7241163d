/**
 * The driver: a reconciler between what `next` says should be under way and what is. Every rule of resuming, cancelling and
 * waiting is an answer of `next`; this loop claims, commits, starts, aborts and rests.
 */
import type { Action, Answer } from '../core/index.ts'
import type { SessionRef } from '../ports/index.ts'
import { type Activation, type Driver, stateOf } from './activation.ts'
import { claimSession } from './claim.ts'
import { runAndCommit } from './commit.ts'
import { drain } from './drain.ts'
import { foldTail, snapshotIfDue } from './load.ts'
import { abort, leave, start } from './perform.ts'

/** While the store takes nothing. */
const RETRY_STORE_MS = 500

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
    if (mailbox.takePoke())
      await foldTail(driver.store, ref, { loaded: activation.loaded, reduce: driver.wiring.reduce })
    const committed = await runAndCommit(activation)
    if (committed.type === 'fenced') return leave(activation)
    if (committed.type === 'later') await mailbox.wait(RETRY_STORE_MS)
    if (committed.type !== 'committed') continue
    const { answer, at } = committed.pass
    for (const action of answer.actions) {
      if (isAbort(action)) abort(activation, action)
      else if (underWay.has(action.key)) continue
      else if (driver.wiring.mayStart(activation, action)) start(activation, action)
      else return leave(activation)
    }
    underWay.keepOnly(keysOf(answer))
    await snapshotIfDue(driver.store, ref, activation.loaded)
    if (underWay.size > 0) await mailbox.wait(answer.wakeAt === null ? null : answer.wakeAt - at)
    else if (mailbox.arrived().length === 0 && (await rest(activation, answer))) return 'rested'
  }
}

/** Lets go of a session with nothing under way; refused when somebody has written meanwhile. */
async function rest(activation: Activation, { wakeAt }: Answer): Promise<boolean> {
  const { driver, ref, fence, mailbox } = activation
  const released = await driver.store.release(ref, { fence, version: stateOf(activation).seq, wakeAt, rested: true })
  if (released === 'released') return true
  mailbox.poke()
  return false
}

function isAbort(action: Action): boolean {
  return 'mode' in action && action.mode === 'abort'
}

function keysOf(answer: Answer): ReadonlySet<string> {
  return new Set(answer.actions.map((action) => action.key))
}
