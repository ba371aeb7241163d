/** What `next` answers, and how an answer is put together. */
import type { ModelTerms } from './budget.ts'
import type { PawlEvent } from './event.ts'
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

/** The moment, and who asks. */
export type Moment = {
  readonly now: number
  /** The fence of the activation that asks. Intents carry it; what carries an older one is lost. */
  readonly fence: number
  /** The holder of this fence is known to be dead; of the holders before it nothing is known. 0: of none. */
  readonly deadFence: number
  readonly leaseMs: number
  readonly terms: ModelTerms
}

export type Answer = {
  readonly actions: readonly Action[]
  readonly events: readonly PawlEvent[]
  /** When `next` may answer something else without an event; null: never. */
  readonly wakeAt: number | null
}

/** An answer under construction. */
export type Plan = { readonly actions: Action[]; readonly events: PawlEvent[]; wakeAt: number | null }

/** The earliest of several moments. */
export function wakeBy(plan: Plan, at: number): void {
  plan.wakeAt = plan.wakeAt === null ? at : Math.min(plan.wakeAt, at)
}

/** Parks a session that waits for people, once for each reason. */
export function park(state: State, plan: Plan, parked: Extract<PawlEvent, { type: 'session_parked' }>): void {
  if (plan.events.length > 0 || plan.actions.length > 0) return
  if (state.parked?.reason === parked.reason) return
  plan.events.push(parked)
}

/** Stays the same for as long as one attempt of a call is under way. */
export function callKey(call: CallState): string {
  return `call:${call.callId}:${call.attempt}`
}

/** The request of the task that is open now, to be made or to be stopped. */
export function decideAction({ taskId, turn }: TaskState, attempt: number, mode: 'run' | 'abort'): Action {
  return { type: 'decide', key: `decide:${taskId}:${turn}:${attempt}`, mode, taskId, turn, attempt }
}
