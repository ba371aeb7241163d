/** What a plan that has ended has not brought, and why: for the people who asked for it. */
import { cutTo, onOneLine } from './plan-text.ts'
import type { PlanView, TaskView } from './plan-view.ts'

/** Tasks that are named; the rest is counted. */
export const MISSING_TASKS = 20
export const MISSING_NAME_CHARACTERS = 80
export const MISSING_REASON_CHARACTERS = 200

/** `Not done: deploy (failed: …); verify (unreachable because deploy failed).` Empty where nothing is missing. Tasks that only hold others are not named. */
export function missingText({ tasks }: PlanView): string {
  const views = new Map(tasks.map((view) => [view.task.id, view]))
  const parents = new Set(tasks.flatMap(({ task }) => task.parent ?? []))
  const missing = tasks.filter(({ task, status }) => status !== 'completed' && !parents.has(task.id))
  if (missing.length === 0) return ''
  // What has gone wrong, before what could not be reached for it.
  const causes = missing.filter(({ status }) => status !== 'unreachable')
  const inOrder = [...causes, ...missing.filter(({ status }) => status === 'unreachable')]
  const named = inOrder.slice(0, MISSING_TASKS).map((view) => `${nameOf(view)} (${whyOf(view, views)})`)
  const more = missing.length - named.length
  return `Not done: ${named.join('; ')}${more > 0 ? `; and ${more} more` : ''}.`
}

/** A child of a list has the name of all: which of them it is, counted from 1. */
function nameOf({ task }: TaskView): string {
  const name = onOneLine(task.name, MISSING_NAME_CHARACTERS)
  const [, index] = /\/(\d+)$/.exec(task.id) ?? []
  return index === undefined ? name : `${name} ${Number(index) + 1}`
}

function whyOf(view: TaskView, views: ReadonlyMap<string, TaskView>): string {
  const because = view.failure?.message ?? view.reason
  const said = because === undefined ? '' : `: ${onOneLine(because, MISSING_REASON_CHARACTERS)}`
  switch (view.status) {
    case 'unreachable':
      return causeOf(view.blockedBy, views)
    case 'failed':
      return `failed${said}`
    case 'skipped':
      return `skipped${view.reason === undefined ? said : `: ${onOneLine(view.reason, MISSING_REASON_CHARACTERS)}`}`
    case 'cancelled':
      return `cancelled${said}`
    case 'in_progress':
      return 'begun, not finished'
    default:
      return 'not begun'
  }
}

/** `unreachable because deploy failed and migrate was skipped`. */
function causeOf(blockedBy: readonly string[], views: ReadonlyMap<string, TaskView>): string {
  const causes = blockedBy.map((taskId) => {
    const view = views.get(taskId)
    return view === undefined ? `${taskId} is missing` : `${nameOf(view)} ${wordOf(view)}`
  })
  return causes.length === 0
    ? 'unreachable'
    : cutTo(`unreachable because ${causes.join(' and ')}`, MISSING_REASON_CHARACTERS)
}

function wordOf({ status }: TaskView): string {
  return status === 'failed'
    ? 'failed'
    : status === 'skipped' || status === 'cancelled'
      ? `was ${status}`
      : 'has no result'
}
