/** Random walks through the life of a session: what workers, models, tools and people might do, in any order, by any clock. */
import fc from 'fast-check'
import { defaultTerms } from '../testing/given.ts'
import type { Action, Moment } from './answer.ts'
import type { Command } from './command.ts'
import { Draft, keepPass, openPass, undoPass } from './draft.ts'
import type { PawlEvent } from './event.ts'
import { freshState } from './fresh-state.ts'
import { handle } from './handle.ts'
import { opened, outcomeOf } from './log.fixture.ts'
import { next } from './next.ts'
import { reduce } from './reduce.ts'
import type { State } from './state.ts'
import { completionOf, outcomes } from './walk-completions.fixture.ts'
import { memoryOfWalk } from './walk-memory.fixture.ts'
import { editedPlan, openedWithPlan } from './walk-plans.fixture.ts'

/** One thing that happens. The numbers choose among what is possible at that point. */
type Step = { readonly what: What; readonly pick: number; readonly how: number; readonly afterMs: number }
type What =
  | 'complete'
  | 'crash'
  | 'say'
  | 'cancel'
  | 'vote'
  | 'answer'
  | 'edit'
  | 'settle'
  | 'extend'
  | 'late'
  | 'stale'

export type Walk = readonly Step[]
export type Logged = { readonly at: number; readonly event: PawlEvent }

/** Sees every event with the state before and after it. */
export type Observe = (
  seen: { readonly event: PawlEvent; readonly at: number; readonly state: State },
  reduceIt: () => void,
) => void

export type Walked = { readonly log: readonly Logged[]; readonly state: State }

const START = 1_000_000

const what: fc.Arbitrary<What> = fc.oneof(
  { weight: 24, arbitrary: fc.constant('complete' as const) },
  { weight: 3, arbitrary: fc.constant('crash' as const) },
  { weight: 2, arbitrary: fc.constant('settle' as const) },
  { weight: 3, arbitrary: fc.constant('vote' as const) },
  { weight: 1, arbitrary: fc.constantFrom<What>('say', 'answer', 'edit', 'extend', 'late', 'stale') },
  { weight: 1, arbitrary: fc.constantFrom<What>('say', 'edit', 'late', 'stale', 'cancel') },
)

const afterMs = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 900 }) },
  { weight: 2, arbitrary: fc.integer({ min: 1_000, max: 100_000 }) },
  { weight: 1, arbitrary: fc.constant(8 * 24 * 3_600_000) },
)

export const walks: fc.Arbitrary<Walk> = fc.array(
  fc.record({ what, pick: fc.nat(1_000), how: fc.nat(1_000), afterMs }),
  { minLength: 10, maxLength: 70, size: 'max' },
)

type World = {
  draft: Draft
  readonly log: Logged[]
  now: number
  fence: number
  deadFence: number
  actions: readonly Action[]
}

/** Walks, doing every pass twice: once to undo it, and once for good. `onUndone` is told the state before and after an undo. */
export function walk(steps: Walk, observe: Observe = plain, onUndone: (undo: () => State) => void = () => {}): Walked {
  const draft = new Draft(freshState('default', 's1'))
  const world: World = { draft, log: [], now: START, fence: 1, deadFence: 0, actions: [] }
  const memory = memoryOfWalk(steps.length)
  // A request of memory sets more aside than a turn.
  const maxTokens = memory === undefined ? 3_000 : 60_000
  const budget = { maxTokens, maxCalls: 6, maxCallRetries: 3, maxTurns: 5, whenExhausted: 'block' } as const
  const begun = { budget, ...(memory !== undefined && { memory }) }
  // Every other walk is through a plan.
  const opening = steps.length % 2 === 0 ? opened(begun) : openedWithPlan(begun)
  for (const event of opening) fold(world, event, observe)
  pass(world, null, { observe, onUndone })
  for (const step of steps) {
    world.now += step.afterMs
    if (step.what === 'crash') crash(world, step)
    const command = commandOf(world, step)
    if (command === null || isCompletion(command)) pass(world, command, { observe, onUndone })
    else {
      const handled = handle(world.draft.state, command, { now: world.now, fence: 0 })
      if (handled.type === 'accepted') for (const event of handled.events) fold(world, event, observe)
      pass(world, null, { observe, onUndone })
    }
  }
  return { log: world.log, state: world.draft.state }
}

