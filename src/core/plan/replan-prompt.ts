/** What a planner is asked with when a part of a plan has failed: what is done, what is left, and what was tried. */
import { quoteText } from '../mark-external.ts'
import { never } from '../vocabulary.ts'
import type { PlanProblem } from './plan.ts'
import type { PlannerPrompt } from './plan-prompt.ts'
import {
  cutTo,
  jsonText,
  MESSAGE_CHARACTERS,
  moreThan,
  NAME_CHARACTERS,
  onOneLine,
  type Room,
  shareOf,
} from './plan-text.ts'
import type { PlanView, ShownStatus, TaskView } from './plan-view.ts'
import { limitsSection, type PlannerMeans, specialistsSection, toolsSection } from './planner-means.ts'
import { replanRules } from './planner-rules.ts'
import { problemsText } from './problems-text.ts'
import { type TriedCall, triedLines } from './tried.ts'

export type ReplanRequest = Omit<PlannerMeans, 'mode'> & {
  readonly view: PlanView
  /** The tasks that it is planned anew for, with the calls of all their attempts. */
  readonly failures: readonly { readonly taskId: string; readonly tried: readonly TriedCall[] }[]
  /** The failed task is to be taken apart into smaller ones, and nothing else to be planned. */
  readonly decompose?: boolean
  /** After this one. */
  readonly replansLeft: number
  /** Of the planner's last answer, where that was refused. */
  readonly problems?: readonly PlanProblem[]
}

/** Characters of all results together, and of one. */
export const REPLAN_RESULTS: Room = { total: 24_000, mostEach: 1_000, leastEach: 40 }
/** Characters of all tasks that are left, as JSON, and of one. */
export const REPLAN_TASKS: Room = { total: 48_000, mostEach: 4_000, leastEach: 120 }
/** Tasks that one section names. */
export const REPLAN_TASKS_SHOWN = 200
export const REPLAN_GOAL_CHARACTERS = 4_000

export function replanPrompt(request: ReplanRequest): PlannerPrompt {
  const { view, problems = [], replansLeft } = request
  const left = `what is left can be planned anew ${replansLeft} more time${replansLeft === 1 ? '' : 's'} after this`
  return {
    instructions: replanRules(view.mode, request.decompose ?? false),
    text: [
      `[GOAL]\n${quoteText(cutTo(view.goal, REPLAN_GOAL_CHARACTERS))}`,
      ...(view.notes === undefined ? [] : [`[NOTES]\n${quoteText(cutTo(view.notes, REPLAN_GOAL_CHARACTERS))}`]),
      ...standingSections(view),
      failedSection(request),
      specialistsSection(request.specialists),
      toolsSection(request.tools),
      limitsSection({ mode: view.mode, limits: request.limits }, [left]),
      askFor(request),
      ...(problems.length === 0 ? [] : [`[YOUR LAST ANSWER]\n${problemsText(problems)}`]),
    ].join('\n\n'),
  }
}

/** How a planner is told of a status; null: among the failed ones. */
type Section = (typeof sections)[number]
const sections = ['COMPLETED', 'SKIPPED', 'UNDER WAY', 'REMAINING', 'UNREACHABLE', 'CANCELLED'] as const

function sectionOf(status: ShownStatus): Section | null {
  switch (status) {
    case 'completed':
      return 'COMPLETED'
    case 'in_progress':
      return 'UNDER WAY'
    case 'skipped':
      return 'SKIPPED'
    case 'cancelled':
      return 'CANCELLED'
    case 'ready':
    case 'pending':
      return 'REMAINING'
    case 'unreachable':
      return 'UNREACHABLE'
    case 'failed':
      return null
    default:
      return never(status)
  }
}

/** What a task with `forEach` was started for is told by that task alone. */
function standingSections(view: PlanView): readonly string[] {
  const spread = new Set(view.tasks.flatMap(({ task }) => (task.forEach === undefined ? [] : [task.id])))
  const tasks = view.tasks.filter(({ task }) => task.parent === undefined || !spread.has(task.parent))
  const unfinished = tasks.filter(({ status }) => status !== 'completed')
  const needed = new Set(unfinished.flatMap(({ task }) => task.dependsOn))
  return sections.flatMap((section) => {
    const all = tasks.filter(({ status }) => sectionOf(status) === section)
    if (all.length === 0) return section === 'COMPLETED' ? ['[COMPLETED] nothing'] : []
    const shown = mostNeeded(all, needed)
    const lines = linesOf(section, shown).map((line) => `> ${line}`)
    return [[`[${section}]`, ...lines, ...moreThan(shown.length, all.length, 'tasks')].join('\n')]
  })
}

