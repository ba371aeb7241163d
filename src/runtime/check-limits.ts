import { defaultLimits, type Limits } from '../core/index.ts'
import { DefinitionError } from './define.ts'
import { unknownField } from './known-fields.ts'

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
  checkGiven(given)
  return limits
}

/** A limit that is misspelt, or is no number, would bound nothing: `retainEndedMs: '90d'` would keep everything for ever. */
function checkGiven(given: Partial<Limits>): void {
  const unknown = unknownField<object>(given, defaultLimits)
  if (unknown !== null) throw new DefinitionError(`limits: ${unknown}`)
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || (Number.isSafeInteger(value) && value >= 0)) continue
    throw new DefinitionError(`expected ${name} as a whole number from 0; found ${JSON.stringify(value)}`)
  }
}

/** Below it a preview, or what reads on, has no room; or a sweep takes what a worker is about to name. */
const leasts = {
  maxInlineBytes: 1_024,
  artifactAttempts: 1,
  maxSearchMatches: 1,
  maxToolsShown: 1,
  orphanArtifactMs: 1_000,
} as const
const bounded = ['maxInlineBytes', 'artifactAttempts', 'maxSearchMatches', 'maxToolsShown', 'orphanArtifactMs'] as const

function checkLeast(name: (typeof bounded)[number], value: number): void {
  if (Number.isSafeInteger(value) && value >= leasts[name]) return
  throw new DefinitionError(`expected ${name} as a whole number of at least ${leasts[name]}; found ${value}`)
}
