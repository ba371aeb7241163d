/** What `next` answers, and how an answer is put together. */
import type { ModelTerms, SetAside } from './budget.ts'
import type { EventOf, PawlEvent } from './event.ts'
import type { CallState, State, TaskState } from './state.ts'

/** Something that should be under way. The key stays the same for as long as it should. */
export type Action =
  | {
      readonly type: 'decide'
      readonly key: string
      readonly mode: 'run' | 'abort'
      readonly taskId: string
      readonly turn: number
      readonly attempt: number
    }
  | { readonly type: 'judge'; readonly key: string; readonly callId: string; readonly judgementNumber: number }
  | {
      readonly type: 'call'
      readonly key: string
      readonly mode: 'run' | 'abort'
      readonly callId: string
      readonly attempt: number
    }
  | { readonly type: 'verify'; readonly key: string; readonly callId: string; readonly attempt: number }
  /** Looks at a plan that was proposed: every check of `validatePlan`, against the tools that there are now. */
  | { readonly type: 'review'; readonly key: string; readonly version: number }
  /** Hands the result of a call to the processor, where that is a function. */
  | { readonly type: 'process'; readonly key: string; readonly callId: string; readonly attempt: number }
  /** Looks for passages of what has left a task's prompt. */
  | {
      readonly type: 'recall'
      readonly key: string
      readonly taskId: string
      readonly messageSeq: number
      readonly throughSeq: number
    }
  /** Reads what the input of a task refers to, where a part of it stands in an artifact. */
  | {
      readonly type: 'resolve'
      readonly key: string
      readonly taskId: string
      readonly attempt: number
      /** Of the plan: in another one the task may have another input. */
      readonly version: number
    }
  /** Looks whether what a task came to is a result. */
  | { readonly type: 'check'; readonly key: string; readonly taskId: string; readonly attempt: number }

/** The moment, and who asks. */
export type Moment = {
  readonly now: number
  /** The fence of the activation that asks. Intents carry it; what carries an older one is lost. */
  readonly fence: number
  /** The holder of this fence is known to be dead; of the holders before it nothing is known. 0: of none. */
  readonly deadFence: number
  readonly leaseMs: number
  readonly terms: ModelTerms
  /** The pass has gone on for long: what may begin in the next one does. */
  readonly isLong?: boolean
  /** Of the models that are not the agent's own: `planner`, `router`, and specialists by name. */
  readonly otherTerms?: ReadonlyMap<string, ModelTerms>
}

export type Answer = {
  readonly actions: readonly Action[]
  readonly events: readonly PawlEvent[]
  /** When `next` may answer something else without an event; null: never. */
  readonly wakeAt: number | null
}

/** An answer under construction. */
export type OpenAnswer = {
  readonly actions: Action[]
  readonly events: PawlEvent[]
  wakeAt: number | null
  /** What the session waits for, if nothing else is wanted. */
  waitsFor: EventOf<'session_parked'> | null
  /** Slots left under `maxConcurrentCalls`. */
  slots: number
  /** Calls left under the budget's `maxCalls`. */
  callsLeft: number
  /** Calls that tasks of this answer are. */
  newCalls: number
  /** For requests of this answer. */
  readonly setAside: SetAside[]
}

export function openAnswer(state: State): OpenAnswer {
  return {
    actions: [],
    events: [],
    wakeAt: null,
    waitsFor: null,
    slots: state.limits.maxConcurrentCalls - state.index.started.size,
    callsLeft: (state.budget.maxCalls ?? Number.MAX_SAFE_INTEGER) - state.ledger.calls,
    newCalls: 0,
    setAside: [],
  }
}

/** The earliest of several moments. */
export function wakeBy(answer: OpenAnswer, at: number): void {
  answer.wakeAt = answer.wakeAt === null ? at : Math.min(answer.wakeAt, at)
}

/** The session waits for people, if nothing else is wanted; the first that says so says for whom. */
export function park(answer: OpenAnswer, parked: EventOf<'session_parked'>): void {
  answer.waitsFor ??= parked
}

/** Once for each reason, and only where nothing is under way. */
export function parkAtRest(state: State, answer: OpenAnswer): void {
  const { waitsFor, events, actions } = answer
  if (waitsFor === null || events.length > 0 || actions.length > 0) return
  if (state.parked?.reason !== waitsFor.reason) events.push(waitsFor)
}

/** Stays the same for as long as one attempt of a call is under way. */
export function callKey(call: CallState): string {
  return `call:${call.callId}:${call.attempt}`
}

/** The request of the task that is open now, to be made or to be stopped. */
export function decideAction({ taskId, turn }: TaskState, attempt: number, mode: 'run' | 'abort'): Action {
  return { type: 'decide', key: `decide:${taskId}:${turn}:${attempt}`, mode, taskId, turn, attempt }
}
