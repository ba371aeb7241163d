/** The lines of a plan's tree as cells, before they are laid out. */
import type { TaskView } from '../../core/index.ts'
import type { Tone } from '../style.ts'
import type { Branch } from './plan-branches.ts'
import { type Item, leavesOf } from './plan-fold.ts'
import { asideOf, keptMark, type Naming, noteOf, planMarks, standingOf } from './plan-words.ts'
import { oneLine } from './text.ts'
import { count, duration, money } from './units.ts'

export type Row = {
  /** The lines of the tree in front of its mark. */
  readonly lead: string
  /** Those in front of what stands under it. */
  readonly under: string
  readonly mark: string
  readonly tone: Tone
  /** Empty: the name begins in its place. */
  readonly id: string
  readonly name: string
  readonly isRunning: boolean
  readonly elapsed: string
  readonly tokens: string
  readonly cost: string
  /** Said beside the name, where the numbers leave room. */
  readonly aside: string
  /** Whether the aside may be left out where there is no room. */
  readonly isMinor: boolean
  readonly note: string
}

type Telling = {
  readonly naming: Naming
  readonly now: number
  /** What keeps a task, by its id. */
  readonly doing: ReadonlyMap<string, string>
}

export function rowsOf(items: readonly Item[], telling: Telling, stem: string | null = null): readonly Row[] {
  return items.flatMap((item, index) => {
    const isLast = index === items.length - 1
    const lead = stem === null ? '' : `${stem}${isLast ? '└ ' : '├ '}`
    const below = stem === null ? '' : `${stem}${isLast ? '  ' : '│ '}`
    if (item.type === 'several') return [severalRow(item.branches, telling, { lead, under: `${below}  ` })]
    const isOpen = item.items.length > 0
    const place = { lead, under: `${below}${isOpen ? '│ ' : '  '}` }
    return [taskRow(item, telling, place), ...rowsOf(item.items, telling, below)]
  })
}

type Place = Pick<Row, 'lead' | 'under'>

function taskRow(
  { branch, isClosed }: Extract<Item, { type: 'task' }>,
  { naming, now, doing }: Telling,
  place: Place,
): Row {
  const { view } = branch
  const leaves = leavesOf(branch)
  const id = oneLine(view.task.id)
  const name = oneLine(view.task.name) || id
  const cells = cellsOf(leaves, now)
  const keeps = doing.get(view.task.id) ?? ''
  const aside = view.status === 'pending' && keeps !== '' ? keeps : asideOf(view, naming)
  const isBare = cells.elapsed === ''
  const isKept = view.status === 'in_progress' && keeps !== ''
  return {
    ...place,
    ...(isKept ? keptMark : planMarks[view.status]),
    ...cells,
    id,
    name: isClosed ? `${name} · ${standingOf(leaves, doing).join(', ')}` : name,
    isRunning: view.status === 'in_progress' && !isKept,
    aside: isBare ? aside : '',
    isMinor: view.status === 'pending' && keeps === '',
    note: notesOf(view, view.status === 'pending' ? '' : keeps) || (isBare ? '' : aside),
  }
}

function notesOf(view: TaskView, keeps: string): string {
  return [noteOf(view), keeps].filter((text) => text !== '').join(' · ')
}

function severalRow(branches: readonly Branch[], { naming, now }: Telling, place: Place): Row {
  const [first, last] = [branches[0]?.view, branches.at(-1)?.view]
  const status = first?.status ?? 'pending'
  const word = status === 'in_progress' ? 'running' : status
  const name = `${count(branches.length)} ${word}: ${naming.name(first?.task.id ?? '')} … ${naming.name(last?.task.id ?? '')}`
  const causes = status === 'unreachable' ? (first?.blockedBy.map(naming.standing).join(', ') ?? '') : ''
  return {
    ...place,
    ...planMarks[status],
    ...cellsOf(branches.flatMap(leavesOf), now),
    id: '',
    name,
    isRunning: false,
    aside: causes,
    isMinor: false,
    note: '',
  }
}

/** Numbers of one task, or of several as one: the time from the first beginning to the last end. */
export function cellsOf(views: readonly TaskView[], now: number): Pick<Row, 'elapsed' | 'tokens' | 'cost'> {
  const begun = views.filter(({ startedAt }) => startedAt !== null)
  const from = begun.reduce((least, { startedAt }) => Math.min(least, startedAt ?? least), Number.POSITIVE_INFINITY)
  const to = begun.reduce((most, view) => Math.max(most, endOf(view, now)), Number.NEGATIVE_INFINITY)
  const tokens = views.reduce((total, view) => total + view.tokens, 0)
  const costMicroUsd = views.reduce((total, view) => total + view.costMicroUsd, 0)
  return {
    elapsed: to >= from ? duration(to - from) : '',
    tokens: tokens === 0 ? '' : `${count(tokens)} tok`,
    cost: costMicroUsd === 0 ? '' : money(costMicroUsd),
  }
}

function endOf({ status, endedAt }: TaskView, now: number): number {
  return endedAt ?? (status === 'in_progress' ? now : Number.NEGATIVE_INFINITY)
}
