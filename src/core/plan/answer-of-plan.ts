/** What a strict plan that has ended says to whoever asked: its last results, and what is missing. */
import type { Json } from '../json.ts'
import type { State } from '../state.ts'
import { missingText } from './partial-answer.ts'
import type { PlanState, TaskNode } from './plan-state.ts'
import { onOneLine } from './plan-text.ts'
import { isCarriedOut, isPartial } from './progress.ts'
import { resultOf } from './result.ts'
import { planViewOf } from './view-of.ts'

/** Results that are told, where the work ends in several tasks; each as one line of so many characters. */
const MAX_RESULTS = 20
const RESULT_CHARACTERS = 1_000

/** Null: the session's answer is not a plan's. Costs one step for each task, once. */
export function answerOfPlan(state: State): string | null {
  const { plan } = state
  if (plan === null || !isCarriedOut(state)) return null
  const isCutOff = state.ended !== null && state.ended.reason !== 'final_answer'
  const view = isCutOff || isPartial(state) ? planViewOf(state) : null
  const missing = view === null ? '' : missingText(view)
  return [resultsText(state, plan), missing].filter((part) => part !== '').join('\n\n')
}

/** A task that nobody waits for is what the work was for; where there is one, its text is the answer. */
function resultsText(state: State, plan: PlanState): string {
  const told = [...plan.nodes.values()].filter((node) => isLast(plan, node) && node.status === 'completed')
  const [only] = told
  const answer = only === undefined || told.length > 1 ? '' : textOf(resultOf(state, only.task.id))
  if (answer !== '') return answer
  const lines = told.slice(0, MAX_RESULTS).map(({ task }) => {
    const text = onOneLine(textOf(resultOf(state, task.id)), RESULT_CHARACTERS)
    return text === '' ? `- ${task.name}` : `- ${task.name}: ${text}`
  })
  const more = told.length - lines.length
  return [countText(plan), ...lines, ...(more > 0 ? [`- and ${more} more`] : [])].join('\n')
}

function isLast(plan: PlanState, { task, element, dependents }: TaskNode): boolean {
  return element === null && dependents.length === 0 && (task.parent === undefined || !plan.nodes.has(task.parent))
}

function countText({ nodes, goal }: PlanState): string {
  // What others are parts of is no work of its own; the children of a list are that task's work.
  const tasks = [...nodes.values()].filter(
    ({ task, element, children }) => element === null && (children.length === 0 || task.forEach !== undefined),
  )
  const done = tasks.filter(({ status }) => status === 'completed').length
  return `${goal}: completed ${done} of ${tasks.length} tasks.`
}

/** A result that has a schema may carry its text in `text`. Null is what a tool gives that has nothing to say. */
function textOf(result: Json | undefined): string {
  if (result === undefined || result === null || typeof result === 'string') return result ?? ''
  return ownText(result) ?? JSON.stringify(result, inOneOrder)
}

function ownText(result: Json): string | null {
  if (typeof result !== 'object' || result === null || !('text' in result)) return null
  const { text } = result
  return typeof text === 'string' ? text : null
}

/** A result that was read from a store has its keys in another order than the one that the tool gave; its text must not. */
function inOneOrder(_: string, value: Json): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
}
