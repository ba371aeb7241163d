/**
 * The pure core alone under a virtual clock: commands, `next` and reducers as the driver uses them, calls that take as long as they are
 * said to, and nothing else. What ends at one time ends in the order in which it was started, one pass each.
 */
import {
  type Action,
  type Completion,
  Draft,
  freshState,
  handle,
  type Moment,
  next,
  type PawlEvent,
  type ProposedPlan,
  reduce,
  type State,
  validatePlan,
} from 'pawl/core'
import { callTerms, type Job, LONG_MS, outcomeFor, readInput, startOf } from './job.ts'
import { toolNames } from './workflow.ts'

export type Logged = { readonly at: number; readonly event: PawlEvent }

/** What may be planted. `load`: the state of a log. */
export type Core = {
  readonly handle: typeof handle
  readonly next: typeof next
  readonly reduce: typeof reduce
  readonly load: (log: readonly Logged[], reduceBy: typeof reduce) => Draft
}

export const shippedCore: Core = { handle, next, reduce, load }

function load(log: readonly Logged[], reduceBy: typeof reduce): Draft {
  const draft = new Draft(freshState('default', 's1'))
  for (const { event, at } of log) reduceBy(draft, event, at)
  return draft
}

/** What a worker finds that takes a session over. */
export type Resumed = {
  readonly log: readonly Logged[]
  /** Of the new activation. */
  readonly fence: number
  /** Of the holder that is known to be dead; 0: nobody knows. */
  readonly deadFence: number
  /** How long nobody had the session. */
  readonly awayMs: number
  /** Whether a run that the crash has cut off took effect. */
  readonly tookEffect: (run: Run) => boolean
}

export type Run = { readonly callId: string; readonly attempt: number }

export type PlayOptions = { readonly core?: Core; readonly from?: Resumed }

export type Played = { readonly log: readonly Logged[]; readonly state: State; readonly passes: number }

type Timer = { readonly at: number; readonly order: number; readonly key: string; readonly completion: Completion }

type World = {
  readonly job: Job
  readonly core: Core
  readonly from: Resumed | null
  readonly draft: Draft
  readonly log: Logged[]
  readonly timers: Timer[]
  readonly underWay: Set<string>
  now: number
  wakeAt: number | null
  started: number
  passes: number
}

/** From its start, or from where a crash has left it, to its end. Throws where it does not come to one. */
export function play(job: Job, { core = shippedCore, from }: PlayOptions = {}): Played {
  const world = from === undefined ? begun(job, core) : resumed(job, core, from)
  const { draft, timers, log } = world
  pass(world, null)
  while (draft.state.ended === null) {
    const timer = earliest(timers)
    const { wakeAt } = world
    if (timer === undefined && wakeAt === null) throw new Error('the session rests, and nothing will wake it')
    const isWoken = timer === undefined || (wakeAt !== null && wakeAt < timer.at)
    if (!isWoken) timers.splice(timers.indexOf(timer), 1)
    world.now = Math.max(world.now, isWoken ? (wakeAt ?? world.now) : timer.at)
    if (!isWoken) world.underWay.delete(timer.key)
    pass(world, isWoken ? null : timer.completion)
    if (world.passes > MOST_PASSES) throw new Error('the session does not come to an end')
  }
  return { log, state: draft.state, passes: world.passes }
}

/** Far more than the largest workflow takes. */
const MOST_PASSES = 100_000

const START_AT = 1_000_000

function begun(job: Job, core: Core): World {
  const world = worldOf(job, core, { draft: core.load([], core.reduce), log: [], now: START_AT, from: null })
  fold(world, core.handle(world.draft.state, startOf(job), { now: START_AT, fence: 0 }))
  return world
}

function resumed(job: Job, core: Core, from: Resumed): World {
  const { log, awayMs } = from
  const now = (log.at(-1)?.at ?? START_AT) + awayMs
  return worldOf(job, core, { draft: core.load(log, core.reduce), log: [...log], now, from })
}

type Beginning = Pick<World, 'draft' | 'log' | 'now' | 'from'>

function worldOf(job: Job, core: Core, beginning: Beginning): World {
  return { job, core, ...beginning, timers: [], underWay: new Set(), wakeAt: null, started: 0, passes: 0 }
}

/** Rounds after which tasks that could begin wait for the next pass, as in the driver. */
const LONG_ROUNDS = 16

