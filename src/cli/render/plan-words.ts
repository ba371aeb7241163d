/** What a tree says of a task beside its name: mark, tone, and why it stands where it stands. */
import type { PlanView, ShownStatus, TaskView } from '../../core/index.ts'
import type { Tone } from '../style.ts'
import { oneLine } from './text.ts'
import { count } from './units.ts'

/** One mark for each status, so that nothing is said by colour alone. */
export const planMarks: { readonly [S in ShownStatus]: { readonly mark: string; readonly tone: Tone } } = {
  completed: { mark: '✓', tone: 'good' },
  in_progress: { mark: '▸', tone: 'active' },
  ready: { mark: '○', tone: 'plain' },
  pending: { mark: '·', tone: 'quiet' },
  failed: { mark: '✗', tone: 'bad' },
  unreachable: { mark: '⊘', tone: 'attention' },
  skipped: { mark: '»', tone: 'attention' },
  cancelled: { mark: '–', tone: 'quiet' },
}

/** How a task is called, and how it stands: `network`, `network failed`. */
export type Naming = { readonly name: (taskId: string) => string; readonly standing: (taskId: string) => string }

/** Why a task that took nothing stands where it stands: said beside it. */
export function asideOf({ status, blockedBy, reason, failure, attempt }: TaskView, naming: Naming): string {
  const tasks = blockedBy.map(naming.name).join(', ')
  switch (status) {
    case 'unreachable':
      return `unreachable: ${blockedBy.map(naming.standing).join(', ') || 'it waits in vain'}`
    case 'pending':
      return attempt > 0 ? againOf(attempt, failure) : tasks === '' ? '' : `after ${tasks}`
    case 'skipped':
    case 'cancelled':
      return [status, oneLine(reason ?? failure?.message ?? '')].filter((text) => text !== '').join(': ')
    default:
      return ''
  }
}

function againOf(attempt: number, failure: TaskView['failure']): string {
  return `again after ${attempt === 1 ? 'an attempt' : `${attempt} attempts`}${failure === undefined ? '' : `: ${failure.failure}`}`
}

/** What stands under a task that has failed, or that is tried again. */
export function noteOf({ status, failure, attempt, recovery, reason }: TaskView): string {
  if (status === 'in_progress')
    return attempt > 1 ? `attempt ${attempt}${recovery === undefined ? '' : `, ${recovery} after a failure`}` : ''
  if (status !== 'failed') return ''
  const attempts = attempt > 1 ? ` after ${attempt} attempts` : ''
  const text = oneLine(failure?.message ?? reason ?? '')
  return `${failure?.failure ?? 'failed'}${attempts}${text === '' ? '' : `: ${text}`}`
}

/** Of a task that is under way, and that something keeps: a person, or a moment. */
export const keptMark = { mark: '‖', tone: 'attention' } as const

/** `3 of 5 done, 1 waiting, 1 failed, 1 unreachable`, of the tasks that do something themselves. `kept`: what waits, by id. */
export function standingOf(leaves: readonly TaskView[], kept: ReadonlyMap<string, string>): readonly string[] {
  const counts = new Map<ShownStatus | 'kept', number>()
  for (const { task, status } of leaves) {
    const stands = status === 'in_progress' && kept.has(task.id) ? 'kept' : status
    counts.set(stands, (counts.get(stands) ?? 0) + 1)
  }
  const others = told.flatMap(([status, word]) => {
    const many = counts.get(status) ?? 0
    return many === 0 ? [] : [`${count(many)} ${word}`]
  })
  return [`${count(counts.get('completed') ?? 0)} of ${count(leaves.length)} done`, ...others]
}

const told: readonly (readonly [ShownStatus | 'kept', string])[] = [
  ['in_progress', 'running'],
  ['kept', 'waiting'],
  ['failed', 'failed'],
  ['unreachable', 'unreachable'],
  ['skipped', 'skipped'],
  ['cancelled', 'cancelled'],
]

/** By id where there is a column of ids, else by name. */
export function namingOf({ tasks }: PlanView, isById: boolean): Naming {
  const views = new Map(tasks.map((view) => [view.task.id, view]))
  const name = (taskId: string) => oneLine(isById ? taskId : (views.get(taskId)?.task.name ?? taskId))
  return { name, standing: (taskId) => `${name(taskId)} ${standingWord(views.get(taskId)?.status)}` }
}

function standingWord(status: ShownStatus | undefined): string {
  if (status === 'failed') return 'failed'
  return status === 'skipped' || status === 'cancelled' ? `was ${status}` : 'has no result'
}
