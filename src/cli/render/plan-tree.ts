/** A plan as a tree: each task with its mark, how long it took and what it cost, and why it cannot begin. Live, and afterwards. */
import type { PlanView, TaskView } from '../../core/index.ts'
import { type Style, toned } from '../style.ts'
import { branchesOf } from './plan-branches.ts'
import { foldedTo, leavesOf, NOTE_LINES } from './plan-fold.ts'
import { cellsOf, type Row, rowsOf } from './plan-rows.ts'
import { namingOf, standingOf } from './plan-words.ts'
import { cut, joined, oneLine, padEnd, padStart, shortened, widthOf } from './text.ts'
import { counted } from './units.ts'

export type PlanTreeLook = {
  readonly style: Style
  /** Cells of the terminal; Infinity: nothing is cut. */
  readonly width: number
  readonly textWidth: number
  readonly now: number
  /** Lines at most, headings included: a longer plan is folded. */
  readonly maxLines?: number
  /** What keeps a task, by its id; nothing by default. */
  readonly doing?: ReadonlyMap<string, string>
  /** It is not in force: nothing is said of how far it has come. */
  readonly isOnPaper?: boolean
}

/** A screen and a half; `pawl plan show` and `--json` have the whole plan. */
const MAX_LINES = 60
/** From this width on there is room for ids and tokens. */
const WIDE = 60
const WIDEST_ID = 24
const GOAL_LINES = 2
const LEAST_ASIDE = 12

export function renderPlanTree(view: PlanView, look: PlanTreeLook): readonly string[] {
  const { style, width, now, maxLines = MAX_LINES, doing = new Map() } = look
  const branches = branchesOf(view.tasks)
  const head = headOf(view, branches.flatMap(leavesOf), look)
  const items = foldedTo(branches, Math.max(1, maxLines - head.length - 1))
  const rows = rowsOf(items, { naming: namingOf(view, width >= WIDE), now, doing })
  const layout = layoutOf(rows, width)
  const lines = [...head, '', ...rows.flatMap((row) => renderRow(row, layout, look))]
  if (lines.length <= maxLines) return lines
  const shown = lines.slice(0, Math.max(0, maxLines - 1))
  return [...shown, style.dim(`… ${lines.length - shown.length} more lines`)]
}

function headOf(
  view: PlanView,
  leaves: readonly TaskView[],
  { style, width, textWidth, now, isOnPaper = false, doing = new Map() }: PlanTreeLook,
): readonly string[] {
  const { elapsed, tokens, cost } = cellsOf(leaves, now)
  const standing = isOnPaper ? [counted(leaves.length, 'task')] : standingOf(leaves, doing)
  const said = [`plan ${view.version}`, view.mode, ...standing, elapsed, tokens, cost]
  return [
    ...shortened(oneLine(view.goal), Math.min(width, textWidth), GOAL_LINES).map(style.bold),
    ...joined(
      said.filter((text) => text !== ''),
      width,
    ).map(style.dim),
  ]
}

type Layout = {
  readonly isWide: boolean
  /** Where names begin; where there are no ids, right behind the mark. */
  readonly nameAt: number
  /** Where names end at the latest. */
  readonly nameEnd: number
  readonly elapsed: number
  readonly tokens: number
  readonly cost: number
}

function layoutOf(rows: readonly Row[], width: number): Layout {
  const isWide = width >= WIDE
  const most = (cells: (row: Row) => number) => rows.reduce((widest, row) => Math.max(widest, cells(row)), 0)
  const elapsed = most((row) => widthOf(row.elapsed))
  const tokens = isWide ? most((row) => widthOf(row.tokens)) : 0
  const cost = most((row) => widthOf(row.cost))
  const nameAt = isWide
    ? most((row) => (row.id === '' ? 0 : markEnd(row) + Math.min(WIDEST_ID, widthOf(row.id)) + 2))
    : 0
  const ends = most((row) => Math.max(row.id === '' ? 0 : nameAt, markEnd(row)) + widthOf(row.name))
  const numbers = [elapsed, tokens, cost].reduce((total, cells) => total + (cells === 0 ? 0 : cells + 2), 0)
  return { isWide, nameAt, nameEnd: Math.min(ends, width - numbers), elapsed, tokens, cost }
}

function markEnd({ lead }: Row): number {
  return lead.length + 2
}

function renderRow(row: Row, layout: Layout, look: PlanTreeLook): readonly string[] {
  const { style, width } = look
  const { isWide, nameEnd } = layout
  const begins = isWide && row.id !== '' ? layout.nameAt : markEnd(row)
  const idCells = begins - markEnd(row)
  const id = idCells > 2 ? padEnd(cut(row.id, idCells - 2), idCells) : ''
  const numbers = numbersOf(row, layout).trimEnd()
  const { beside, under } = placed(row, { begins, nameEnd, width })
  const room = (numbers === '' ? (beside === '' ? width : nameEnd) : nameEnd) - begins
  const name = cut(row.name, Math.max(1, room))
  const gap = numbers === '' && beside === '' ? '' : ' '.repeat(Math.max(0, nameEnd - begins - widthOf(name)))
  const front = `${style.dim(row.lead)}${toned(style, row.tone, row.mark)} ${style.dim(id)}${painted(name, row, style)}`
  const line = `${front}${gap}${style.dim(numbers)}${toned(style, row.tone, beside)}`
  return [line, ...underLines([row.note, under], row, { begins, look })]
}

function painted(name: string, { isRunning, tone, id }: Row, style: Style): string {
  if (isRunning) return style.bold(name)
  return tone === 'quiet' || id === '' ? style.dim(name) : name
}

function numbersOf(row: Row, { elapsed, tokens, cost }: Layout): string {
  const cells = [
    [row.elapsed, elapsed],
    [row.tokens, tokens],
    [row.cost, cost],
  ] as const
  if (row.elapsed === '' && row.tokens === '' && row.cost === '') return ''
  return cells.map(([text, cellCount]) => (cellCount === 0 ? '' : `  ${padStart(text, cellCount)}`)).join('')
}

type Span = { readonly begins: number; readonly nameEnd: number; readonly width: number }

/** Beside the name where it fits, under it where it has to be said, else not at all. */
function placed({ aside, isMinor, name }: Row, { begins, nameEnd, width }: Span): { beside: string; under: string } {
  if (aside === '') return { beside: '', under: '' }
  const room = width - nameEnd - 2
  const isNameWhole = begins + widthOf(name) <= nameEnd
  if (isNameWhole && widthOf(aside) <= room) return { beside: `  ${aside}`, under: '' }
  if (!isMinor) return { beside: '', under: aside }
  return { beside: isNameWhole && room >= LEAST_ASIDE ? `  ${cut(aside, room)}` : '', under: '' }
}

function underLines(
  texts: readonly string[],
  row: Row,
  { begins, look }: { readonly begins: number; readonly look: PlanTreeLook },
): readonly string[] {
  const { style, width, textWidth } = look
  const indent = padEnd(row.under, begins)
  const room = Math.max(LEAST_ASIDE, Math.min(width, Math.max(textWidth, begins + LEAST_ASIDE)) - begins)
  return texts
    .filter((text) => text !== '')
    .flatMap((text) => shortened(text, room, NOTE_LINES))
    .map((line) => `${style.dim(indent)}${toned(style, row.tone, line)}`)
}
