/** Draining is not cancelling: what may run again is aborted, an `unsafe` call may finish within the grace, the session is let go as it was. */
import { type Activation, stateOf } from './activation.ts'
import { runAndCommit } from './commit.ts'
import type { Drove } from './drive.ts'
import { leave } from './perform.ts'
import type { Entry } from './under-way.ts'

export async function drain(activation: Activation): Promise<Drove> {
  const { driver, ref, fence, underWay, mailbox } = activation
  const until = driver.env.monotonic() + driver.limits.graceMs
  for (const [key, entry] of [...underWay.entries()]) {
    if (entry.hasArrived || !mayRunAgain(activation, entry)) continue
    entry.controller.abort(new Error('the worker is draining'))
    underWay.committed(key)
  }
  for (;;) {
    mailbox.takePoke()
    const committed = await runAndCommit(activation)
    if (committed.type === 'fenced') return leave(activation)
    const left = until - driver.env.monotonic()
    if (left <= 0 || (underWay.size === 0 && mailbox.arrived().length === 0)) break
    if (committed.type !== 'again') await mailbox.wait(left)
  }
  leave(activation)
  await driver.store.release(ref, {
    fence,
    version: stateOf(activation).seq,
    wakeAt: driver.clock.now(),
    rested: false,
  })
  return 'left'
}

function mayRunAgain(activation: Activation, { action }: Entry): boolean {
  if (action.type !== 'call') return true
  return stateOf(activation).calls.get(action.callId)?.effect !== 'unsafe'
}
