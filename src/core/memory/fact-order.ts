/** Which facts may go, and which go first. */
import { COMPRESSED_KEY, type Fact, type FactTerms } from './fact.ts'
import type { FactLimits } from './memory-terms.ts'

/** Never compressed, and never dropped. The points of a compression are not: the next one folds them in. */
export function isPinnedFact(
  { key, kind, priority }: Pick<FactTerms, 'key' | 'kind' | 'priority'>,
  { pinAt }: Pick<FactLimits, 'pinAt'>,
): boolean {
  return key !== COMPRESSED_KEY && (kind !== 'fact' || priority >= pinAt)
}

/** Orders what is kept first: the highest priority, of one priority the newest. Facts of one commit have different `seq`. */
export function byWorth(one: Fact, other: Fact): number {
  return other.priority - one.priority || other.seq - one.seq || byKey(one, other)
}

/**
 * Orders what is shown first: decisions and constraints, then the highest priority, of one priority the oldest, so that what is noted
 * later stands behind. All that is pinned stands before all that is not.
 */
export function byPlace(one: Fact, other: Fact): number {
  const kinds = Number(one.kind === 'fact') - Number(other.kind === 'fact')
  return kinds || other.priority - one.priority || one.seq - other.seq || byKey(one, other)
}

function byKey(one: Fact, other: Fact): number {
  return one.key < other.key ? -1 : Number(one.key > other.key)
}