function pass(world: World, completion: Completion | null): void {
  const { core, draft } = world
  world.passes += 1
  if (completion !== null) complete(world, completion)
  for (let round = 0; ; round += 1) {
    if (round > draft.state.limits.maxFixpoint) throw new Error('next does not come to rest')
    const before = world.log.length
    const answer = core.next(draft.state, momentOf(world, round >= LONG_ROUNDS))
    for (const event of answer.events) foldEvent(world, event)
    for (const action of answer.actions) atOnce(world, action)
    if (world.log.length > before) continue
    world.wakeAt = answer.wakeAt
    for (const action of answer.actions) start(world, action)
    return
  }
}

function momentOf({ now, from }: World, isLong: boolean): Moment {
  const { fence = 1, deadFence = 0 } = from ?? {}
  return { now, fence, deadFence, leaseMs: 15_000, terms: noModel, isLong }
}

const noModel = { model: 'none', definitionHash: '', staticTokens: 0, maxOutputTokens: 1, price: null }

function complete(world: World, completion: Completion): void {
  const { core, draft, now, from } = world
  fold(world, core.handle(draft.state, completion, { now, fence: from?.fence ?? 1 }))
}

function fold(world: World, handled: ReturnType<typeof handle>): void {
  if (handled.type === 'refused') throw new Error(`expected it to be accepted: ${handled.message}`)
  for (const event of handled.events) foldEvent(world, event)
}

function foldEvent({ core, draft, now, log }: World, event: PawlEvent): void {
  core.reduce(draft, event, now)
  log.push({ at: now, event })
}

/** What the driver does inside a pass: it looks at plans, and judges calls. */
function atOnce(world: World, action: Action): void {
  const { job, draft } = world
  if (action.type === 'review') complete(world, reviewOf(job, action.version))
  if (action.type !== 'judge') return
  const { callId, judgementNumber } = action
  const taskId = draft.state.calls.get(callId)?.taskId ?? ''
  const judgement = { type: 'verdict', verdict: { type: 'allow' }, terms: callTerms(job, taskId) } as const
  complete(world, { type: 'record_verdict', callId, judgementNumber, judgement })
}

type Review = Extract<Completion, { type: 'record_review' }>
const reviews = new WeakMap<ProposedPlan, Review>()

/** Once for each plan: the same says the same, however often it is carried out. */
function reviewOf({ plan }: Job, version: number): Completion {
  const known = reviews.get(plan)
  if (known !== undefined) return { ...known, version }
  const tool = (effect: 'read' | 'idempotent' | 'unsafe') => ({ effect, checkInput: () => [] })
  const { problems, warnings } = validatePlan(plan, {
    mode: 'strict',
    tools: new Map(Object.entries(toolNames).map(([effect, name]) => [name, tool(effect as keyof typeof toolNames)])),
    specialists: new Map(),
    checkers: new Set(),
    limits: { maxTasks: 10_000, maxSteps: 50, maxDepth: 4, eventsLeft: null },
  })
  const review = { type: 'record_review', version, problems, warnings, planHash: '' } as const
  reviews.set(plan, review)
  return review
}

function start(world: World, action: Action): void {
  const { underWay } = world
  if ((action.type !== 'call' && action.type !== 'verify') || underWay.has(action.key)) return
  if (action.type === 'call' && action.mode === 'abort') throw new Error(`nobody wants ${action.key} to be aborted`)
  underWay.add(action.key)
  world.started += 1
  const { at, completion } = action.type === 'call' ? ranCall(world, action) : verified(world, action)
  world.timers.push({ at, order: world.started, key: action.key, completion })
}

type Ends = { readonly at: number; readonly completion: Completion }

function ranCall({ job, draft, now }: World, { callId, attempt }: Run): Ends {
  const input = draft.state.calls.get(callId)?.input ?? null
  const outcome = outcomeFor(job, input)
  const report = { outcome, trust: 'tool', ...(outcome.type !== 'ok' && ({ tookEffect: false } as const)) } as const
  return {
    at: now + (job.runtimeMs.get(readInput(input).taskId) ?? LONG_MS),
    completion: { type: 'record_outcome', of: { type: 'call', callId, attempt, jitter: 0, report } },
  }
}

function verified({ job, draft, now, from }: World, run: Run): Ends {
  const { callId, attempt } = run
  const outcome = outcomeFor(job, draft.state.calls.get(callId)?.input ?? null)
  const took = outcome.type === 'ok' && from?.tookEffect(run) === true
  const found = took
    ? ({ type: 'took_effect', report: { outcome, trust: 'tool' } } as const)
    : ({ type: 'did_not_take_effect' } as const)
  return { at: now, completion: { type: 'record_outcome', of: { type: 'verify', callId, attempt, found } } }
}

function earliest(timers: readonly Timer[]): Timer | undefined {
  let first: Timer | undefined
  for (const timer of timers) {
    if (first === undefined || timer.at < first.at || (timer.at === first.at && timer.order < first.order))
      first = timer
  }
  return first
}
