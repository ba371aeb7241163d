/** What is wrong with a plan, in words: for a model that made it, and for people. */
import type { PlanProblem } from './plan.ts'
import { MESSAGE_CHARACTERS, onOneLine } from './plan-text.ts'

/** Problems that are told at once; the rest is counted. */
export const TOLD_PROBLEMS = 20
/** Tasks that are named beside one problem. */
export const TOLD_TASKS = 12

/** The message that sends a plan back to the model that made it. */
export function problemsText(problems: readonly PlanProblem[]): string {
  const count = `${problems.length} problem${problems.length === 1 ? '' : 's'}`
  return [
    `The plan cannot be carried out: ${count}.`,
    problemsSaid(problems),
    'Give the whole answer again, with all of this mended.',
  ].join('\n')
}

/** One numbered line a problem: its code, the tasks, and how to mend it. */
export function problemsSaid(problems: readonly PlanProblem[]): string {
  const told = problems.slice(0, TOLD_PROBLEMS)
  const more = problems.length - told.length
  const lines = told.map((problem, index) => `${index + 1}. ${lineOf(problem)}`)
  return [...lines, ...(more > 0 ? [`And ${more} more.`] : [])].join('\n')
}

function lineOf({ code, tasks, message }: PlanProblem): string {
  const named = tasks.slice(0, TOLD_TASKS).map((taskId) => onOneLine(taskId, 64))
  const arrow = code === 'cycle' ? ' → ' : ', '
  const where = named.length === 0 ? '' : ` (${named.join(arrow)}${tasks.length > named.length ? `${arrow}…` : ''})`
  return `${code}${where}: ${onOneLine(message, MESSAGE_CHARACTERS)}`
}
