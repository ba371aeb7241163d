/** What happens to a plan and its tasks, line by line. */
import type { EventOf, PlanEventTable, PlanProblem, State } from '../../core/index.ts'
import { marks, type Style, toned } from '../style.ts'
import { planMarks } from './plan-words.ts'
import { cut, indent, oneLine, shortened, widthOf, wrap } from './text.ts'
import { counted } from './units.ts'

type PlanKind = keyof PlanEventTable | 'task_failed'
type Context = { readonly style: Style; readonly textWidth: number; readonly state: State }

/** Of what somebody else has written about a plan, a task or a choice. */
const TOLD_LINES = 2

export const planLines: {
  readonly [K in PlanKind]: (event: EventOf<K>, context: Context) => readonly string[]
} = {
  route_chosen: ({ route, level, reason }, context) => noted(`${route} · ${level}: ${reason}`, 2, context),
  plan_proposed: ({ version, taskCount, cause, goal }, { style, textWidth }) => {
    const head = `plan ${version}`
    const about = `${counted(taskCount, 'task')} · ${cause.type} · ${oneLine(goal)}`
    const [first = '', ...others] = shortened(about, textWidth - head.length - 3, TOLD_LINES)
    const under = indent(others, head.length + 3).map(style.dim)
    return ['', `${style.cyan(marks.turn)} ${style.bold(head)} ${style.dim(first)}`, ...under]
  },
  plan_tasks_listed: () => [],
  plan_rejected: ({ problems, attempt, by }, context) => {
    const { style } = context
    const who = `attempt ${attempt}${by === undefined ? '' : ` · ${oneLine(by)}`}`
    return [
      `  ${style.red(marks.bad)} refused ${style.dim(who)}`,
      ...problems.flatMap((problem) => problemLines('    ', problem, context)),
    ]
  },
  plan_adopted: ({ warnings }, context) =>
    warnings.flatMap((warning) => problemLines(`  ${context.style.yellow(marks.note)} `, warning, context)),
  plan_step_moved: ({ taskId, status }, context) => taskLines(context, taskId, { status, says: '' }),
  task_started: ({ taskId, attempt, delegated, elements }, context) => {
    const again = attempt > 1 ? `attempt ${attempt}` : ''
    const says = elements === undefined ? again : `${elements} children`
    return taskLines(context, taskId, { status: 'in_progress', says: delegated?.specialist ?? says })
  },
  task_finished: ({ taskId, status, reason }, context) => taskLines(context, taskId, { status, says: reason ?? '' }),
  task_failed: ({ taskId, failure, message }, context) =>
    taskLines(context, taskId, { status: 'failed', says: `${failure} ${message}` }),
  recovery_chosen: ({ action, reason }, context) => noted(`${action}: ${reason}`, 4, context),
}

function noted(text: string, by: number, { style, textWidth }: Context): readonly string[] {
  const lines = shortened(oneLine(text), textWidth - by - 2, TOLD_LINES)
  return indent(
    lines.map((line, index) => `${index === 0 ? marks.note : ' '} ${line}`),
    by,
  ).map(style.dim)
}

/** Whole: a problem says how to mend it. */
function problemLines(front: string, { code, message }: PlanProblem, { style, textWidth }: Context): readonly string[] {
  const indented = widthOf(front)
  const [first = '', ...others] = wrap(`${code} ${oneLine(message)}`, textWidth - indented)
  const rest = first.slice(code.length)
  return [`${front}${style.yellow(code)}${style.dim(rest)}`, ...indent(others, indented).map(style.dim)]
}

type Told = { readonly status: keyof typeof planMarks; readonly says: string }

/** What is said of it stands behind its name, or under it where both are too long. The root has no name but its session's. */
function taskLines({ style, textWidth, state }: Context, taskId: string, { status, says }: Told): readonly string[] {
  const { mark, tone } = planMarks[status]
  const given = state.plan?.nodes.get(taskId)?.task.name ?? state.tasks.get(taskId)?.delegated?.name ?? ''
  const name = taskId === 'root' ? '' : cut(`${taskId} ${oneLine(given)}`.trimEnd(), textWidth - 4)
  const text = oneLine(says)
  const front = `  ${toned(style, tone, mark)} ${name}`
  if (text === '') return [front]
  if (widthOf(name) + widthOf(text) + 1 <= textWidth - 4) return [`${front}${name === '' ? '' : ' '}${style.dim(text)}`]
  const told = shortened(text, textWidth - 4, TOLD_LINES)
  const [first = '', ...others] = name === '' ? told : ['', ...told]
  return [`${front}${style.dim(first)}`, ...indent(others, 4).map(style.dim)]
}