/** Those that others wait for before the rest; in plan order. */
function mostNeeded(all: readonly TaskView[], needed: ReadonlySet<string>): readonly TaskView[] {
  if (all.length <= REPLAN_TASKS_SHOWN) return all
  const first = all.toSorted((one, other) => Number(needed.has(other.task.id)) - Number(needed.has(one.task.id)))
  const chosen = new Set(first.slice(0, REPLAN_TASKS_SHOWN))
  return all.filter((view) => chosen.has(view))
}

/** What stays is named; what is left is shown whole, so that it can be planned again as it was. */
function linesOf(section: Section, views: readonly TaskView[]): readonly string[] {
  switch (section) {
    case 'COMPLETED':
      return shared(views, REPLAN_RESULTS, ({ result }) => (result === undefined ? 'no result' : jsonText(result))).map(
        (result, index) => `${titleOf(views[index])} → ${result}`,
      )
    case 'UNDER WAY':
      return views.map((view) => titleOf(view))
    case 'SKIPPED':
    case 'CANCELLED':
      return views.map((view) => `${titleOf(view)}${because(view)}`)
    case 'REMAINING':
      return shared(views, REPLAN_TASKS, ({ task }) => jsonText(task))
    case 'UNREACHABLE':
      return shared(views, REPLAN_TASKS, ({ task }) => jsonText(task)).map(
        (line, index) => `${line} → waits in vain for ${blockersOf(views[index])}`,
      )
    default:
      return never(section)
  }
}

function shared(views: readonly TaskView[], room: Room, say: (view: TaskView) => string): readonly string[] {
  const texts = views.map(say)
  const share = shareOf(
    texts.map(({ length }) => length),
    room,
  )
  return texts.map((text) => cutTo(text, share))
}

function titleOf(view: TaskView | undefined): string {
  return view === undefined ? '' : `${view.task.id}: ${onOneLine(view.task.name, NAME_CHARACTERS)}`
}

function because({ reason, failure }: TaskView): string {
  const text = reason ?? failure?.message
  return text === undefined ? '' : ` → ${jsonText(cutTo(text, MESSAGE_CHARACTERS))}`
}

function blockersOf(view: TaskView | undefined): string {
  return onOneLine(view?.blockedBy.join(', ') ?? '', NAME_CHARACTERS)
}

function failedSection({ view, failures }: ReplanRequest): string {
  const tried = new Map(failures.map((failure) => [failure.taskId, failure.tried]))
  const failed = view.tasks.filter(({ task, status }) => status === 'failed' || tried.has(task.id))
  const shown = failed.slice(0, REPLAN_TASKS_SHOWN)
  const lines = shown.flatMap((each) => [
    ...failureLines(each),
    ...triedLines(tried.get(each.task.id) ?? []).map((line) => `  tried: ${line}`),
  ])
  return ['[FAILED]', ...lines.map((line) => `> ${line}`), ...moreThan(shown.length, failed.length, 'tasks')].join('\n')
}

function failureLines({ task, failure, attempt }: TaskView): readonly string[] {
  const attempts = attempt > 1 ? ` (${attempt} attempts)` : ''
  const why =
    failure === undefined ? '' : ` → ${failure.failure}: ${jsonText(cutTo(failure.message, MESSAGE_CHARACTERS))}`
  return [`${cutTo(jsonText(task), REPLAN_TASKS.mostEach)}${attempts}${why}`]
}

function askFor({ decompose = false, failures }: ReplanRequest): string {
  const named = onOneLine(failures.map(({ taskId }) => taskId).join(', '), MESSAGE_CHARACTERS)
  const wanted = decompose
    ? `${named}, taken apart into smaller tasks.`
    : `The remaining work, planned so that it no longer fails as ${named} has.`
  return `[WANTED]\n${wanted}`
}
