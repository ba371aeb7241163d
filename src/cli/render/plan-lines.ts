/** What happens to a plan and its tasks, line by line. */
import type { EventOf, PlanEventTable, State } from '../../core/index.ts'
import { marks, type Style, toned } from '../style.ts'
import { planMarks } from './plan-words.ts'
import { oneLine } from './text.ts'

type PlanKind = keyof PlanEventTable | 'task_failed'
type Context = { readonly style: Style; readonly state: State }

export const planLines: {
  readonly [K in PlanKind]: (event: EventOf<K>, context: Context) => readonly string[]
} = {
  route_chosen: ({ route, level, reason }, { style }) => [
    style.dim(`  ${marks.note} ${route} · ${level}: ${oneLine(reason)}`),
  ],
  plan_proposed: ({ version, taskCount, cause, goal }, { style }) => {
    const tasks = `${taskCount} task${taskCount === 1 ? '' : 's'}`
    const head = `${style.cyan(marks.turn)} ${style.bold(`plan ${version}`)}`
    return ['', `${head} ${style.dim(`${tasks} · ${cause.type} · ${oneLine(goal)}`)}`]
  },
  plan_tasks_listed: () => [],
  plan_rejected: ({ problems, attempt, by }, { style }) => [
    `  ${style.red(marks.bad)} refused ${style.dim(`attempt ${attempt}${by === undefined ? '' : ` · ${by}`}`)}`,
    ...problems.map(({ code, message }) => `    ${style.yellow(code)} ${style.dim(oneLine(message))}`),
  ],
  plan_adopted: ({ warnings }, { style }) =>
    warnings.map(({ code, message }) => `  ${style.yellow(marks.note)} ${code} ${style.dim(oneLine(message))}`),
  plan_step_moved: ({ taskId, status }, context) => [taskLine(context, taskId, { status, says: '' })],
  task_started: ({ taskId, attempt, delegated, elements }, context) => {
    const again = attempt > 1 ? `attempt ${attempt}` : ''
    const says = elements === undefined ? again : `${elements} children`
    return [taskLine(context, taskId, { status: 'in_progress', says: delegated?.specialist ?? says })]
  },
  task_finished: ({ taskId, status, reason }, context) => [taskLine(context, taskId, { status, says: reason ?? '' })],
  task_failed: ({ taskId, failure, message }, context) => [
    taskLine(context, taskId, { status: 'failed', says: `${failure} ${message}` }),
  ],
  recovery_chosen: ({ action, reason }, { style }) => [style.dim(`    ${marks.note} ${action}: ${oneLine(reason)}`)],
}

type Told = { readonly status: keyof typeof planMarks; readonly says: string }

/** The root has no name but its session's. */
function taskLine({ style, state }: Context, taskId: string, { status, says }: Told): string {
  const { mark, tone } = planMarks[status]
  const name = state.plan?.nodes.get(taskId)?.task.name ?? state.tasks.get(taskId)?.delegated?.name ?? ''
  const task = taskId === 'root' ? '' : `${taskId} ${oneLine(name)} `
  return `  ${toned(style, tone, mark)} ${task}${style.dim(oneLine(says))}`.trimEnd()
}
