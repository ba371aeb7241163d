import { describe, expect, test } from 'vitest'
import { defaultTerms, given } from '../testing/given.ts'
import { costOf } from './budget.ts'
import type { PawlEvent } from './event.ts'
import type { Budget } from './limits.ts'
import { asked, began, call, done, judged, message, opened, responded, text, turn } from './log.fixture.ts'
import type { StopReason } from './vocabulary.ts'

const START = 1_000_000
/** A dollar a million tokens in, ten out: 1 and 10 micro-dollars a token. */
const price = { inputMicroUsdPerMTok: 1_000_000, outputMicroUsdPerMTok: 10_000_000 }
const priced = { terms: { ...defaultTerms, price } }
/** The first prompt: 100 static tokens, and 9 characters of text with 24 around it are 9 tokens. */
const FIRST_PROMPT = 109

const at = (ms: number, event: PawlEvent) => ({ at: START + ms, event })
const stops = (reason: StopReason) => ({ events: [{ type: 'session_ended', reason } as const] })
const reserves = (reserved: object) => ({
  events: [{ type: 'model_started', reserved } as const],
  actions: [{ type: 'decide' } as const],
})

describe('reservations (DESIGN 3.1: worst case before the request)', () => {
  test('prompt estimate and output limit, at the price of the model', () => {
    given(opened())
      .when(priced)
      .then(
        reserves({
          tokens: FIRST_PROMPT + 1_000,
          costMicroUsd: FIRST_PROMPT + 10_000,
          maxOutputTokens: 1_000,
        }),
      )
  })

  test('the output limit is lowered to the tokens that are left', () => {
    given(opened({ budget: { maxTokens: FIRST_PROMPT + 300 } }))
      .when({})
      .then(reserves({ tokens: FIRST_PROMPT + 300, maxOutputTokens: 300 }))
  })

  test('and to what is left of the money', () => {
    given(opened({ budget: { maxCostMicroUsd: FIRST_PROMPT + 2_005 } }))
      .when(priced)
      .then(reserves({ costMicroUsd: FIRST_PROMPT + 2_000, maxOutputTokens: 200 }))
  })

  test('a request that could not answer 16 tokens is not made', () => {
    const tokens = (maxTokens: number) => given(opened({ budget: { maxTokens } }))
    tokens(FIRST_PROMPT + 16)
      .when({})
      .then(reserves({ maxOutputTokens: 16 }))
    tokens(FIRST_PROMPT + 15)
      .when({})
      .then(stops('token_budget'))
    const money = (maxCostMicroUsd: number) => given(opened({ budget: { maxCostMicroUsd } }))
    money(FIRST_PROMPT + 160)
      .when(priced)
      .then(reserves({ maxOutputTokens: 16 }))
    money(FIRST_PROMPT + 159)
      .when(priced)
      .then(stops('cost_cap'))
  })

  test('what is reserved is held back while the request is under way', () => {
    const { ledger } = given([...opened(), asked(1)]).state
    expect(ledger).toMatchObject({ tokens: 0, reservedTokens: 500 })
  })

  test('the usage settles it', () => {
    const events = [...opened(), asked(1), responded(1, [text('x')], { costMicroUsd: 55 })]
    expect(given(events).state.ledger).toMatchObject({
      inputTokens: 30,
      outputTokens: 20,
      tokens: 50,
      costMicroUsd: 55,
      reservedTokens: 0,
      reservedCostMicroUsd: 0,
    })
  })

  const reserved = { tokens: 500, costMicroUsd: 77, maxOutputTokens: 400 }
  const error = { code: 'http_500', message: 'no', retryable: true }
  test.each<[string, PawlEvent]>([
    ['an answer without usage', responded(1, [text('x')], { usage: null })],
    ['a failure', { type: 'model_failed', taskId: 'root', turn: 1, attempt: 1, error, retryAt: 0, latencyMs: 1 }],
    ['a loss', { type: 'model_lost', taskId: 'root', turn: 1, attempt: 1 }],
  ])('%s is settled at its whole reservation', (_, event) => {
    const { ledger } = given([...opened(), asked(1, { reserved }), event]).state
    expect(ledger).toMatchObject({ tokens: 500, costMicroUsd: 77, reservedTokens: 0, reservedCostMicroUsd: 0 })
  })

  test('what was spent is missing from the next reservation', () => {
    given([...opened({ budget: { maxTokens: 400 } }), ...turn(1, [call('look')]), ...done('c1', 'read')])
      .when({})
      .then({
        events: [{ type: 'model_started', turn: 2, reserved: { tokens: 350 } }],
        actions: [{ type: 'decide' }],
      })
  })

  test('costs are rounded up, and cached tokens have a price of their own', () => {
    expect(costOf({ inputTokens: 1, outputTokens: 0 }, { ...price, inputMicroUsdPerMTok: 1 })).toBe(1)
    const cachedInputMicroUsdPerMTok = 100_000
    const usage = { inputTokens: 100, cachedInputTokens: 90, outputTokens: 2 }
    expect(costOf(usage, { ...price, cachedInputMicroUsdPerMTok })).toBe(10 + 9 + 20)
    expect(costOf(usage, price)).toBe(100 + 20)
    expect(costOf(usage, null)).toBe(0)
  })
})

