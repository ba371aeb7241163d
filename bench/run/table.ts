import { type Finding, isMet, margin } from './finding.ts'

/** Findings as a table in plain text: misses first, the worst on top; then what met its goal; then what has none. */
export function table(findings: readonly Finding[]): string {
  const rows = [...findings].sort((one, other) => margin(one) - margin(other)).map(rowOf)
  const heads = ['', 'what', 'found', 'goal', 'how']
  const all = [heads, ...rows]
  const widths = heads.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)))
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

function rowOf(finding: Finding): string[] {
  const { name, value, unit, goal, note } = finding
  const verdict = goal === null ? '' : isMet(finding) ? 'ok' : 'MISS'
  const wanted = goal === null ? '' : `${goal.type === 'at_least' ? '>=' : '<='} ${shown(goal.value)}`
  return [verdict, name, `${shown(value)} ${unit}`, wanted, note]
}

export function shown(value: number): string {
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en-US')
  return Number(value.toPrecision(3)).toString()
}
