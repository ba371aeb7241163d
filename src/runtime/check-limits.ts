import { defaultLimits, type Limits } from '../core/index.ts'
import { DefinitionError } from './define.ts'

/** With the defaults. @throws DefinitionError where a limit that was given would switch off in silence what it bounds. */
export function checkedLimits(given: Partial<Limits> = {}): Limits {
  const limits = { ...defaultLimits, ...given }
  const { stallMs, leaseMs } = limits
  const isWatch = Number.isSafeInteger(stallMs) && stallMs > 0 && stallMs < leaseMs
  // As a default it gives way to a short lease.
  if (given.stallMs !== undefined && stallMs !== 0 && !isWatch)
    throw new DefinitionError(
      `expected stallMs as whole milliseconds below leaseMs (${leaseMs}), or 0 to have nobody look; found ${stallMs}`,
    )
  for (const name of bounded) checkLeast(name, limits[name])
  return limits
}

/** Below it a preview, or what reads on, has no room. */
const leasts = { maxInlineBytes: 1_024, artifactAttempts: 1, maxSearchMatches: 1, maxToolsShown: 1 } as const
const bounded = ['maxInlineBytes', 'artifactAttempts', 'maxSearchMatches', 'maxToolsShown'] as const

function checkLeast(name: (typeof bounded)[number], value: number): void {
  if (Number.isSafeInteger(value) && value >= leasts[name]) return
  throw new DefinitionError(`expected ${name} as a whole number of at least ${leasts[name]}; found ${value}`)
}