const plain: Observe = (_, reduceIt) => reduceIt()

type Watching = { readonly observe: Observe; readonly onUndone: (undo: () => State) => void }

function pass(world: World, completion: Command | null, { observe, onUndone }: Watching): void {
  const { draft, log } = world
  const length = log.length
  onUndone(() => {
    openPass(draft)
    runPass(world, completion, plain)
    undoPass(draft)
    log.length = length
    return draft.state
  })
  openPass(draft)
  runPass(world, completion, observe)
  keepPass(draft)
}

function runPass(world: World, completion: Command | null, observe: Observe): void {
  const { draft, now, fence, deadFence } = world
  if (completion !== null) {
    const handled = handle(draft.state, completion, { now, fence })
    if (handled.type === 'accepted') for (const event of handled.events) fold(world, event, observe)
  }
  const moment: Moment = { now, fence, deadFence, leaseMs: 15_000, terms: defaultTerms }
  for (let round = 0; ; round += 1) {
    if (round > draft.state.limits.maxFixpoint) throw new Error('next does not come to rest')
    const answer = next(draft.state, moment)
    for (const event of answer.events) fold(world, event, observe)
    world.actions = answer.actions
    if (answer.events.length === 0) return
  }
}

function fold(world: World, event: PawlEvent, observe: Observe): void {
  const { draft, log, now } = world
  observe({ event, at: now, state: draft.state }, () => reduce(draft, event, now))
  log.push({ at: now, event })
}

function crash(world: World, { how }: Step): void {
  world.deadFence = how % 2 === 0 ? world.fence : 0
  world.fence += 1
}

function isCompletion({ type }: Command): boolean {
  return type.startsWith('record_')
}

const people = ['ada', 'grace', 'linus'] as const

function commandOf(world: World, { what: kind, pick, how }: Step): Command | null {
  const { state } = world.draft
  const by = people[how % people.length] ?? 'grace'
  const commandId = `command ${world.log.length} ${how}`
  const approvalId = chosen([...state.approvals.keys()], state.approvals.size - 1 - (pick % 2)) ?? 'a1'
  const callId = chosen([...state.calls.keys()], pick) ?? 'c1'
  const isPlan = state.approvals.get(approvalId)?.subject?.type === 'plan'
  switch (kind) {
    case 'crash':
      return null
    case 'complete':
      return completionOf(world.draft.state, chosen(world.actions, pick), how)
    case 'stale':
      return outcomeOf(callId, outcomes[how % outcomes.length], { attempt: how % 3 })
    case 'say':
      return { type: 'send_message', text: 'go on', trust: 'user', origin: { type: 'user', id: by }, commandId }
    case 'cancel':
      return { type: 'cancel', by, commandId }
    case 'vote':
      return { type: 'vote', approvalId, vote: how % 4 === 0 ? 'reject' : 'approve', by, commandId }
    case 'answer':
      return { type: 'answer', approvalId, answer: String(how % 4), by, commandId }
    case 'edit':
      return { type: 'edit', approvalId, input: isPlan ? editedPlan : { edited: how % 3 }, by, commandId }
    case 'settle':
      return {
        type: 'settle',
        callId: [...state.index.unknown][0] ?? callId,
        settlement: (['took_effect', 'did_not_take_effect', 'run_again'] as const)[how % 3] ?? 'run_again',
        by,
        commandId,
      }
    case 'extend':
      return { type: 'extend_budget', by, tokens: 1_000, calls: how % 3, commandId }
    case 'late':
      return {
        type: 'report_late_outcome',
        callId,
        attempt: 1,
        report: { outcome: { type: 'ok', output: 'late' }, trust: 'tool' },
      }
  }
}

function chosen<T>(list: readonly T[], pick: number): T | undefined {
  return list[((pick % list.length) + list.length) % list.length]
}
