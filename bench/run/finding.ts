/** What a benchmark found: one number against one goal. Ratios are of one run, with both sides interleaved. */

export type Goal = { readonly type: 'at_least' | 'at_most'; readonly value: number }

export type Finding = {
  readonly name: string
  /** `x`: a ratio. Any other unit is for reading beside the ratios. */
  readonly unit: 'x' | 'ms' | 'µs' | 'KB' | 'MB' | 'events/s' | 'turns/s' | 'per turn' | 'modules'
  readonly value: number
  /** Null: reported, not judged. */
  readonly goal: Goal | null
  /** The two sides, or how it was measured, in words. */
  readonly note: string
}

export type Size = 'small' | 'full'

/** One benchmark: its file exports one of these. */
export type Benchmark = (size: Size) => Promise<readonly Finding[]>

export const atLeast = (value: number): Goal => ({ type: 'at_least', value })
export const atMost = (value: number): Goal => ({ type: 'at_most', value })

export function isMet({ value, goal }: Finding): boolean {
  if (goal === null) return true
  return goal.type === 'at_least' ? value >= goal.value : value <= goal.value
}

/** How far a finding is from its goal: below 1 is a miss, and the smallest is the worst. */
export function margin({ value, goal }: Finding): number {
  if (goal === null) return Number.POSITIVE_INFINITY
  return goal.type === 'at_least' ? value / goal.value : goal.value / value
}
