/** A whole runtime over one of the two stores, by a manual clock, with everything watched that could be left behind. */

import { encodeState, type State } from '../../src/core/index.ts'
import { embedded } from '../../src/engines/embedded.ts'
import type { AnyTool, Model, Policy, Store } from '../../src/ports/index.ts'
import { type Agent, type AgentOptions, agent, tool } from '../../src/runtime/define.ts'
import { buildRuntime, type Runtime } from '../../src/runtime/runtime.ts'
import { jsonSchema } from '../../src/schemas/json-schema.ts'
import { memoryStore } from '../../src/stores/memory.ts'
import { sqliteStore } from '../../src/stores/sqlite/store.ts'
import { type ManualEnv, manualEnv } from '../../src/testing/manual-env.ts'
import { chanceOf } from '../../src/testing/simulator/chance.ts'
import { type PlansOfCase, SPECIALIST } from './hostile-plans.ts'
import type { Subject } from './subject.ts'

export type StoreName = 'memory' | 'sqlite'

/** What the outside says: each is asked for by number, and answers the same for the same number. */
export type Outside = {
  readonly model: Model
  readonly run: (input: Record<string, unknown>) => unknown
  readonly view: () => unknown
  readonly verdict: () => unknown
  readonly question: () => unknown
  /** Null: the agent makes no plans. */
  readonly plans: PlansOfCase | null
  /** Poisoned answers that the model has given. */
  readonly answers: () => number
}

export type World = {
  readonly runtime: Runtime
  readonly store: Store
  readonly env: ManualEnv
  readonly problems: unknown[]
  /** How often `next` was asked: the steps that were driven. */
  readonly steps: () => number
  /** The driver's own state after its last commit, by session. */
  readonly committed: ReadonlyMap<string, { readonly seq: number; readonly text: string }>
}

const FEW_RETRIES = {
  noticeMs: 3_600_000,
  transportAttempts: 2,
  transportBackoffMs: 10,
  callBackoffMs: 10,
  maxBackoffMs: 100,
}

export function openWorld(subject: Subject, name: StoreName, outside: Outside): World {
  const env = manualEnv()
  const store = openStore(subject, name, env)
  const problems: unknown[] = []
  const committed = new Map<string, { seq: number; text: string }>()
  let steps = 0
  const runtime = buildRuntime(
    {
      store,
      agents: [poisonedAgent(outside)],
      env,
      engine: embedded(),
      limits: FEW_RETRIES,
      onProblem: (problem) => problems.push(problem),
    },
    {
      ...subject.wiring,
      next: (state, moment) => {
        steps += 1
        return subject.wiring.next(state, moment)
      },
      keepPass: (draft) => {
        subject.wiring.keepPass(draft)
        remember(draft.state)
      },
    },
  )
  const remember = (state: State) => {
    committed.set(state.sessionId, { seq: state.seq, text: encodeState(state) })
  }
  return { runtime, store, env, problems, steps: () => steps, committed }
}

/** The same salts on both, so that the same bytes have the same hashes. */
function openStore(subject: Subject, name: StoreName, env: ManualEnv): Store {
  const salts = chanceOf(1)
  const randomBytes = (size: number) => Uint8Array.from({ length: size }, () => salts.below(256))
  const { now } = env
  if (name === 'memory') return memoryStore({ now, randomBytes })
  return subject.wrapStore(sqliteStore({ path: ':memory:', now, randomBytes, defer: (flush) => flush() }))
}

const anything = jsonSchema<Record<string, unknown>>({ type: 'object' })
const withId = jsonSchema({ type: 'object', required: ['id'] })
const order = jsonSchema<Record<string, unknown>>({
  type: 'object',
  properties: {
    id: { type: 'string', pattern: '^(W\\d+)+$' },
    kind: { enum: ['red', 'blue'] },
    slow: { type: 'string', pattern: '^(a+)+$' },
    items: { type: 'array', items: { type: 'integer' }, maxItems: 3 },
  },
  additionalProperties: false,
})

/** Its definition is the user's own code, and no poison: what its parts answer is. */
function poisonedAgent({ model, run, view, verdict, question, plans }: Outside): Agent {
  // What these answer is what is tested: anything at all.
  const views = { present: view, summarize: view, endsSession: view } as never
  const make = (name: string, more: object) =>
    tool({ name, description: name, effect: 'read', input: anything, run, ...more }) as AnyTool
  const tools = [
    make('echo', {}),
    make('view', views),
    make('typed', { output: withId }),
    make('pay', { effect: 'unsafe', retries: 0 }),
    make('put', { effect: 'idempotent', retries: 1 }),
    make('ask', { asks: question }),
    make('strict', { input: order }),
  ]
  const check = verdict as unknown as Policy['check']
  return agent({
    name: 'clerk',
    instructions: 'You are poisoned.',
    model,
    tools,
    policies: [{ name: 'rule', version: '1', tools: ['pay', 'put'], check }],
    budget: { maxTurns: 12 },
    ...(plans !== null && planned(plans, question)),
  })
}

/** What a checker says is poison like what tools answer. */
function planned({ isReviewed }: PlansOfCase, said: () => unknown): Pick<AgentOptions, 'planning' | 'specialists'> {
  return {
    planning: { planReview: isReviewed ? 'always' : 'never', maxReplans: 1, checkers: { rule: said as never } },
    specialists: [{ name: SPECIALIST, domain: 'Does a part.', instructions: 'Do it.', tools: ['echo', 'pay'] }],
  }
}
