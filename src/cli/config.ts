/** What `pawl.config.ts` exports: `export const config = defineConfig({ … })`. */
import type { Agent, Limits, PatternName, SecretResolver, Store } from '../index.ts'

export type Config = {
  /**
   * Where sessions are kept: a path beside the config file, whose folder is made, or a function that opens a store. It is called
   * once for each command. `.pawl/pawl.db` by default.
   */
  readonly store?: string | (() => Store | Promise<Store>)
  /** The agents that `pawl run` starts and that workers drive. */
  readonly agents: readonly Agent[]
  /** Where tools get the secrets that they declare, such as `secretsFrom(process.env)`. */
  readonly secrets?: SecretResolver
  /** The folder with templates of plans of your own, beside the config file; `templates` by default, where there is one. */
  readonly templates?: string
  /** Credentials known by their form that are left where they are, such as `['jwt']`; none by default. */
  readonly keptPatterns?: readonly PatternName[]
  /** What differs from the defaults that `pawl limits` prints. */
  readonly limits?: Partial<Limits>
  /** Whose sessions `pawl run` starts; `default` where there is only one tenant. */
  readonly tenant?: string
  /** Under which name people answer where `--by` is not given; the user's name on this machine by default. */
  readonly by?: string
}

/** Checks the shape where it is written. */
export function defineConfig(config: Config): Config {
  return config
}
