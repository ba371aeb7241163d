/** Draining is not cancelling: what may run again is aborted, an `unsafe` call may finish within the grace, the session is let go as it was. */
import { type Activation, stateOf } from './activation.ts'
import { RETRY_STORE_MS, runAndCommit } from './commit.ts'
import type { Drove } from './drive.ts'
import { letGo } from './let-go.ts'
import { leave } from './perform.ts'
import type { Entry } from './under-way.ts'

export async function drain(activation: Activation): Promise<Drove> {
  const { driver, underWay, mailbox } = activation
  const until = driver.env.monotonic() + driver.limits.graceMs
  const aborted = new Set<string>()
  for (const [key, entry] of underWay.entries()) {
    if (entry.hasArrived || !mayRunAgain(activation, entry)) continue
    aborted.add(key)
    entry.controller.abort(new Error('the worker is draining'))
  }
  for (;;) {
    forget(activation, aborted)
    const committed = await runAndCommit(activation)
    if (committed.type === 'fenced') return leave(activation)
    const left = until - driver.env.monotonic()
    if (left <= 0 || (underWay.size === 0 && mailbox.arrived().length === 0)) break
    if (committed.type === 'later') await mailbox.pause(Math.min(left, RETRY_STORE_MS))
    else if (committed.type === 'committed') await mailbox.wait(left)
  }
  leave(activation)
  const { fence, loaded } = activation
  await letGo(driver.store, activation.ref, { fence, version: loaded.draft.state.seq, wakeAt: driver.clock.now() })
  return 'left'
}

/** What was aborted so that it can run again leaves no outcome; it was only waited for. */
function forget({ mailbox, underWay }: Activation, aborted: ReadonlySet<string>): void {
  const done = mailbox.arrived().filter(({ key }) => aborted.has(key))
  mailbox.remove(done)
  for (const { key } of done) underWay.committed(key)
}

function mayRunAgain(activation: Activation, { action }: Entry): boolean {
  if (action.type !== 'call') return true
  return stateOf(activation).calls.get(action.callId)?.effect !== 'unsafe'
}
