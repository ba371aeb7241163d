/** The one write of a pass, and what each answer of the store means. */
import type { PawlEvent } from '../core/index.ts'
import type { Append, Appended, NewEvent } from '../ports/index.ts'
import { PawlError, StoreFullError, StoreUnavailableError, StoreUnclearError } from '../ports/index.ts'
import { type Activation, stateOf } from './activation.ts'
import { encodeEvent } from './encode.ts'
import { headChange } from './head-change.ts'
import { foldStored, foldTail } from './load.ts'
import { type Pass, runPass } from './pass.ts'

/** `again`: the pass was undone, and the state is up to date. `later`: the store takes nothing now. */
export type Committed =
  | { readonly type: 'committed'; readonly pass: Pass }
  | { readonly type: 'again' }
  | { readonly type: 'fenced' }
  | { readonly type: 'later'; readonly problem: unknown }

/** How long nothing is tried while the store takes nothing. */
export const RETRY_STORE_MS = 500
/** Lost races after which a pass is run under the head row's lock. */
const CONFLICTS_BEFORE_LOCK = 2

export async function runAndCommit(activation: Activation): Promise<Committed> {
  const { driver, mailbox } = activation
  const isPoked = mailbox.takePoke()
  try {
    if (isPoked) await catchUp(activation)
    if (activation.conflicts >= CONFLICTS_BEFORE_LOCK) return await commitLocked(activation)
    const pass = runPass(activation)
    if (pass.events.length === 0) return kept(activation, pass)
    return await settle(activation, pass, await driver.store.append(appendOf(activation, pass)))
  } catch (problem) {
    if (isPoked) mailbox.poke()
    return recover(activation, problem)
  }
}

/** Folds what others have written. */
async function catchUp({ driver, ref, loaded }: Activation): Promise<void> {
  await foldTail(driver.store, ref, { loaded, reduce: driver.wiring.reduce })
}

async function commitLocked(activation: Activation): Promise<Committed> {
  const { driver, ref, loaded } = activation
  let pass: Pass | null = null
  const appended = await driver.store.appendLocked(ref, stateOf(activation).seq, ({ tail }) => {
    foldStored(ref, tail, { loaded, reduce: driver.wiring.reduce })
    pass = runPass(activation)
    return pass.events.length === 0 ? null : appendOf(activation, pass)
  })
  // Assigned by the callback, which the store calls exactly one time before it answers.
  const done = pass as Pass | null
  if (done === null) return { type: 'fenced' }
  return appended.type === 'nothing' ? kept(activation, done) : settle(activation, done, appended)
}

async function settle(activation: Activation, pass: Pass, appended: Appended): Promise<Committed> {
  const { driver, ref } = activation
  if ('storeNow' in appended) driver.clock.learn(appended.storeNow, activation.passedAt)
  if (appended.type === 'appended') {
    warnAt(activation, appended.version, pass.events.length)
    driver.observer.committed(ref)
    return kept(activation, pass)
  }
  undo(activation)
  if (appended.type === 'fenced' || appended.type === 'unknown_session') return { type: 'fenced' }
  activation.conflicts += 1
  await catchUp(activation)
  return { type: 'again' }
}

/** Once, when a log passes `warnEvents`: something may be going round in circles. */
function warnAt({ driver, ref }: Activation, version: number, added: number): void {
  const { warnEvents } = driver.limits
  if (version < warnEvents || version - added >= warnEvents) return
  driver.observer.report(
    ref,
    new PawlError(
      'many_events',
      `session ${ref.sessionId} has ${version} events; look whether it goes round in circles`,
    ),
  )
}

function kept(activation: Activation, pass: Pass): Committed {
  activation.driver.wiring.keepPass(activation.loaded.draft)
  activation.conflicts = 0
  activation.mailbox.remove(pass.taken)
  for (const { key } of pass.taken) activation.underWay.committed(key)
  return { type: 'committed', pass }
}

function undo(activation: Activation): void {
  const { driver, loaded } = activation
  driver.wiring.undoPass(loaded.draft)
  loaded.draft.undos = null
  dropJudgements(activation)
}

/** A judgement under way may be of a state that is gone now, and its number be counted anew: `next` asks for it again. */
function dropJudgements({ underWay, mailbox }: Activation): void {
  for (const [key, { action, controller }] of [...underWay.entries()]) {
    if (action.type !== 'judge') continue
    controller.abort(new Error('the state that was judged is gone'))
    underWay.committed(key)
  }
  mailbox.remove(mailbox.arrived().filter(({ completion }) => completion.type === 'record_verdict'))
}

/** Unclear: nothing starts before the log has shown what was committed. Full or away: nothing was written, and nothing is lost. */
function recover(activation: Activation, problem: unknown): Committed {
  undo(activation)
  if (!isPassing(problem)) throw problem
  if (!(problem instanceof StoreUnclearError)) return { type: 'later', problem }
  activation.mailbox.poke()
  return { type: 'again' }
}

/** Trouble of the store that passes: nothing is lost by trying again. */
export function isPassing(problem: unknown): boolean {
  return [StoreFullError, StoreUnavailableError, StoreUnclearError].some((passing) => problem instanceof passing)
}

function appendOf(activation: Activation, pass: Pass): Append {
  const { ref, fence, loaded } = activation
  const events = pass.events.map(encodeOwn)
  for (const { body } of events) loaded.tailBytes += body.length
  const state = stateOf(activation)
  return { ref, version: state.seq - events.length, fence, at: pass.at, events, head: headChange(state, pass.events) }
}

/** Fence and version keep a driver's events apart; ids of commands are their senders', and none of them may stand in its way. */
function encodeOwn(event: PawlEvent): NewEvent {
  const { commandId: _, ...own } = encodeEvent(event)
  return own
}
