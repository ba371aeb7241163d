/** Makes a long plan short: what goes well, or has not begun, is told in one line; what runs or has failed stays longest. */
import type { ShownStatus, TaskView } from '../../core/index.ts'
import type { Branch } from './plan-branches.ts'

/** A line of a tree: a task with what stands under it, or several tasks of one status as one. */
export type Item =
  | { readonly type: 'task'; readonly branch: Branch; readonly items: readonly Item[]; readonly isClosed: boolean }
  | { readonly type: 'several'; readonly branches: readonly Branch[] }

/** Lines at most of why a task has failed, under it. */
export const NOTE_LINES = 2
/** Fewer are not worth a line of their own. */
const LEAST_FOLDED = 3

type Level = {
  /** Leaves of such a status are told together. */
  readonly joins: (status: ShownStatus) => boolean
  /** Nothing is shown under such a task. */
  readonly closes: (branch: Branch) => boolean
  /** Closed tasks are told together as leaves are. */
  readonly joinsClosed: boolean
}

/** Each folds more than the one before it. */
const levels: readonly Level[] = [
  { joins: () => false, closes: () => false, joinsClosed: false },
  { joins: isQuiet, closes: hasOnly((status) => status === 'completed'), joinsClosed: false },
  { joins: isQuiet, closes: hasOnly(isQuiet), joinsClosed: false },
  { joins: isQuiet, closes: hasOnly(isQuiet), joinsClosed: true },
  { joins: () => true, closes: hasOnly((status) => status !== 'in_progress'), joinsClosed: true },
  { joins: () => true, closes: () => true, joinsClosed: true },
]

function isQuiet(status: ShownStatus): boolean {
  return status !== 'failed' && status !== 'in_progress'
}

function hasOnly(allowed: (status: ShownStatus) => boolean): (branch: Branch) => boolean {
  return (branch) => leavesOf(branch).every(({ status }) => allowed(status))
}

/** The least folded form of at most `maxRows` lines; the most folded one where none is that short. */
export function foldedTo(branches: readonly Branch[], maxRows: number): readonly Item[] {
  let items: readonly Item[] = []
  for (const level of levels) {
    items = fold(branches, level)
    if (rowsOf(items) <= maxRows) break
  }
  return items
}

/** The leaves under a branch, in order; of one without parts: itself. */
export function leavesOf(branch: Branch): readonly TaskView[] {
  return branch.parts.length === 0 ? [branch.view] : branch.parts.flatMap(leavesOf)
}

function rowsOf(items: readonly Item[]): number {
  return items.reduce((rows, item) => rows + (item.type === 'several' ? 1 : rowsOfTask(item)), 0)
}

function rowsOfTask({ branch, items }: Extract<Item, { type: 'task' }>): number {
  return rowsOf(items) + (branch.view.status === 'failed' ? 1 + NOTE_LINES : 1)
}

function fold(branches: readonly Branch[], level: Level): readonly Item[] {
  const closed = new Set(branches.filter((branch) => branch.parts.length > 0 && level.closes(branch)))
  const groups = Map.groupBy(branches, (branch) => groupOf(branch, level, closed.has(branch)))
  return branches.flatMap((branch): readonly Item[] => {
    const isClosed = closed.has(branch)
    const group = groups.get(groupOf(branch, level, isClosed)) ?? []
    if (group.length >= LEAST_FOLDED) return group[0] === branch ? [{ type: 'several', branches: group }] : []
    return [{ type: 'task', branch, isClosed, items: isClosed ? [] : fold(branch.parts, level) }]
  })
}

/** Those of one status, and the unreachable ones of one cause, are one group; whatever is shown for itself is alone. */
function groupOf({ view, parts }: Branch, { joins, joinsClosed }: Level, isClosed: boolean): string {
  const isJoined = joins(view.status) && (parts.length === 0 || (isClosed && joinsClosed))
  if (!isJoined) return `task ${view.task.id}`
  return view.status === 'unreachable' ? `unreachable ${view.blockedBy.join(' ')}` : view.status
}
