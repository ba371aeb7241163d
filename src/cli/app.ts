/** What a command works with: configuration, store, and the runtime over them. Opened once, closed when the command ends. */
import { userInfo } from 'node:os'
import {
  type Agent,
  createRuntime,
  defaultLimits,
  type Limits,
  type PatternName,
  type Runtime,
  type Store,
} from '../index.ts'
import type { Engine } from '../ports/index.ts'
import type { RuntimeOptions } from '../runtime/index.ts'
import { sayError, usageError } from './errors.ts'
import { type LoadedConfig, loadConfig, noConfig } from './load-config.ts'
import { openStore } from './open-store.ts'
import type { Environment, Terminal } from './terminal.ts'
import { typedIn } from './typed-in.ts'

/** What every command takes. */
export type GlobalOptions = {
  readonly tenant?: string
  readonly config?: string
  readonly store?: string
  readonly by?: string
  readonly json?: boolean
  readonly debug?: boolean
}

export type App = {
  readonly terminal: Terminal
  readonly options: GlobalOptions
  readonly isJson: boolean
  /** Null where there is no file, and `--store` says where the sessions are. */
  readonly loaded: LoadedConfig | null
  readonly agents: readonly Agent[]
  readonly limits: Limits
  /** Credentials known by their form that are shown. */
  readonly keptPatterns: readonly PatternName[]
  readonly store: Store
  readonly storePath: string | null
  /** Who answers. */
  readonly by: string
  /** A runtime over the store: with an engine it drives, with null it only writes and reads. Stopped when the command ends. */
  runtime(engine: Engine | null, options?: Pick<RuntimeOptions, 'driveAlone'>): Runtime
  close(): Promise<void>
}

export type AppOptions = {
  readonly terminal: Terminal
  readonly environment: Environment
  readonly options: GlobalOptions
  readonly needsConfig: boolean
}

export async function openApp({ terminal, environment, options, needsConfig }: AppOptions): Promise<App> {
  const from = typedIn()
  const loaded = await loadConfig(options.config, from)
  if (loaded === null && (needsConfig || options.store === undefined)) throw noConfig(from)
  // Relative paths in a configuration mean the folder that it lies in, from wherever a command is run.
  if (loaded !== null) process.chdir(loaded.folder)
  const { store, path } = await openStore(options.store, loaded, from)
  const limits = { ...defaultLimits, ...loaded?.config.limits }
  const agents = loaded?.config.agents ?? []
  const keptPatterns = loaded?.config.keptPatterns ?? []
  const isJson = options.json === true
  const runtimes: Runtime[] = []
  return {
    terminal,
    options,
    isJson,
    loaded,
    agents,
    limits,
    keptPatterns,
    store,
    storePath: path,
    by: options.by ?? loaded?.config.by ?? userOf(environment),
    runtime: (engine, more = {}) => {
      const onProblem = problemTeller(terminal, options)
      const runtime = createRuntime({
        store,
        agents,
        limits: loaded?.config.limits ?? {},
        engine,
        onProblem,
        keptPatterns,
        ...(loaded?.config.secrets && { secrets: loaded.config.secrets }),
        ...more,
      })
      runtimes.push(runtime)
      return runtime
    },
    close: async () => {
      for (const runtime of runtimes) await runtime.stop()
      await store.close()
    },
  }
}

function problemTeller({ note, noteStyle }: Terminal, options: GlobalOptions): (problem: unknown) => void {
  return (problem) => note(sayError(problem, noteStyle, options.debug === true))
}

function userOf(environment: Environment): string {
  const named = environment['USER'] ?? environment['LOGNAME'] ?? environment['USERNAME']
  if (named !== undefined && named !== '') return named
  try {
    return userInfo().username
  } catch {
    return 'operator'
  }
}

/** @throws CliError `usage` if no agent of the configuration has that name. */
export function agentOf(app: Pick<App, 'agents' | 'loaded'>, name: string): Agent {
  const agent = app.agents.find((each) => each.name === name)
  if (agent !== undefined) return agent
  const known = app.agents.map((each) => each.name).join(', ') || 'none'
  throw usageError(
    `expected one of the agents of ${app.loaded?.path ?? 'the configuration'} (${known}); found ${JSON.stringify(name)}`,
  )
}
