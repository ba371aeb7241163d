/** Processes of a simulated world: each runs a real runtime over a simulated network, dies, and is started again. */
import { defaultLimits, type Limits } from '../../core/index.ts'
import { embedded } from '../../engines/embedded.ts'
import { agent, buildRuntime, type Runtime, wiring as shipped } from '../../runtime/index.ts'
import { watchDrafts } from './drafts.ts'
import { networkTo } from './network.ts'
import { GRACE_MS, type Outside } from './outside.ts'
import { type SimulatedProcess, startProcess } from './process.ts'
import type { Process } from './scheduler.ts'
import type { Plant, SimulationOptions } from './simulate.ts'
import { behindNetwork, defaultAgent } from './workload.ts'
import type { World } from './world.ts'

const SIMULATED_LIMITS: Partial<Limits> = {
  leaseMs: 2_000,
  noticeMs: 400,
  graceMs: GRACE_MS,
  modelTimeoutMs: 2_000,
  policyTimeoutMs: 1_000,
  callBackoffMs: 100,
  transportBackoffMs: 100,
  transportAttempts: 4,
}

export type ProcessContext = {
  readonly world: World
  readonly options: SimulationOptions
  readonly outside: Outside
  readonly dead: Set<string>
  readonly plant: Plant
}

/** Starts a process, and again whenever it has died. */
export function runProcess(context: ProcessContext, name: string, drives: boolean): { runtime: () => Runtime } {
  const { world, dead, plant } = context
  const { chance, scheduler } = world
  let incarnation = 0
  let runtime: Runtime
  const boot = () => {
    incarnation += 1
    const started = startProcess(world, `${name}.${incarnation}`, dead)
    const made = plant.environment?.(started) ?? started
    const strike = (process: Process) => {
      if (process.isDead || world.hasHealed) return
      if (chance.happens(world.faults.crash)) {
        process.isDead = true
        if (chance.happens(0.6)) dead.add(made.holder)
        scheduler.after(chance.between(10, 1_500), null, boot)
      } else if (chance.happens(world.faults.freeze)) process.frozenUntil = scheduler.now + chance.between(500, 6_000)
    }
    runtime = createProcessRuntime(context, made, { drives, strike })
  }
  boot()
  return { runtime: () => runtime }
}

type How = { readonly drives: boolean; readonly strike: (process: Process) => void }

function createProcessRuntime(
  { world, options, outside, plant }: ProcessContext,
  made: SimulatedProcess,
  { drives, strike }: How,
): Runtime {
  const { process, env } = made
  const wait = (delayMs: number) => new Promise<void>((resolve) => world.scheduler.after(delayMs, process, resolve))
  const defined = (options.agent ?? defaultAgent)(world)
  const simulated = agent({
    ...defined,
    model: behindNetwork(world, defined.model, wait),
    tools: (defined.tools ?? []).map((tool) => outside.simulated(tool, process)),
  })
  const network = networkTo(world, process, strike)
  const store = plant.store?.(network, world) ?? network
  const wiring = plant.wiring?.(shipped) ?? shipped
  const limits = { ...defaultLimits, ...SIMULATED_LIMITS }
  return buildRuntime(
    {
      store,
      env,
      agents: [simulated],
      limits,
      engine: drives ? embedded() : null,
      onProblem: options.onProblem ?? (() => {}),
    },
    watchDrafts(world, wiring),
  )
}
