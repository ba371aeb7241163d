import type { Limits } from '../core/index.ts'
import type { Engine, Env, Store } from '../ports/index.ts'
import type { Agent } from './define.ts'
import type { PatternName } from './redact-patterns.ts'
import type { SecretResolver } from './secrets.ts'

/** The limits as a runtime was given them. */
export type RuntimeLimits = Limits

export type RuntimeOptions = {
  readonly store: Store
  readonly agents: readonly Agent[]
  /** What differs from the defaults that `pawl limits` prints. */
  readonly limits?: Partial<Limits>
  /** `embedded()` by default: sessions are driven in this process. Null: this runtime only sends and watches. */
  readonly engine?: Engine | null
  /** Time and chance; the process's own by default. */
  readonly env?: Env
  /**
   * Drives one session alone in another process, after its claims have died twice; resolves when that process has ended.
   * Without it, such a session is driven here, with nothing beside it.
   */
  readonly driveAlone?: (session: { readonly tenant: string; readonly sessionId: string }) => Promise<void>
  /** Where tools get the secrets that they declare: `secretsFrom({ … })`, or a function that asks a vault. */
  readonly secrets?: SecretResolver
  /** Credentials known by their form that are left where they are, such as `['jwt']`; none by default. */
  readonly keptPatterns?: readonly PatternName[]
  /** Told of problems that are no events: a store that cannot be reached, an agent that is missing. `console.error` by default. */
  readonly onProblem?: (problem: unknown, sessionId: string | null) => void
}