describe('what a used budget does (DESIGN 3.1)', () => {
  const exhausted = (whenExhausted: Budget['whenExhausted']) =>
    given(opened({ budget: { maxTokens: 50, whenExhausted } }))

  test('it ends the session, or blocks it where the agent says so', () => {
    exhausted('stop').when({}).then(stops('token_budget'))
    exhausted('block')
      .when({})
      .then({ events: [{ type: 'session_parked', reason: 'budget', message: 'token_budget' }] })
  })

  test('an extension resumes a session that is blocked by it', () => {
    exhausted('block')
      .when({})
      .then({ events: [{ type: 'session_parked', reason: 'budget' }] })
      .when({ type: 'extend_budget', by: 'grace', tokens: 1_000, commandId: 'more' })
      .then([{ type: 'budget_extended', tokens: 1_000, by: 'grace' }])
      .when({})
      .then(reserves({ maxOutputTokens: 50 + 1_000 - FIRST_PROMPT }))
  })

  test('an extension reopens one that ended with it', () => {
    const ended = exhausted('stop').when({}).then(stops('token_budget'))
    ended
      .when({ type: 'extend_budget', by: 'grace', tokens: 1_000, commandId: 'more' })
      .then([{ type: 'budget_extended' }])
      .when({})
      .then({ events: [{ type: 'model_started', turn: 1 }], actions: [{ type: 'decide' }] })
  })

  test('too small an extension ends it again, with the same reason', () => {
    exhausted('stop')
      .when({})
      .then(stops('token_budget'))
      .when({ type: 'extend_budget', by: 'grace', tokens: 1, commandId: 'more' })
      .then([{ type: 'budget_extended' }])
      .when({})
      .then(stops('token_budget'))
  })

  test('an extension does not reopen what a budget did not end', () => {
    const ended = given([...opened(), ...turn(1, [text('Done.')])])
      .when({})
      .then(stops('final_answer'))
    ended
      .when({ type: 'extend_budget', by: 'grace', tokens: 5, commandId: 'more' })
      .then([{ type: 'budget_extended' }])
      .when({})
      .then({})
  })
})

