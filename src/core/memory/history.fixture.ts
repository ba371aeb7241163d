/** Random sessions with memory: many turns, results of any size, messages at any moment, people, crashes; and what each request showed. */
import fc from 'fast-check'
import { scripted } from '../../models/scripted.ts'
import { agent } from '../../runtime/define.ts'
import { requestOf } from '../../runtime/request-of.ts'
import { anyTool, openAll } from '../../runtime/world.fixture.ts'
import { defaultTerms } from '../../testing/given.ts'
import type { Moment } from '../answer.ts'
import type { Command } from '../command.ts'
import { Draft } from '../draft.ts'
import type { EventOf, PawlEvent } from '../event.ts'
import { freshState } from '../fresh-state.ts'
import { handle } from '../handle.ts'
import { defaultLimits } from '../limits.ts'
import { message, started } from '../log.fixture.ts'
import type { Message } from '../message.ts'
import { next } from '../next.ts'
import type { PlanTask } from '../plan/plan.ts'
import { planning } from '../plan/plan-log.fixture.ts'
import { reduce } from '../reduce.ts'
import type { State } from '../state.ts'
import { answerTo, type Chance } from './history-answers.fixture.ts'
import { factLimits } from './memory.fixture.ts'
import type { MemoryTerms } from './memory-terms.ts'

type Step = Chance & { readonly what: 'act' | 'say' | 'person' | 'crash'; readonly pick: number }
export type Session = {
  readonly memory: MemoryTerms
  readonly work: 'direct' | 'flexible' | 'strict'
  readonly steps: readonly Step[]
}

const step: fc.Arbitrary<Step> = fc.record({
  what: fc.oneof(
    { weight: 30, arbitrary: fc.constant('act' as const) },
    { weight: 3, arbitrary: fc.constant('say' as const) },
    { weight: 3, arbitrary: fc.constant('person' as const) },
    { weight: 1, arbitrary: fc.constant('crash' as const) },
  ),
  pick: fc.nat(100),
  how: fc.nat(1_000),
  size: fc.oneof(fc.nat(300), fc.nat(16_384)),
  off: fc.constantFrom(0, 0.05, 0.7, 1, 1.5, 30),
})

const terms: fc.Arbitrary<MemoryTerms> = fc
  .record({
    windowTurns: fc.constantFrom(1, 2, 5, 40),
    maxPromptTokens: fc.constantFrom(1_000, 3_000, 12_000, 100_000),
    summarize: fc.option(
      fc.record({
        whenTokens: fc.constantFrom(100, 2_000, 32_000),
        keepTurns: fc.constantFrom(1, 3, 6),
        hasModel: fc.boolean(),
      }),
    ),
    retrieve: fc.option(fc.constant({ k: 2 })),
    maxFacts: fc.constantFrom(3, 50),
    hasCompressor: fc.boolean(),
    processor: fc.option(
      fc.record({ by: fc.constantFrom('function' as const, 'model' as const), tools: fc.constant(['look']) }),
    ),
  })
  .map(({ windowTurns, maxPromptTokens, summarize, retrieve, maxFacts, hasCompressor, processor }) => ({
    windowTurns,
    maxPromptTokens,
    facts: { ...factLimits, maxFacts, hasCompressor },
    ...(summarize !== null && { summarize }),
    ...(retrieve !== null && { retrieve }),
    ...(processor !== null && { processor }),
  }))

export const sessions: fc.Arbitrary<Session> = fc.record({
  memory: terms,
  work: fc.constantFrom('direct' as const, 'flexible' as const, 'strict' as const),
  steps: fc.array(step, { minLength: 60, maxLength: 160, size: 'max' }),
})

/** One request for a turn, as the driver would put it together, and what was true when it was made. */
export type Shown = {
  readonly started: EventOf<'model_started'>
  readonly messages: readonly Message[]
  /** Before it was asked for: the log up to there. */
  readonly log: readonly PawlEvent[]
}
export type Played = { readonly log: readonly PawlEvent[]; readonly shown: readonly Shown[]; readonly state: State }

/** What a planted bug changes. */
export type Plant = {
  readonly next?: typeof next
  /** The state that prompts are made of. */
  readonly read?: (state: State) => State
  readonly messages?: (messages: readonly Message[]) => readonly Message[]
  readonly isLogged?: (event: PawlEvent) => boolean
}

const tools = [anyTool('look', 'read', () => null), anyTool('pay', 'unsafe', () => null)]
const clerk = agent({
  name: 'clerk',
  instructions: 'You refund.',
  model: scripted(['done']),
  tools,
  policies: [openAll(tools)],
  specialists: [],
  planning: { route: 'plan' },
})
export const STATIC_TOKENS: number = defaultTerms.staticTokens

const MAX_TURNS = 1_000_000
const [AT, STEP_MS] = [1_000_000, 5_000]

export function play({ memory, work, steps }: Session, plant: Plant = {}): Played {
  const world = new World(plant)
  for (const event of opening(memory, work)) world.fold(event)
  world.pass(null)
  for (const each of steps) world.step(each)
  return { log: world.log, shown: world.shown, state: world.state }
}

/** The messages of a request, from a state as it was when it was asked for. */
export function messagesFor(state: State, started: EventOf<'model_started'>, plant: Plant = {}): readonly Message[] {
  const read = plant.read?.(state) ?? state
  const task = read.tasks.get(started.taskId)
  if (task === undefined) throw new RangeError(`no task ${started.taskId}`)
  const { contextSeq, definitionHash } = started
  const asked = { contextSeq, definitionHash }
  const request = requestOf(clerk, read, { task: { ...task, purpose: 'decide' }, asked, limits: defaultLimits })
  if (typeof request === 'function') throw new TypeError('a turn waits for nothing')
  return plant.messages?.(request.messages) ?? request.messages
}

