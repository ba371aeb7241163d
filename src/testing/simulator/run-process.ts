/** Processes of a simulated world: each runs a real runtime over a simulated network, dies, is told to stop, and is started again. */
import { defaultLimits, type Limits } from '../../core/index.ts'
import { embedded } from '../../engines/embedded.ts'
import type { Model, Store } from '../../ports/index.ts'
import { type Agent, buildRuntime, type Runtime, wiring as shipped } from '../../runtime/index.ts'
import { hasUnsafe } from './mark-events.ts'
import type { MemoryShape } from './memory-shape.ts'
import { networkTo, type Strike } from './network.ts'
import { GRACE_MS, type Outside } from './outside.ts'
import type { Plant } from './plant.ts'
import { isNewestHolder, type SimulatedProcess, startProcess } from './process.ts'
import { behindNetwork } from './random-model.ts'
import type { Process } from './scheduler.ts'
import { watchStates } from './watch-states.ts'
import type { World } from './world.ts'

const SIMULATED_LIMITS: Partial<Limits> = {
  // A simulated process has no event loop of its own that could stand still.
  stallMs: 0,
  noticeMs: 400,
  graceMs: GRACE_MS,
  modelTimeoutMs: 2_000,
  policyTimeoutMs: 1_000,
  approvalExpiryMs: 15_000,
  callBackoffMs: 100,
  transportBackoffMs: 100,
  transportAttempts: 4,
}

export type ProcessContext = {
  readonly world: World
  readonly agent: Agent
  readonly outside: Outside
  /** Holders that machines know to be gone. */
  readonly dead: Set<string>
  readonly plant: Plant
  /** Told of what the simulated runtimes report. */
  readonly onProblem: (problem: unknown, sessionId: string | null) => void
}

/** A request to the store during which a worker may be told to stop: every wait of a pass is one of them. */
const DEPLOYS_DURING = ['claim', 'read', 'append', 'appendLocked', 'release'] as const
/** After which a deploy waits no longer for its request. */
const DEPLOYS_WITHIN_MS = 1_500

/** A process as it is now. */
export type Running = { readonly runtime: Runtime; readonly store: Store; readonly process: Process }

export type Kept = {
  readonly now: () => Running
  /** Tells it to stop, as a deploy does; another begins when it has. */
  readonly deploy: () => void
}

/** Starts a process, and again whenever it has died. */
export function runProcess(context: ProcessContext, name: string, drives: boolean): Kept {
  const { world, dead, plant } = context
  const { chance, scheduler } = world
  let incarnation = 0
  let running: Running
  const boot = () => {
    incarnation += 1
    const started = startProcess(world, `${name}.${incarnation}`, dead)
    const made = plant.environment?.(started) ?? started
    const strike: Strike = (process, { name: during, request }) => {
      if (process.stopsDuring === during) {
        // A read is asked for with the session that is read.
        if (during === 'read') markStop(world, process, request as Parameters<Store['read']>)
        stop()
      }
      if (process.isDead || world.hasHealed) return
      if (chance.happens(world.faults.crash)) {
        process.isDead = true
        markCrash(world, during)
        if (chance.happens(0.6)) dead.add(made.env.holder)
        scheduler.after(chance.between(10, 1_500), null, boot)
      } else if (chance.happens(world.faults.freeze)) process.frozenUntil = scheduler.now + chance.between(500, 6_000)
    }
    running = createRunning(context, made, { drives, strike })
  }
  const stop = () => {
    const { runtime, process } = running
    if (process.isDead) return
    process.stopsDuring = null
    markDeploy(world, process)
    const stopped = () => {
      if (process.isDead) return
      process.isDead = true
      boot()
    }
    // A store that is away does not hear that the worker goes; its lease will run out.
    runtime.stop().then(stopped, stopped)
  }
  const deploy = () => {
    const { process } = running
    const during = chance.happens(0.5) ? chance.pick(DEPLOYS_DURING) : null
    if (during === null) return stop()
    process.stopsDuring = during
    scheduler.after(DEPLOYS_WITHIN_MS, process, () => {
      if (process.stopsDuring !== null) stop()
    })
  }
  boot()
  return { now: () => running, deploy }
}

type How = { readonly drives: boolean; readonly strike: Strike }

function createRunning(context: ProcessContext, { process, env }: SimulatedProcess, { drives, strike }: How): Running {
  const { world, agent, outside, plant, onProblem } = context
  const wait = (delayMs: number) => new Promise<void>((resolve) => world.scheduler.after(delayMs, process, resolve))
  const simulated: Agent = {
    ...withModel(agent, behindNetwork(world, agent.model, wait)),
    tools: new Map([...agent.tools].map(([name, tool]) => [name, outside.simulated(tool, process)])),
  }
  const network = networkTo(world, process, strike)
  const store = plant.store?.(network, world) ?? network
  const wiring = plant.wiring?.(shipped) ?? shipped
  const { maxConcurrentCalls, leaseMs, memory } = world.shape
  const limits = { ...defaultLimits, ...SIMULATED_LIMITS, maxConcurrentCalls, leaseMs, ...limitsOf(memory) }
  const engine = drives ? embedded() : null
  const options = { store, env, agents: [simulated], limits, engine, onProblem }
  return { runtime: buildRuntime(options, watchStates(world, wiring)), store, process }
}

type Role = NonNullable<Agent['memory']['summarizer']>

/** Whoever is asked, it is this one. */
function withModel(agent: Agent, model: Model): Agent {
  const asked = <R extends Role | null>(role: R): R => (role === null ? role : { ...role, model })
  const { planning, memory, specialists } = agent
  return {
    ...agent,
    model,
    planning:
      planning === null ? null : { ...planning, planner: asked(planning.planner), router: asked(planning.router) },
    memory: {
      ...memory,
      summarizer: asked(memory.summarizer),
      compressor: asked(memory.compressor),
      processorRole: asked(memory.processorRole),
    },
    specialists: new Map([...specialists].map(([name, role]) => [name, asked(role)])),
  }
}

function limitsOf(memory: MemoryShape | null): Partial<Limits> {
  if (memory === null) return {}
  const { maxInlineBytes, retainEndedMs, orphanArtifactMs, sweepEveryMs } = memory
  return { maxInlineBytes, retainEndedMs, orphanArtifactMs, sweepEveryMs }
}

function markCrash({ records, mark }: World, during: string): void {
  if (during === 'saveArtifact') mark('a worker died while it saved an artifact')
  if (during === 'artifact') mark('a worker died while it read an artifact')
  const isHalfMet = records.all().some((record) => [...record.open.values()].some(({ votes }) => votes.size > 0))
  if (isHalfMet) mark('quorum half met at a crash')
}

function markStop(world: World, process: Process, [ref]: Parameters<Store['read']>): void {
  if (isNewestHolder(world, process, ref)) world.mark('told to stop while a driver read')
}

function markDeploy(world: World, process: Process): void {
  const { records, expected, mark } = world
  for (const record of records.all())
    if (isNewestHolder(world, process, record) && hasUnsafe(record, expected))
      mark('drained with an unsafe call under way')
}
