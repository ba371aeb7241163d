/** The part of a runtime that drives: its worker, its activations, and the engine's way to them. */
import { FORMAT, type Limits } from '../core/index.ts'
import type { Engine, EngineHost, Env, SessionRef } from '../ports/index.ts'
import { type Activation, type Driver, type Observer, stateOf } from './activation.ts'
import { UnknownAgentError } from './claim.ts'
import type { StoreClock } from './clock.ts'
import { type Drove, drive } from './drive.ts'
import type { Hub } from './hub.ts'
import type { RuntimeOptions } from './options.ts'
import { retain } from './retain.ts'
import { SecretError } from './secret-error.ts'
import type { Secrets } from './secrets.ts'
import type { Wiring } from './wiring.ts'
import { enlistWorker, type Worker } from './worker.ts'

export interface Driving {
  poke(ref: SessionRef): void
  stop(): Promise<void>
}

export type DrivingContext = {
  readonly options: RuntimeOptions & { readonly engine: Engine | null }
  readonly limits: Limits
  readonly env: Env
  readonly clock: StoreClock
  readonly hub: Hub
  readonly wiring: Wiring
  readonly secrets: Secrets
}

const ENLIST_AGAIN_MS = 1_000

export function createDriving(context: DrivingContext): Driving {
  const { options, limits, env } = context
  const { engine } = options
  if (engine === null) return { poke: () => {}, stop: async () => {} }
  const activations = new Map<string, Activation>()
  const observer = createObserver(context)
  const workers = keepEnlisted(context, observer, () => {
    for (const activation of activations.values()) activation.mailbox.poke()
  })
  let isDraining = false
  let stopped: Promise<void> | null = null
  const host: EngineHost = {
    store: options.store,
    env,
    noticeMs: limits.noticeMs,
    maxSessionsInFlight: limits.maxSessionsInFlight,
    aloneIsElsewhere: options.driveAlone !== undefined,
    format: FORMAT,
    agents: options.agents.map(({ name }) => name),
    drive: async (ref, how) => {
      const worker = await workers.current()
      if (worker === null || isDraining) return 'left'
      const driver = driverOf(context, { worker, observer, isDraining: () => isDraining })
      return driveKept(ref, driver, { ...how, activations, driveAlone: options.driveAlone })
    },
    driven: () =>
      [...activations.values()].flatMap((each) => {
        // Its state is ahead of the log while a pass is being committed; whoever has written meanwhile is met as a conflict.
        if (each.loaded.draft.undos !== null) return []
        return [{ ref: each.ref, version: stateOf(each).seq, fence: each.fence }]
      }),
    notice: (ref) => activations.get(keyOf(ref))?.mailbox.poke(),
    retention: retentionOf(context),
    report: (problem) => observer.report(null, problem),
  }
  engine.start(host)
  return {
    poke: (ref) => {
      if (!isDraining) engine.poke(ref)
    },
    stop: () => {
      isDraining = true
      for (const activation of activations.values()) activation.mailbox.poke()
      stopped ??= engine.stop().then(workers.dismiss)
      return stopped
    },
  }
}

/** Sessions and artifacts that go at a time. */
const RETAINED_AT_A_TIME = 100

function retentionOf({ options, limits, clock }: DrivingContext): EngineHost['retention'] {
  const { sweepEveryMs, retainEndedMs, orphanArtifactMs } = limits
  const run = (signal: AbortSignal) =>
    retain(options.store, {
      now: clock.now(),
      retainEndedMs,
      orphanArtifactMs,
      limit: RETAINED_AT_A_TIME,
      signal,
    })
  return { everyMs: sweepEveryMs, run }
}

const keyOf = (ref: SessionRef) => JSON.stringify([ref.tenant, ref.sessionId])

function driverOf(
  context: DrivingContext,
  own: { worker: Worker; observer: Observer; isDraining: () => boolean },
): Driver {
  const { options, env, clock, limits, wiring, secrets } = context
  const agents = new Map(options.agents.map((agent) => [agent.name, agent]))
  return {
    store: options.store,
    env,
    clock,
    limits,
    wiring,
    agents,
    secrets,
    worker: () => own.worker,
    isDraining: own.isDraining,
    observer: own.observer,
  }
}

type Kept = {
  readonly alone: boolean
  readonly deadWorkers: readonly string[]
  readonly activations: Map<string, Activation>
  readonly driveAlone: RuntimeOptions['driveAlone']
}

/** Drives, and keeps the activation where hints can find it. A session that must be alone may have a process of its own. */
async function driveKept(ref: SessionRef, driver: Driver, kept: Kept): Promise<Drove> {
  const key = keyOf(ref)
  const { alone, deadWorkers, activations, driveAlone } = kept
  let own: Activation | null = null
  try {
    if (alone && driveAlone !== undefined) {
      await driveAlone(ref)
      return 'left'
    }
    const onActivation = (activation: Activation) => {
      own = activation
      activations.set(key, activation)
      activation.worker.drives(activations.size)
    }
    return await drive(ref, driver, { alone, deadWorkers, onActivation })
  } catch (problem) {
    driver.observer.report(ref, problem)
    return problem instanceof UnknownAgentError || problem instanceof SecretError ? 'left' : 'failed'
  } finally {
    if (activations.get(key) === own) activations.delete(key)
    driver.worker().drives(activations.size)
  }
}

function createObserver({ hub, options, secrets, wiring }: DrivingContext): Observer {
  const onProblem = options.onProblem ?? ((problem) => console.error(problem))
  const redacted = (problem: unknown) => {
    try {
      return wiring.redaction.problem(secrets.redactor(null), problem)
    } catch {
      return new Error('a problem was reported from which secrets could not be taken out')
    }
  }
  return {
    committed: (ref) => hub.committed(ref),
    delta: (ref, delta) => hub.delta(ref, delta),
    report: (ref, problem) => {
      try {
        onProblem(redacted(problem), ref?.sessionId ?? null)
      } catch (thrown) {
        say(redacted(thrown))
      }
    },
  }
}

/** The last resort: whoever reports a problem is never stopped by it. */
function say(problem: unknown): void {
  try {
    console.error(problem)
  } catch {
    // There is nobody left to tell.
  }
}

/** One incarnation after the other: a lease that was lost is not revived, the worker enlists anew. */
function keepEnlisted({ options, env, clock, limits }: DrivingContext, { report }: Observer, onLost: () => void) {
  let enlisting: Promise<Worker | null> | null = null
  let failedAt = Number.NEGATIVE_INFINITY
  const terms = {
    leaseMs: limits.leaseMs,
    stallMs: limits.stallMs,
    report: (problem: unknown) => report(null, problem),
  }
  const enlist = async (): Promise<Worker | null> => {
    try {
      return await enlistWorker({ store: options.store, env, clock, ...terms, onLost })
    } catch (problem) {
      failedAt = env.monotonic()
      report(null, problem)
      return null
    }
  }
  const current = async (): Promise<Worker | null> => {
    const known = enlisting
    const worker = await known
    const mayTry = env.monotonic() - failedAt >= ENLIST_AGAIN_MS
    if (enlisting === known && (worker === null || worker.isLost) && mayTry) enlisting = enlist()
    return enlisting
  }
  return {
    current,
    dismiss: async () => {
      const worker = await enlisting
      // Where the store takes nothing now the lease runs out by itself; whoever stops has stopped.
      if (worker !== null && !worker.isLost) await worker.dismiss().catch((problem) => report(null, problem))
    },
  }
}
