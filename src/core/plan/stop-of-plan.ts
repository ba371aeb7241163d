/** Whether a plan ends its session, and why. */
import type { State } from '../state.ts'
import type { StopReason } from '../vocabulary.ts'
import { firstAskedAbout } from './escalation.ts'
import { isAtItsEnd, isExecuting, isOver, isOvertaken, isPartial } from './progress.ts'

export function stopOfPlan(state: State): StopReason | null {
  const { plan, planning } = state
  if (plan === null || planning === null || !isExecuting(state)) return null
  if (plan.isAborted) return 'aborted'
  if (isAtItsEnd(state)) return 'replan_limit'
  if (!isOver(plan) || waitsForPeople(state) || isOvertaken(state)) return null
  return isPartial(state) && planning.onPartial === 'fail' ? 'failed' : 'final_answer'
}

/** Failed tasks about which somebody is asked, or is about to be. */
function waitsForPeople(state: State): boolean {
  const { plan, planning } = state
  if (plan === null || planning?.onPartial !== 'ask') return false
  return plan.unasked.size > 0 || firstAskedAbout(state, plan) !== undefined
}
