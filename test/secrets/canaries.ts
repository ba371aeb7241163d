/** Values that occur nowhere else: one for each path, so that a hit says which path leaks. */
import { createHash } from 'node:crypto'

export interface Canaries {
  /** The value of a path; the same for the same seed. The secret has the same name. */
  of(path: string): string
  readonly planted: ReadonlyMap<string, string>
}

/** Letters that every writing has to do something about. */
const SPECIAL = ['+/', '"\\', '<&>', "\u00e9'", ' %', '=_-', '~!', ''] as const

export function createCanaries(seed: number): Canaries {
  const planted = new Map<string, string>()
  return {
    planted,
    of: (path) => {
      const value = planted.get(path) ?? madeOf(seed, path)
      planted.set(path, value)
      return value
    },
  }
}

/** Letters from a hash, of varying length, around letters that need escaping. */
function madeOf(seed: number, path: string): string {
  const bytes = createHash('sha256').update(`${seed}/${path}`).digest()
  const letters = bytes.toString('base64url').replaceAll(/[-_]/g, 'k')
  const split = 6 + ((bytes[0] ?? 0) % 12)
  const special = SPECIAL[(bytes[1] ?? 0) % SPECIAL.length] ?? ''
  return `${letters.slice(0, split)}${special}${letters.slice(split, split + 8 + ((bytes[2] ?? 0) % 12))}`
}

/** A name of a secret for a path. */
export function nameOf(path: string): string {
  return `P_${path.replaceAll(/[^A-Za-z0-9]/g, '_')}`
}
