/** Processes that know the desk's agent: one that only takes orders, and workers that live in this process and die like real ones. */
import { type Agent, type AgentOptions, type AnyTool, agent, type Policy } from 'pawl'
import type { Store } from 'pawl/ports'
import { embedded } from '../../src/engines/embedded.ts'
import { buildRuntime, type Runtime, wiring as shippedWiring, type Wiring } from '../../src/runtime/index.ts'
import { type ManualClock, manualEnv } from '../../src/testing/manual-env.ts'
import type { Desk } from './desk.ts'
import { noPolicies } from './desk-policies.ts'
import { deskTools } from './desk-tools.ts'
import { obedientModel } from './obedient-model.ts'
import type { Script } from './script.ts'

export const AGENT = 'desk'

/** Rarely, so that time passes in few steps; a worker's death is noticed all the same. */
const NOTICE_MS = 4_000

type Place = { readonly desk: Desk; readonly store: Store; readonly clock: ManualClock }

export type WorkerOptions = Place & {
  readonly policies: readonly Policy[]
  readonly wiring?: Wiring | undefined
  /** Dies when this many appends have been committed, before it hears of the last. */
  readonly diesAfterAppends?: number | undefined
  readonly onAppended: () => void
  readonly onDeath: () => void
  readonly dead: Set<string>
}

/** Where messages come in and people answer. It drives nothing, and never dies. */
export function openFront({ desk, store, clock }: Place): Runtime {
  const env = manualEnv({ holder: 'front', clock })
  return buildRuntime({ store, env, agents: [deskAgent(desk, noPolicies)], engine: null })
}

/** Starts to drive. After `die` nothing that it does reaches the store, and no timer of it rings. */
export function startWorker(name: string, options: WorkerOptions): { die(): void } {
  const { desk, clock, dead, policies, wiring = shippedWiring } = options
  const life: Life = {
    isDead: false,
    end: () => {
      life.isDead = true
      dead.add(name)
      options.onDeath()
    },
  }
  const env = manualEnv({ holder: name, clock, dead })
  buildRuntime(
    {
      store: mortal(options, life),
      env: { ...env, setTimer: ringsWhileAlive(env.setTimer, life) },
      agents: [deskAgent(desk, policies)],
      engine: embedded(),
      limits: { noticeMs: NOTICE_MS },
    },
    wiring,
  )
  return { die: life.end }
}

function deskAgent(desk: Desk, policies: readonly Policy[]): Agent {
  const { plans } = desk.script
  const tools = deskTools(desk)
  return agent({
    name: AGENT,
    instructions: 'You deal with tickets.',
    model: obedientModel((message) => desk.shown(message)),
    tools,
    policies,
    budget: { maxCalls: 40 },
    ...(plans !== undefined && planned(plans, tools)),
  })
}

/** One clerk who may have every tool that a task names, and one who may only read. */
function planned(
  plans: NonNullable<Script['plans']>,
  tools: readonly AnyTool[],
): Pick<AgentOptions, 'planning' | 'specialists'> {
  const { route, planReview } = plannings[plans]
  const names = tools.map(({ name }) => name)
  return {
    planning: { route, planReview, router: null, maxPlanAttempts: 2, maxReplans: 2 },
    specialists: [
      { name: 'clerk', domain: 'Deals with accounts.', instructions: 'Deal with it.', tools: names },
      { name: 'reader', domain: 'Reads.', instructions: 'Read.', tools: ['read_ticket', 'lookup_account'] },
    ],
  }
}

const plannings = {
  strict: { route: 'plan_and_subagent', planReview: 'never' },
  flexible: { route: 'plan', planReview: 'never' },
  reviewed: { route: 'plan_and_subagent', planReview: 'always' },
} as const

type Life = { isDead: boolean; readonly end: () => void }

function ringsWhileAlive(setTimer: ManualClock['setTimer'], life: Life): ManualClock['setTimer'] {
  return (delayMs, callback) =>
    setTimer(delayMs, () => {
      if (!life.isDead) callback()
    })
}

const silence = new Promise<never>(() => {})

function mortal({ store, diesAfterAppends, onAppended }: WorkerOptions, life: Life): Store {
  let appends = 0
  return new Proxy(store, {
    get: (target, key) => {
      const member: unknown = Reflect.get(target, key, target)
      if (typeof member !== 'function') return member
      return async (...request: unknown[]) => {
        if (life.isDead) return silence
        const answer: unknown = await member.apply(target, request)
        if (key !== 'append' || life.isDead) return life.isDead ? silence : answer
        appends += 1
        onAppended()
        if (appends === diesAfterAppends) life.end()
        return life.isDead ? silence : answer
      }
    },
  })
}
