/** One pass: completions are doubted and folded, then `next` to a fixpoint. Nothing is written and nothing starts here. */
import {
  type Answer,
  type Completion,
  inKeyOrder,
  type Json,
  type Moment,
  openPass,
  type PawlEvent,
} from '../core/index.ts'
import { PawlError } from '../ports/index.ts'
import { type Activation, stateOf } from './activation.ts'
import { judgeCall } from './judge.ts'
import { reviewPlan } from './review-plan.ts'
import { shownTerms } from './shown-terms.ts'
import type { Arrived } from './under-way.ts'

export type Pass = {
  readonly at: number
  readonly events: PawlEvent[]
  /** Completions that this pass has dealt with, whether they became events or were too late. */
  readonly taken: readonly Arrived[]
  /** Null where the worker drains: nothing was asked of `next`, and nothing follows from that. */
  answer: Answer | null
}

/** `next` did not come to rest: a defect of pawl, not of the session. */
export class FixpointError extends PawlError {
  constructor(sessionId: string, events: readonly PawlEvent[]) {
    super(
      'fixpoint',
      `next did not come to rest in session ${sessionId}; its last events: ${events
        .slice(-4)
        .map((event) => event.type)
        .join(', ')}`,
    )
  }
}

export function runPass(activation: Activation): Pass {
  const { driver, loaded, mailbox } = activation
  const { clock, limits } = driver
  openPass(loaded.draft)
  activation.passedAt = driver.env.monotonic()
  const at = Math.max(loaded.draft.state.at, clock.now())
  const pass: Pass = { at, events: [], taken: mailbox.arrived(), answer: null }
  for (const { completion } of pass.taken) foldCompletion(activation, pass, completion)
  if (driver.isDraining()) return pass
  for (let round = 0; ; round += 1) {
    if (round > limits.maxFixpoint) throw new FixpointError(activation.ref.sessionId, pass.events)
    const before = pass.events.length
    const answer = driver.wiring.next(stateOf(activation), momentOf(activation, { at, round }))
    pass.answer = answer
    foldAll(activation, pass, answer.events)
    judgeAtOnce(activation, pass, answer)
    if (pass.events.length === before) return pass
  }
}

/** Rounds after which tasks that could begin wait for the next pass: an endless chain of them is no defect, one pass that never ends is. */
const LONG_ROUNDS = 16

function momentOf(activation: Activation, { at, round }: { at: number; round: number }): Moment {
  const { fence, deadFence, driver, agent } = activation
  const { terms, otherTerms } = shownTerms(agent, stateOf(activation), driver.limits)
  const isLong = round >= LONG_ROUNDS
  return { now: at, fence, deadFence, leaseMs: driver.limits.leaseMs, terms, otherTerms, isLong }
}

function foldCompletion(activation: Activation, pass: Pass, completion: Completion): void {
  const { wiring } = activation.driver
  const handled = wiring.handle(stateOf(activation), wiring.redaction.completion(activation, completion), {
    now: pass.at,
    fence: activation.fence,
  })
  if (handled.type === 'accepted') foldAll(activation, pass, handled.events)
}

function foldAll({ driver, loaded }: Activation, pass: Pass, events: readonly PawlEvent[]): void {
  for (const each of events) {
    const event = asLogged(each)
    driver.wiring.reduce(loaded.draft, event, pass.at)
    pass.events.push(event)
  }
}

/** As it will be read again, down to the order of its keys: what a prompt shows as text is the same before a restart and after it. */
function asLogged(event: PawlEvent): PawlEvent {
  // Events are JSON, and stay what they are in another order.
  return inKeyOrder(event as unknown as Json) as unknown as PawlEvent
}

/** Policies that answer at once are judged inside the pass; one that promises is under way, and causes nothing outside. */
function judgeAtOnce(activation: Activation, pass: Pass, { actions }: Answer): void {
  const { underWay, mailbox } = activation
  for (const action of actions) {
    if (action.type === 'review') foldCompletion(activation, pass, reviewPlan(activation, action))
    if (action.type !== 'judge' || underWay.has(action.key)) continue
    const controller = new AbortController()
    const judged = judgeCall(activation, action, controller.signal)
    if (!(judged instanceof Promise)) {
      foldCompletion(activation, pass, judged)
      continue
    }
    underWay.add(action.key, { action, controller, hasArrived: false })
    judged.then((completion) => {
      if (underWay.get(action.key)?.controller !== controller) return
      underWay.arrived(action.key)
      mailbox.push({ key: action.key, completion })
    })
  }
}
