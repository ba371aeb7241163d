/** `pawl trace`: the rows of a trace as aligned columns. */
import type { TraceRow } from '../../core/index.ts'
import { marks, type Style, type Tone, toned } from '../style.ts'
import { table } from './table.ts'
import { oneLine, shortJson } from './text.ts'

export type TraceLook = { readonly style: Style; readonly width: number }

export function renderTrace(rows: readonly TraceRow[], { style, width }: TraceLook): readonly string[] {
  if (rows.length === 0) return [style.dim('Nothing has happened yet.')]
  const tones = rows.map(toneOf)
  const painted = (text: string, row: number) => toned(style, tones[row] ?? 'plain', text)
  return table(
    [
      { title: 'step', align: 'right', paint: style.dim },
      { title: '', paint: painted },
      { title: 'kind', paint: style.dim },
      { title: 'task', paint: style.cyan },
      { title: 'tool', paint: style.bold },
      { title: 'status', paint: painted },
      { title: 'reason', paint: (text, row) => (rows[row]?.reason === undefined ? style.dim(text) : text) },
    ],
    rows.map((row, index) => [
      isFirstOfStep(rows, index) ? String(row.step) : '',
      markOf(row),
      row.kind,
      oneLine(row.task ?? ''),
      oneLine(row.tool ?? ''),
      row.status,
      [oneLine(row.reason ?? ''), fieldsOf(row)].filter((text) => text !== '').join('  '),
    ]),
    { width, title: style.dim },
  )
}

function isFirstOfStep(rows: readonly TraceRow[], index: number): boolean {
  return index === 0 || rows[index - 1]?.step !== rows[index]?.step
}

function fieldsOf({
  step: _,
  kind: __,
  task: ___,
  tool: ____,
  status: _____,
  reason: ______,
  ...fields
}: TraceRow): string {
  return Object.entries(fields)
    .map(([name, value]) => `${oneLine(name)}: ${shortJson(value)}`)
    .join(', ')
}

/** Of plans, their tasks, and memory; a beginning is noted. */
const stands: { readonly [status: string]: string | undefined } = {
  adopted: marks.ok,
  completed: marks.ok,
  failed: marks.bad,
  rejected: marks.bad,
  refused: marks.bad,
  noted: marks.ok,
  held: marks.held,
  escalated: marks.held,
}

function markOf({ kind, status }: TraceRow): string {
  if (kind === 'decision_recorded') return marks.turn
  if (kind === 'tool_result')
    return status === 'ok'
      ? marks.ok
      : status === 'blocked'
        ? marks.held
        : status === 'unknown'
          ? marks.unknown
          : marks.bad
  if (kind === 'task_transition' || kind === 'plan_transition' || kind === 'memory_transition')
    return stands[status] ?? marks.note
  return marks.note
}

function toneOf({ kind, status }: TraceRow): Tone {
  if (status === 'ok' || status === 'completed' || status === 'adopted' || status === 'noted') return 'good'
  if (status === 'failed' || status === 'refused' || status === 'rejected' || status.endsWith('_error')) return 'bad'
  if (status === 'held' || status === 'escalated' || status === 'escalate') return 'attention'
  if (status === 'blocked' || status === 'unknown' || status === 'set_aside' || status.startsWith('awaiting_'))
    return 'attention'
  return kind === 'state_transition' ? 'quiet' : 'plain'
}
