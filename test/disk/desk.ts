/** Support triage over a store whose room runs out; opened again as often as a round asks for it. */
import { createRuntime, type Env, type Limits, type Runtime, StoreFullError, StoreUnavailableError } from 'pawl'
import type { Store } from 'pawl/ports'
import { type SqliteStore, sqliteStore } from 'pawl/stores/sqlite'
import { supportTriage } from '../../examples/support-triage/agent.ts'
import { scriptedModel } from '../../examples/support-triage/model.ts'
import { openWorld, type World } from '../../examples/support-triage/world/open-world.ts'
import { embedded } from '../../src/engines/embedded.ts'
import { nodeEnv } from '../../src/runtime/index.ts'
import type { Room } from './room.ts'

/** All clocks run so much faster: the pauses after a refusal, and the leases of who could not say goodbye. */
const FASTER = 5
const begunAt = Date.now()
const now = () => begunAt + Math.floor(FASTER * (Date.now() - begunAt))

export interface Desk {
  readonly world: World
  /** The store as it is, for the checks; `runtime` sees it through the planted bug. */
  readonly store: SqliteStore
  readonly runtime: Runtime
  /** What `onProblem` was told that is no error of a full store. */
  readonly surprises: readonly string[]
  /** Writes that were refused since the desk was opened, all openings together. */
  readonly refusals: number
  readonly commits: number
  /** Stops, closes, and opens again; `idle`: no session is driven. `between`: while nobody has the file open. */
  reopen(how: 'driving' | 'idle', between?: () => void): Promise<void>
  close(): Promise<void>
}

/** `limits` go before the desk's own. */
export function openDesk(room: Room, plant: (store: Store) => Store, limits: Partial<Limits> = {}): Desk {
  const world = openWorld(':memory:')
  const agents = [supportTriage({ world, model: scriptedModel() })]
  const surprises: string[] = []
  const before = { failures: 0, commits: 0 }
  let openings = 1
  let store = openStore(room, before.commits)
  let runtime = start('driving')

  function start(how: 'driving' | 'idle'): Runtime {
    return createRuntime({
      store: plant(store),
      agents,
      engine: how === 'idle' ? null : embedded(),
      env: quickEnv(openings),
      limits: { graceMs: 1_000, policyTimeoutMs: 60_000, ...limits },
      onProblem: (problem) => {
        if (!isTyped(problem)) surprises.push(problem instanceof Error ? (problem.stack ?? '') : String(problem))
      },
    })
  }

  async function shut(): Promise<void> {
    await runtime.stop()
    before.failures += store.stats.failures
    before.commits += store.stats.commits
    await store.close()
  }

  return {
    world,
    surprises,
    get store() {
      return store
    },
    get runtime() {
      return runtime
    },
    get refusals() {
      return before.failures + store.stats.failures
    },
    get commits() {
      return before.commits + store.stats.commits
    },
    reopen: async (how, between) => {
      await shut()
      between?.()
      openings += 1
      store = openStore(room, before.commits)
      runtime = start(how)
    },
    close: async () => {
      await shut()
      world.close()
    },
  }
}

/** What a full store may say, and one that is being opened again. */
export function isTyped(problem: unknown): boolean {
  return problem instanceof StoreFullError || problem instanceof StoreUnavailableError
}

function openStore(room: Room, commitsBefore: number): SqliteStore {
  const store: SqliteStore = sqliteStore({
    ...room.store,
    now,
    // At once, so that every write is a commit and a step of its own.
    defer: (flush) => {
      room.beforeCommit(commitsBefore + store.stats.commits)
      flush()
    },
  })
  return store
}

/** Each opening is another holder, and those before it have ended, as processes of their own would have. */
function quickEnv(openings: number): Env {
  const env = nodeEnv()
  const holder = `opening ${openings}`
  return {
    ...env,
    holder,
    isDead: (other) => other !== holder,
    now,
    monotonic: () => FASTER * env.monotonic(),
    setTimer: (delayMs, callback) => env.setTimer(delayMs / FASTER, callback),
  }
}
