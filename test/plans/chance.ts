import { createHash } from 'node:crypto'

/** A whole number from 0 up to and without `below`, the same for the same seed on every machine. */
export function chance(seed: string, below: number): number {
  return createHash('sha256').update(seed).digest().readUInt32BE(0) % below
}

/** Different elements, at most `count`. */
export function someOf<T>(list: readonly T[], seed: string, count: number): readonly T[] {
  const left = [...list]
  const chosen: T[] = []
  while (chosen.length < count && left.length > 0)
    chosen.push(...left.splice(chance(`${seed} ${chosen.length}`, left.length), 1))
  return chosen
}
