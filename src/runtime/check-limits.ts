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
  return limits
}
