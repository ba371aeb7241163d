/** Draining is not cancelling: what may run again is aborted, an `unsafe` call may finish within the grace, the session is let go as it was. */
import { type Activation, stateOf } from './activation.ts'
import { RETRY_STORE_MS, runAndCommit } from './commit.ts'
import type { Drove } from './drive.ts'
import { foldTail } from './load.ts'
import { leave } from './perform.ts'
import type { Entry } from './under-way.ts'

const MAX_RELEASES = 8

export async function drain(activation: Activation): Promise<Drove> {
  const { driver, underWay, mailbox } = activation
  const until = driver.env.monotonic() + driver.limits.graceMs
  for (const [key, entry] of [...underWay.entries()]) {
    if (entry.hasArrived || !mayRunAgain(activation, entry)) continue
    entry.controller.abort(new Error('the worker is draining'))
    underWay.committed(key)
  }
  for (;;) {
    const committed = await runAndCommit(activation)
    if (committed.type === 'fenced') return leave(activation)
    const left = until - driver.env.monotonic()
    if (left <= 0 || (underWay.size === 0 && mailbox.arrived().length === 0)) break
    if (committed.type === 'later') await mailbox.pause(Math.min(left, RETRY_STORE_MS))
    else if (committed.type === 'committed') await mailbox.wait(left)
  }
  leave(activation)
  await letGo(activation)
  return 'left'
}

/** Refused where a late outcome came between; the session is let go as it was, so that nobody takes the end for a death. */
async function letGo({ driver, ref, fence, loaded }: Activation): Promise<void> {
  for (let tries = 0; tries < MAX_RELEASES; tries += 1) {
    const version = loaded.draft.state.seq
    const wakeAt = driver.clock.now()
    if ((await driver.store.release(ref, { fence, version, wakeAt, rested: false })) === 'released') return
    await foldTail(driver.store, ref, { loaded, reduce: driver.wiring.reduce })
  }
}

function mayRunAgain(activation: Activation, { action }: Entry): boolean {
  if (action.type !== 'call') return true
  return stateOf(activation).calls.get(action.callId)?.effect !== 'unsafe'
}
