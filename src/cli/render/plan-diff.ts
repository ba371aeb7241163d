/** `pawl plan diff`: what is different in a plan, as a code diff is read: − before, + after, ~ changed. */
import type { FieldChange, PlanDiff, PlanTask } from '../../core/index.ts'
import type { Style } from '../style.ts'
import { linesOf } from './plan-diff-lines.ts'
import { cut, joined, oneLine, padEnd, widthOf, wrap } from './text.ts'
import { counted } from './units.ts'

export type PlanDiffLook = {
  readonly style: Style
  /** Cells of the terminal; Infinity: nothing is cut. */
  readonly width: number
}

/** Unchanged tasks in a row that are told as one line. */
const LEAST_FOLDED = 3
const WIDEST_FIELD = 24
/** Lines of one value, and how wide they are. */
const TEXT_LINES = 6
const TEXT_WIDTH = 100
const LEAST_TEXT = 12

export function renderPlanDiff(diff: PlanDiff, look: PlanDiffLook): readonly string[] {
  const { style } = look
  const parts = countsOf(diff, style)
  const same = style.dim(counted(diff.unchanged.length, 'unchanged task'))
  if (parts.length === 0 && diff.fields.length === 0) return [`No difference: ${same}`]
  const fields = diff.fields.length === 0 ? [] : [style.bold('plan'), ...fieldLines(diff.fields, look), '']
  const blocks = taskBlocks(diff, look)
  return [...fields, ...blocks, ...(blocks.length === 0 ? [] : ['']), ...joined([...parts, same], look.width)]
}

function countsOf({ added, removed, changed, moved }: PlanDiff, style: Style): readonly string[] {
  return [
    added.length === 0 ? '' : style.green(`+ ${added.length} added`),
    removed.length === 0 ? '' : style.red(`− ${removed.length} removed`),
    changed.length === 0 ? '' : style.yellow(`~ ${changed.length} changed`),
    moved.length === 0 ? '' : style.cyan(`↕ ${moved.length} moved`),
  ].filter((text) => text !== '')
}

type Shown = { readonly isQuiet: boolean; readonly lines: readonly string[] }

function taskBlocks(diff: PlanDiff, look: PlanDiffLook): readonly string[] {
  const shown = shownTasks(diff, look)
  const lines: string[] = []
  for (let index = 0; index < shown.length; ) {
    let end = index
    while (shown[end]?.isQuiet) end += 1
    const quiet = shown.slice(index, end)
    if (quiet.length >= LEAST_FOLDED) lines.push(look.style.dim(`  … ${quiet.length} unchanged`))
    else lines.push(...quiet.flatMap((one) => one.lines))
    lines.push(...(shown[end]?.lines ?? []))
    index = end + 1
  }
  return lines
}

function shownTasks(diff: PlanDiff, look: PlanDiffLook): readonly Shown[] {
  const { style } = look
  const added = new Map(diff.added.map((task) => [task.id, task]))
  const removed = new Map(diff.removed.map((task) => [task.id, task]))
  const changed = new Map(diff.changed.map((change) => [change.task.id, change]))
  const unchanged = new Map(diff.unchanged.map((task) => [task.id, task]))
  const moved = new Map(diff.moved.map((move) => [move.taskId, move]))
  const all = [...added.values(), ...removed.values(), ...diff.changed.map(({ task }) => task), ...diff.unchanged]
  const idCells = Math.min(
    WIDEST_FIELD,
    Math.floor(look.width / 3),
    Math.max(0, ...all.map(({ id }) => widthOf(oneLine(id)))),
  )
  const head = (mark: string, task: PlanTask, more = '') => {
    const front = `${mark} ${padEnd(cut(oneLine(task.id), idCells), idCells)}  `
    return `${front}${cut(oneLine(task.name), Math.max(1, look.width - widthOf(front) - widthOf(more)))}${more}`
  }
  return diff.order.map((id): Shown => {
    const plus = added.get(id)
    const minus = removed.get(id)
    const change = changed.get(id)
    const same = unchanged.get(id)
    const move = moved.get(id)
    const place = move === undefined ? '' : `  (${move.before} → ${move.after})`
    if (plus !== undefined) return block(style.green(head('+', plus)), fieldLines(contentOf(plus), look))
    if (minus !== undefined) return block(style.red(head('−', minus)), [])
    if (change !== undefined) return block(style.yellow(head('~', change.task, place)), fieldLines(change.fields, look))
    if (same !== undefined && place !== '') return block(style.cyan(head('↕', same, place)), [])
    return { isQuiet: true, lines: same === undefined ? [] : [style.dim(head(' ', same))] }
  })
}

function block(head: string, lines: readonly string[]): Shown {
  return { isQuiet: false, lines: [head, ...lines] }
}

/** All that a new task says of itself beside its name. */
function contentOf({ id: _, name: __, ...task }: PlanTask): readonly FieldChange[] {
  return Object.entries(task).flatMap(([field, value]): FieldChange[] =>
    field === 'dependsOn' && task.dependsOn.length === 0 ? [] : [{ field, before: undefined, after: value }],
  )
}

function fieldLines(changes: readonly FieldChange[], { style, width }: PlanDiffLook): readonly string[] {
  const lines = changes.flatMap(linesOf)
  const cells = Math.min(WIDEST_FIELD, Math.max(0, ...lines.map(({ field }) => widthOf(field))))
  const indent = ' '.repeat(cells + 8)
  return lines.flatMap(({ field, mark, text }, index) => {
    const label = padEnd(lines[index - 1]?.field === field ? '' : cut(field, cells), cells)
    const paint = mark === '+' ? style.green : style.red
    const [first = '', ...others] = wrapped(text, Math.max(LEAST_TEXT, Math.min(width, TEXT_WIDTH) - cells - 8))
    return [`    ${style.dim(label)}  ${paint(`${mark} ${first}`)}`, ...others.map((line) => `${indent}${paint(line)}`)]
  })
}

function wrapped(text: string, width: number): readonly string[] {
  const lines = wrap(text, width).map((line) => cut(line, width))
  return lines.length <= TEXT_LINES ? lines : [...lines.slice(0, TEXT_LINES), '…']
}
