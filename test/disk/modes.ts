/** What people do while there is no room. */
import type { Variant } from './orders.ts'

/**
 * `wait`: nobody does anything until there is room. `cancel`: sessions are cancelled without room, by the process that drives them.
 * `cancel_cold`: that process has stopped, and another opening of the file cancels.
 * `one_by_one`: as many as the reserve is promised for are cancelled, with other writes in between; `one_by_one_cold`: by an opening that
 * found no room.
 */
export type Mode = 'wait' | 'cancel' | 'cancel_cold' | 'one_by_one' | 'one_by_one_cold'

/** What docs/guarantees.md promises: so many cancels find room; one fewer where the file was opened without room. */
export const CANCELS = { one_by_one: 8, one_by_one_cold: 7 } as const

export function isOneByOne(mode: Mode): mode is keyof typeof CANCELS {
  return Object.hasOwn(CANCELS, mode)
}

/** Only a disk can be so full that a file finds no room when it is opened. */
export function modesOf(variant: Variant): readonly Mode[] {
  return variant === 'disk'
    ? ['wait', 'cancel', 'one_by_one', 'cancel_cold', 'one_by_one_cold']
    : ['wait', 'cancel', 'one_by_one']
}
