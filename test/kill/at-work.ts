/** A worker's runtime over one round's file, with somebody around the ports who tells what passes through. */
import { setTimeout as after } from 'node:timers/promises'
import type { Env, RuntimeOptions } from 'pawl'
import type { Append, Store } from 'pawl/ports'
import { sqliteStore } from 'pawl/stores/sqlite'
import { embedded } from '../../src/engines/embedded.ts'
import { buildRuntime, nodeEnv, type Wiring, wiring } from '../../src/runtime/index.ts'
import { errandAgent } from './agent.ts'
import { ledgerClient } from './ledger-client.ts'
import { limitsOf } from './mode.ts'
import { plantsOf, type WorkerPlants } from './planted-worker.ts'
import { speakAtRandom } from './speak.ts'
import type { Tells, WorkerOrders } from './worker-orders.ts'

const MAX_SILENCE_MS = 800
const beginnings: ReadonlySet<string> = new Set(['call_started', 'model_started'])

export interface AtWork {
  readonly secondTerm: WorkerOrders['secondTerm']
  /** Resolves when the runtime has stopped. May be called again. `isAbrupt`: by a signal, not at the end of a round. */
  drain(isAbrupt: boolean): Promise<void>
  close(): Promise<void>
}

type Tell = (tells: Tells) => void

export function goToWork(orders: WorkerOrders, tell: Tell): AtWork {
  const plants = plantsOf(orders.bug)
  const file = sqliteStore(orders.storePath)
  const client = ledgerClient(orders.ledgerPort)
  let isStopping = false
  let isOver = false
  const told = tellingStore(plants.store?.(file) ?? file, { tell, isStopping: () => isStopping })
  const looks = tellingLooks(plants.wiring ?? wiring, tell)
  const agent = errandAgent(plants.ledger?.(client) ?? client, { plants, onEnter: looks.entered })
  const options: RuntimeOptions = {
    store: told,
    agents: [agent],
    limits: limitsOf[orders.mode],
    env: envOf(orders, plants),
    onProblem: (problem, sessionId) => {
      // A tool that was given up may answer long after the round.
      if (!isOver) console.error(`${sessionId}: ${problem instanceof Error ? problem.stack : problem}`)
    },
  }
  const runtime = buildRuntime({ ...options, engine: embedded() }, looks.wiring)
  const speaker = speakAtRandom({ runtime, store: file, seed: orders.seed, isOn: orders.speaks, tell })
  // With nothing to drive there is no first commit.
  const silence = setTimeout(() => tell({ type: 'working' }), MAX_SILENCE_MS)
  return {
    secondTerm: orders.secondTerm,
    drain: async (isAbrupt) => {
      isStopping = true
      if (plants.drain === 'at_once' && isAbrupt) return
      if (plants.drain === 'cuts') client.close()
      if (plants.drain === 'late') await after(limitsOf[orders.mode].graceMs / 2)
      await Promise.all([runtime.stop(), speaker.stop(isAbrupt)])
    },
    close: async () => {
      isOver = true
      clearTimeout(silence)
      await file.close()
      client.close()
    },
  }
}

function envOf({ deathsAreHidden }: WorkerOrders, plants: WorkerPlants): Env {
  const env = nodeEnv()
  const seen = deathsAreHidden ? { ...env, isDead: () => false } : env
  return plants.env?.(seen) ?? seen
}

type Telling = { readonly tell: Tell; readonly isStopping: () => boolean }

/** Tells what was claimed and appended, and what was still begun when the worker had been asked to stop. */
function tellingStore(store: Store, { tell, isStopping }: Telling): Store {
  let isSilent = true
  const began = ({ ref, events }: Append): void => {
    const kinds = events.flatMap(({ kind }) => (beginnings.has(kind) ? [kind] : []))
    if (isStopping() && kinds.length > 0) tell({ type: 'began_anew', sessionId: ref.sessionId, kinds: kinds.join() })
  }
  const stands = ({ ref, fence, version, events }: Append): void => {
    // Commands have no fence.
    if (fence === null) return
    if (isSilent) tell({ type: 'working' })
    isSilent = false
    tell({ type: 'appended', sessionId: ref.sessionId, fence, from: version + 1, to: version + events.length })
  }
  return {
    ...store,
    append: async (append) => {
      began(append)
      const appended = await store.append(append)
      if (appended.type === 'appended') stands(append)
      return appended
    },
    appendLocked: async (ref, version, decide) => {
      const asked: Append[] = []
      const appended = await store.appendLocked(ref, version, (locked) => {
        const append = decide(locked)
        if (append !== null) asked.push(append)
        return append
      })
      for (const append of asked) began(append)
      if (appended.type === 'appended') for (const append of asked) stands(append)
      return appended
    },
    claim: async (ref, claim) => {
      const claimed = await store.claim(ref, claim)
      if (claimed.type === 'claimed')
        tell({ type: 'claimed', sessionId: ref.sessionId, fence: claimed.fence, at: Date.now() })
      return claimed
    },
  }
}

/** When the driver looked at its lease, beside when the tool was entered: between the two nothing but a freeze can pass. */
function tellingLooks(parts: Wiring, tell: Tell) {
  let allowedAt = 0
  return {
    wiring: {
      ...parts,
      mayStart: (...asked: Parameters<Wiring['mayStart']>) => {
        const may = parts.mayStart(...asked)
        // The start follows in the same tick.
        allowedAt = Date.now()
        return may
      },
    },
    entered: (entered: Omit<Extract<Tells, { type: 'entered' }>, 'type' | 'allowedAt' | 'at'>) =>
      tell({ type: 'entered', ...entered, allowedAt, at: Date.now() }),
  }
}
