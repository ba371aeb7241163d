/**
 * A specification of the core in the words that it is designed in: given these events, when this is asked or that moment comes,
 * then these events, actions or this refusal. No mocks, no promises, no store.
 */
import assert from 'node:assert/strict'
import type {
  Action,
  Command,
  Handled,
  HandleMoment,
  JsonObject,
  ModelTerms,
  Moment,
  PawlEvent,
  RefusalCode,
  State,
} from '../core/index.ts'
import { Draft, freshState, handle, next, reduce } from '../core/index.ts'

/** An event, at the moment of the one before it, or at its own (epoch milliseconds). */
export type GivenEvent = PawlEvent | { readonly at: number; readonly event: PawlEvent }

/** Objects may leave fields out, at any depth; lists may not leave items out. */
export type Shape<T> = [JsonObject] extends [T]
  ? T
  : T extends readonly unknown[]
    ? { readonly [K in keyof T]: Shape<T[K]> }
    : T extends object
      ? { readonly [K in keyof T]?: Shape<T[K]> }
      : T

type Typed<T extends { readonly type: string }> = T extends unknown
  ? { readonly type: T['type'] } & Shape<Omit<T, 'type'>>
  : never

/** An event as it is expected: its type, and the fields that matter here. */
export type ExpectedEvent = Typed<PawlEvent>
/** An action as it is expected: its type, and the fields that matter here. */
export type ExpectedAction = Typed<Action>

/** What `next` comes to. Absent events or actions mean none; an absent `wakeAt` is not looked at. */
export type ExpectedAnswer = {
  readonly events?: readonly ExpectedEvent[]
  readonly actions?: readonly ExpectedAction[]
  readonly wakeAt?: number | null
}

export interface AfterCommand {
  readonly handled: Handled
  /** It is accepted, with exactly these events. Returns the specification that goes on from them. */
  then(events: readonly ExpectedEvent[]): Specification
  /** It came too late, or twice: accepted, and nothing is written. */
  thenNothing(): Specification
  /** It is refused with this code, and with a message that the pattern finds itself in. */
  thenRefused(code: RefusalCode, message?: RegExp): Specification
}

export interface AfterMoment {
  readonly events: readonly PawlEvent[]
  readonly actions: readonly Action[]
  readonly wakeAt: number | null
  /** `next` adds exactly these events, and then wants exactly these actions. */
  then(answer: ExpectedAnswer): Specification
}

export interface Specification {
  /** What the events add up to. Only for reading. */
  readonly state: State
  /** More events. */
  and(events: readonly GivenEvent[]): Specification
  /** A command is asked; the moment is that of the last event, and the fence 1, unless it is given. */
  when(command: Command, moment?: Partial<HandleMoment>): AfterCommand
  /** A moment comes: `next` is asked as the driver does, until it adds no more events. What is left out is `defaultMoment`. */
  when(moment: Partial<Moment>): AfterMoment
}

/** Terms of a model without a price. */
export const defaultTerms: ModelTerms = {
  model: 'scripted',
  definitionHash: 'definition',
  staticTokens: 100,
  maxOutputTokens: 1_000,
  price: null,
}

/** Who asks in a specification that does not say: the first activation. */
export const defaultMoment: Omit<Moment, 'now'> = {
  fence: 1,
  deadFence: 0,
  leaseMs: 15_000,
  terms: defaultTerms,
}

/** The moment of a first event that has none of its own. */
const START_AT = 1_000_000
/** More rounds than any answer needs: a `next` that goes on adding events is a defect. */
const MAX_ROUNDS = 64

/** Begins a specification with the events of a session, the first of them usually `session_started`. */
export function given(events: readonly GivenEvent[]): Specification {
  const log: { readonly at: number; readonly event: PawlEvent }[] = []
  for (const each of events) {
    const before = log.at(-1)?.at ?? START_AT
    log.push('event' in each ? each : { at: before, event: each })
  }
  const folded = (): Draft => {
    const draft = new Draft(freshState('default', 's1'))
    for (const { event, at } of log) reduce(draft, event, at)
    return draft
  }
  const { state } = folded()
  const and = (more: readonly GivenEvent[]): Specification => given([...log, ...more])
  function when(asked: Command, moment?: Partial<HandleMoment>): AfterCommand
  function when(asked: Partial<Moment>): AfterMoment
  function when(asked: Command | Partial<Moment>, moment: Partial<HandleMoment> = {}) {
    if (!('type' in asked)) return afterMoment(folded(), asked, and)
    return afterCommand(handle(state, asked, { now: state.at, fence: 1, ...moment }), moment.now ?? state.at, and)
  }
  return { state, and, when }
}

type And = (events: readonly GivenEvent[]) => Specification

function afterCommand(handled: Handled, at: number, and: And): AfterCommand {
  const expectEvents = (expected: readonly ExpectedEvent[]): Specification => {
    assert.equal(handled.type, 'accepted', `expected it to be accepted: ${JSON.stringify(handled)}`)
    const { events } = handled as Extract<Handled, { type: 'accepted' }>
    assertShape(events, expected)
    return and(events.map((event) => ({ at, event })))
  }
  return {
    handled,
    // biome-ignore lint/suspicious/noThenProperty: given, when, then; nothing here is awaited
    then: expectEvents,
    thenNothing: () => expectEvents([]),
    thenRefused: (code, message) => {
      assert.equal(handled.type, 'refused', `expected a refusal, found ${JSON.stringify(handled)}`)
      const refusal = handled as Extract<Handled, { type: 'refused' }>
      assert.equal(refusal.code, code, refusal.message)
      if (message !== undefined) assert.match(refusal.message, message)
      return and([])
    },
  }
}

function afterMoment(draft: Draft, asked: Partial<Moment>, and: And): AfterMoment {
  const moment: Moment = { now: draft.state.at, ...defaultMoment, ...asked }
  const events: PawlEvent[] = []
  for (let round = 0; ; round += 1) {
    assert.ok(round < MAX_ROUNDS, `next goes on adding events: ${events.map(({ type }) => type).join(', ')}`)
    const answer = next(draft.state, moment)
    for (const event of answer.events) reduce(draft, event, moment.now)
    events.push(...answer.events)
    if (answer.events.length > 0) continue
    const { actions, wakeAt } = answer
    return {
      events,
      actions,
      wakeAt,
      // biome-ignore lint/suspicious/noThenProperty: given, when, then; nothing here is awaited
      then: (expected) => {
        assertShape(events, expected.events ?? [])
        assertShape(actions, expected.actions ?? [])
        if (expected.wakeAt !== undefined) assert.equal(wakeAt, expected.wakeAt, 'wakeAt')
        return and(events.map((event) => ({ at: moment.now, event })))
      },
    }
  }
}

function assertShape(actual: readonly object[], expected: readonly object[]): void {
  assert.deepEqual(shapedLike(actual, expected), expected)
}

/** What is found, without the fields that nobody expects anything of. */
function shapedLike(actual: unknown, expected: unknown): unknown {
  if (Array.isArray(actual) && Array.isArray(expected)) {
    return actual.map((item, index) => (index < expected.length ? shapedLike(item, expected[index]) : item))
  }
  if (!isObject(actual) || !isObject(expected)) return actual
  const shaped: Record<string, unknown> = {}
  for (const key of Object.keys(expected)) if (key in actual) shaped[key] = shapedLike(actual[key], expected[key])
  return shaped
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
