/** Views of a state for people. All derived, nothing stored. */
import { ROOT_TASK, type State } from './state.ts'
import { type BlockedReason, never, type Status, type StopReason, type WaitingReason } from './vocabulary.ts'

/** What a head row lets in without reading the state. `extend`: only more budget reopens it. */
export type Gate = 'open' | 'message' | 'extend' | 'final'

export function status(state: State): Status {
  if (state.ended !== null) return endedStatus(state.ended.reason)
  if (state.parked !== null) return parkedStatus(state.parked.reason)
  if (isBackingOff(state)) return { type: 'waiting', reason: 'timer' }
  return { type: 'running' }
}

function parkedStatus(reason: BlockedReason | WaitingReason): Status {
  return reason === 'job' || reason === 'timer' ? { type: 'waiting', reason } : { type: 'blocked', reason }
}

/** One table from stop reason to status. */
export function endedStatus(reason: StopReason): Status {
  switch (reason) {
    case 'final_answer':
      return { type: 'done', reason }
    case 'cancelled':
      return { type: 'cancelled', reason }
    case 'turn_budget':
    case 'token_budget':
    case 'cost_cap':
    case 'wall_clock':
    case 'event_limit':
    case 'replan_limit':
    case 'aborted':
    case 'failed':
      return { type: 'failed', reason }
    default:
      return never(reason)
  }
}

export function gateOf(state: State): Gate {
  if (state.ended === null) return 'open'
  switch (state.ended.reason) {
    case 'final_answer':
    case 'turn_budget':
    case 'wall_clock':
    case 'replan_limit':
      return 'message'
    case 'token_budget':
    case 'cost_cap':
    case 'event_limit':
      return 'extend'
    case 'cancelled':
    case 'failed':
    case 'aborted':
      return 'final'
    default:
      return never(state.ended.reason)
  }
}

/** The last thing that the agent said to the user. */
export function finalText(state: State): string {
  if (state.ended?.closing) return state.ended.closing
  const last = state.transcript.findLast((entry) => entry.type === 'assistant')
  if (last?.type !== 'assistant') return ''
  return last.parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('')
}

/** `done`, `blocked(approval)`: one word for lists and heads. */
export function statusWord(value: Status): string {
  return value.type === 'blocked' || value.type === 'waiting' ? `${value.type}(${value.reason})` : value.type
}

/** A turn, or all that is left of a plan, is to be tried again later. */
function isBackingOff({ tasks, plan }: State): boolean {
  const root = tasks.get(ROOT_TASK)
  if (root?.phase === 'executing' && plan !== null)
    return plan.running.size === 0 && plan.retrying.size > 0 && plan.ready.length === 0 && plan.request === null
  return root?.phase === 'decide' && root.retryAt !== null
}
