/** Seeded chance: the same seed gives the same run, on every machine. */
export interface Chance {
  /** In [0, 1). */
  random(): number
  happens(probability: number): boolean
  /** A whole number from 0 to below `end`. */
  below(end: number): number
  between(low: number, high: number): number
  pick<T>(list: readonly [T, ...T[]]): T
  /** The same for a list that may be empty. */
  among<T>(list: readonly T[]): T | undefined
}

/** mulberry32 (Tommy Ettinger, public domain): 32 bits of state, enough for choosing faults. */
export function chanceOf(seed: number): Chance {
  let state = seed | 0
  const random = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const below = (end: number) => Math.floor(random() * end)
  return {
    random,
    below,
    happens: (probability) => random() < probability,
    between: (low, high) => low + random() * (high - low),
    // An index below the length of a list that is not empty.
    pick: (list) => list[below(list.length)] as (typeof list)[number],
    among: (list) => list[below(list.length)],
  }
}