export function folded(log: readonly PawlEvent[]): State {
  const draft = new Draft(freshState('default', 's1'))
  for (const event of log) reduce(draft, event, AT)
  return draft.state
}

const tasks: readonly PlanTask[] = [
  { id: 'read', name: 'read them', dependsOn: [] },
  { id: 'sort', name: 'sort them', dependsOn: [] },
  { id: 'tell', name: 'tell it', dependsOn: ['read', 'sort'], needs: 'settled' },
]

function opening(memory: MemoryTerms, work: Session['work']): readonly PawlEvent[] {
  const budget = { maxTurns: MAX_TURNS, maxEvents: MAX_TURNS, maxWallClockMs: Number.MAX_SAFE_INTEGER }
  const begun = { ...started({ budget }), memory }
  if (work === 'direct') return [begun, message('m0: refund me')]
  const isFlexible = work === 'flexible'
  return [
    { ...begun, planning: { ...planning, hasPlanner: false, taskTimeoutMs: Number.MAX_SAFE_INTEGER } },
    message('m0: refund me'),
    {
      type: 'plan_proposed',
      version: 1,
      mode: isFlexible ? 'flexible' : 'strict',
      cause: { type: 'given' },
      goal: 'refunded',
      tasks: isFlexible ? tasks.map(({ id, name }) => ({ id, name, dependsOn: [] })) : tasks,
      taskCount: tasks.length,
    },
    {
      type: 'route_chosen',
      route: isFlexible ? 'plan' : 'plan_and_subagent',
      level: 'forced',
      reason: 'the caller gave a plan',
      confidence: null,
    },
  ]
}

class World {
  readonly log: PawlEvent[] = []
  readonly shown: Shown[] = []
  readonly #draft = new Draft(freshState('default', 's1'))
  readonly #plant: Plant
  #now = AT
  #fence = 1
  #actions: ReturnType<typeof next>['actions'] = []

  constructor(plant: Plant) {
    this.#plant = plant
  }

  get state(): State {
    return this.#draft.state
  }

  fold(event: PawlEvent): void {
    reduce(this.#draft, event, this.#now)
    if (this.#plant.isLogged?.(event) !== false) this.log.push(event)
  }

  step({ what, pick, ...chance }: Step): void {
    this.#now += STEP_MS
    if (what === 'crash') this.#fence += 1
    const action = this.#actions[pick % Math.max(1, this.#actions.length)]
    if (what === 'person' || (what === 'act' && action === undefined)) this.pass(this.#ofPerson(chance))
    else if (what === 'act' && action !== undefined) this.pass(answerTo(this.state, action, chance))
    else this.pass(what === 'say' ? this.#said(chance) : null)
  }

  /** As the driver does it: what has come, then `next` until it rests, then prompts are made of what stands there. */
  pass(command: Command | null): void {
    const { state } = this
    const handled = command === null ? null : handle(state, command, { now: this.#now, fence: this.#fence })
    if (handled?.type === 'accepted') for (const event of handled.events) this.fold(event)
    const [now, fence, deadFence] = [this.#now, this.#fence, this.#fence - 1]
    const moment: Moment = { now, fence, deadFence, leaseMs: 15_000, terms: defaultTerms }
    const asked: { readonly started: EventOf<'model_started'>; readonly log: readonly PawlEvent[] }[] = []
    for (let round = 0; ; round += 1) {
      if (round > state.limits.maxFixpoint) throw new Error('next does not come to rest')
      const answer = (this.#plant.next ?? next)(state, moment)
      for (const event of answer.events) {
        if (event.type === 'model_started' && event.purpose === 'decide')
          asked.push({ started: event, log: this.log.slice(0, event.contextSeq) })
        this.fold(event)
      }
      this.#actions = answer.actions
      if (answer.events.length === 0) break
    }
    for (const each of asked)
      if (state.tasks.get(each.started.taskId)?.phase === 'deciding')
        this.shown.push({ ...each, messages: messagesFor(state, each.started, this.#plant) })
  }

  #said({ how, size }: Chance): Command {
    const number = this.state.transcript.length
    const trust = how % 3 === 0 ? 'external' : 'user'
    const said = `m${number}: ${'line\n'.repeat(Math.floor(size / 5))}`
    return { type: 'send_message', text: said, trust, origin: { type: 'user', id: 'ada' }, commandId: `say ${number}` }
  }

  /** Whatever they are asked; else they say something. */
  #ofPerson(chance: Chance): Command {
    const { how, size } = chance
    const { index, approvals } = this.state
    const commandId = `person ${this.log.length} ${how}`
    const [unknown] = index.unknown
    const settlement = (['took_effect', 'did_not_take_effect', 'run_again'] as const)[how % 3] ?? 'run_again'
    if (unknown !== undefined) return { type: 'settle', callId: unknown, settlement, by: 'grace', commandId }
    const [approvalId] = index.openApprovals
    const approval = approvals.get(approvalId ?? '')
    if (approvalId === undefined || approval === undefined) return this.#said(chance)
    const of = { approvalId, by: 'grace', commandId } as const
    if (approval.kind === 'question' || how % 4 === 0)
      return { type: 'answer', answer: 'A'.repeat(1 + (size % 3_000)), ...of }
    if (how % 4 === 1) return { type: 'edit', input: { usd: 'u'.repeat(size % 8_000) }, ...of }
    return { type: 'vote', vote: how % 4 === 2 ? 'approve' : 'reject', reason: 'so', ...of }
  }
}
