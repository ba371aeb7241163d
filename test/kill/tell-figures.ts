/** The figures of one mode, for the record. */
import type { Proof } from '../prove/proof.ts'
import type { Tally, TotalName } from './tally.ts'
import type { Mode } from './worker-orders.ts'

const ofAll: readonly TotalName[] = [
  'sessions',
  'signals sent',
  'calls in flight at a signal',
  'calls lost',
  'late outcomes noted',
  'writes that came after startBy, and were refused',
]

const ofMode: Readonly<Record<Mode, readonly TotalName[]>> = {
  kill: [],
  freeze: [
    'freezes past the lease',
    'of these, frozen while writing (nobody could take over)',
    'sessions taken over from the frozen',
    'unsafe calls frozen exactly between the last look and the start',
  ],
  term: ['clean drains', 'messages acknowledged by the workers'],
}

export type Told = { readonly mode: Mode; readonly tally: Tally | undefined; readonly rounds: number }

export function tellFigures(proof: Pick<Proof<Record<never, never>>, 'figure'>, { mode, tally, rounds }: Told): void {
  if (tally === undefined) return
  const { totals, drainsMs, takeOversMs } = tally
  console.log(`${mode}: ${tally.report()}`)
  proof.figure({ name: `${mode}: rounds`, value: totals.get('rounds') ?? 0, goal: rounds })
  for (const name of [...ofAll, ...ofMode[mode]])
    proof.figure({ name: `${mode}: ${name}`, value: totals.get(name) ?? 0 })
  if (mode !== 'term') return
  for (const [name, all] of [
    ['the drain', drainsMs],
    ['the wait until others went on', takeOversMs],
  ] as const) {
    proof.figure({ name: `term: the median of ${name}`, value: quantile(all, 0.5), unit: 'ms' })
    proof.figure({ name: `term: the longest of ${name}`, value: quantile(all, 1), unit: 'ms' })
  }
}

function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0
}