describe('the budgets of a message (DESIGN 3.1)', () => {
  const turns = (count: number) =>
    Array.from({ length: count }, (_, index) => [
      ...turn(index + 1, [call('look')], index + 1),
      ...done(`c${index + 1}`, 'read'),
    ]).flat()

  test('12 turns by default; the thirteenth is not taken', () => {
    given([...opened(), ...turns(11)])
      .when({})
      .then({ events: [{ type: 'model_started', turn: 12 }], actions: [{ type: 'decide' }] })
    given([...opened(), ...turns(12)])
      .when({})
      .then({ events: [{ type: 'session_ended', reason: 'turn_budget', ending: { type: 'timed_out' } }] })
  })

  test('a final answer in the last turn is a final answer', () => {
    given([...opened({ budget: { maxTurns: 1 } }), ...turn(1, [text('Done.')])])
      .when({})
      .then(stops('final_answer'))
  })

  test('attempts of one turn count as one turn', () => {
    given([...opened({ budget: { maxTurns: 1 } }), asked(1)])
      .and([{ type: 'model_lost', taskId: 'root', turn: 1, attempt: 1 }])
      .when({})
      .then({ events: [{ type: 'model_started', turn: 1, attempt: 2 }], actions: [{ type: 'decide' }] })
  })

  test('a message has turns of its own', () => {
    given([...opened({ budget: { maxTurns: 1 } }), ...turns(1)])
      .when({})
      .then(stops('turn_budget'))
      .and([message('go on')])
      .when({})
      .then({ events: [{ type: 'model_started', turn: 2 }], actions: [{ type: 'decide' }] })
  })

  test('wall clock ends the session while a model is asked, and its request is aborted first', () => {
    const opening = opened({ budget: { maxWallClockMs: 1_000 } })
    given([...opening, asked(1)])
      .when({ now: START + 999 })
      .then({ actions: [{ type: 'decide', mode: 'run' }], wakeAt: START + 1_000 })
    given([...opening, asked(1)])
      .when({ now: START + 1_000 })
      .then({ actions: [{ type: 'decide', mode: 'abort', key: 'decide:root:1:1' }] })
  })

  test('only driven time counts: not the wait for a person, not the wait for a retry', () => {
    const { state } = given([
      ...opened(),
      at(0, asked(1)),
      at(700, responded(1, [call('refund')])),
      at(700, { type: 'decision_recorded', taskId: 'root', turn: 1, decision: 'calls', callIds: ['c1'] }),
      at(700, judged('c1', 'unsafe')),
      at(9_000_000, began('c1')),
      at(9_000_300, { type: 'call_finished', callId: 'c1', attempt: 1, outcome: { type: 'cancelled' }, trust: 'tool' }),
      at(99_000_000, asked(2)),
    ])
    expect(state.sinceMessage.drivenMs).toBe(1_000)
  })

  test('a gap that ends with a loss was spent dead, and does not count', () => {
    const { state } = given([
      ...opened(),
      at(0, asked(1)),
      at(3_600_000, { type: 'model_lost', taskId: 'root', turn: 1, attempt: 1 }),
      at(3_600_000, asked(1, { attempt: 2 })),
      at(3_600_400, responded(1, [text('x')], { attempt: 2 })),
    ])
    expect(state.sinceMessage.drivenMs).toBe(400)
  })

  test('a message starts the clock anew', () => {
    const { state } = given([...opened(), at(0, asked(1)), at(700, message('hurry')), at(900, responded(1, []))])
    expect(state.sinceMessage).toMatchObject({ drivenMs: 200, turns: 0, seq: 4 })
  })
})

describe('event_limit (DESIGN 3.1, lifetime)', () => {
  test('room is kept to close what is open and to end', () => {
    const turnsOf = (maxEvents: number) =>
      given([...opened({ budget: { maxEvents } }), ...turn(1, [call('look')]), ...done('c1', 'read')])
    turnsOf(40)
      .when({})
      .then({ events: [{ type: 'model_started' }], actions: [{ type: 'decide' }] })
    turnsOf(39).when({}).then(stops('event_limit'))
  })

  test('more events reopen it, a message does not', () => {
    const ended = given([...opened({ budget: { maxEvents: 10 } })])
      .when({})
      .then(stops('event_limit'))
    ended.when({ ...message('go on'), type: 'send_message' }).thenRefused('session_not_reopenable')
    ended
      .when({ type: 'extend_budget', by: 'grace', events: 100, commandId: 'more' })
      .then([{ type: 'budget_extended' }])
      .when({})
      .then({ events: [{ type: 'model_started' }], actions: [{ type: 'decide' }] })
  })
})
