/** `pawl limits`: every limit with a name. */
import type { Budget, Limits } from '../../core/index.ts'
import type { Style } from '../style.ts'
import { table } from './table.ts'
import { count, duration, money } from './units.ts'

export type LimitRow = {
  readonly of: 'runtime' | 'budget'
  readonly name: string
  readonly value: number | string | null
  /** Present where the configuration says otherwise. */
  readonly default?: number | string | null
}

export function limitRows(limits: Limits, budget: Budget, changed: Partial<Limits>): readonly LimitRow[] {
  const differs = new Map<string, number>(Object.entries(changed))
  const ofRuntime = Object.entries(limits).map(([name, standard]): LimitRow => {
    const value = differs.get(name) ?? standard
    return value === standard ? { of: 'runtime', name, value } : { of: 'runtime', name, value, default: standard }
  })
  const ofBudget = Object.entries(budget).map(([name, value]): LimitRow => ({ of: 'budget', name, value }))
  return [...ofRuntime, ...ofBudget]
}

export function renderLimits(
  rows: readonly LimitRow[],
  { style, width }: { readonly style: Style; readonly width: number },
): readonly string[] {
  const section = (title: string, of: LimitRow['of']) => {
    const own = rows.filter((row) => row.of === of)
    const columns = [
      { title: '' },
      { title: '', align: 'right', paint: style.bold },
      { title: '', paint: style.yellow },
    ] as const
    const cells = own.map((row) => [
      row.name,
      said(row.name, row.value),
      row.default === undefined ? '' : `default ${said(row.name, row.default)}`,
    ])
    return [style.bold(title), ...table(columns, cells, { width, indent: 2 })]
  }
  return [
    ...section('The runtime', 'runtime'),
    '',
    ...section('The budget of a session, where its agent says nothing', 'budget'),
  ]
}

/** Where 0 is no amount. */
const zeros: Readonly<Record<string, string>> = { retainEndedMs: 'never', stallMs: 'nobody looks' }

/** The name says the unit. */
function said(name: string, value: LimitRow['value']): string {
  if (value === null) return 'no cap'
  if (value === 0 && Object.hasOwn(zeros, name)) return zeros[name] ?? ''
  if (typeof value === 'string') return value
  if (name.endsWith('Ms')) return duration(value)
  if (name.endsWith('MicroUsd')) return money(value)
  if (name.endsWith('Bytes')) return value % 1_048_576 === 0 ? `${value / 1_048_576} MiB` : `${value / 1_024} KiB`
  return count(value)
}
