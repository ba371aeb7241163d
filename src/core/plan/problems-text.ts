/** The message that sends a plan back to whoever made it. */
import type { PlanProblem } from './plan.ts'
import { MESSAGE_CHARACTERS, onOneLine } from './plan-text.ts'

/** Problems that are told at once; the rest is counted. */
export const TOLD_PROBLEMS = 20
/** Tasks that are named beside one problem. */
export const TOLD_TASKS = 12

/** One numbered line a problem: its code, the tasks, and how to mend it. */
export function problemsText(problems: readonly PlanProblem[]): string {
  const told = problems.slice(0, TOLD_PROBLEMS)
  const more = problems.length - told.length
  return [
    `The plan cannot be carried out: ${problems.length} problem${problems.length === 1 ? '' : 's'}.`,
    ...told.map((problem, index) => `${index + 1}. ${lineOf(problem)}`),
    ...(more > 0 ? [`And ${more} more.`] : []),
    'Give the whole answer again, with all of this mended.',
  ].join('\n')
}

function lineOf({ code, tasks, message }: PlanProblem): string {
  const named = tasks.slice(0, TOLD_TASKS).map((taskId) => onOneLine(taskId, 64))
  const arrow = code === 'cycle' ? ' → ' : ', '
  const where = named.length === 0 ? '' : ` (${named.join(arrow)}${tasks.length > named.length ? `${arrow}…` : ''})`
  return `${code}${where}: ${onOneLine(message, MESSAGE_CHARACTERS)}`
}
