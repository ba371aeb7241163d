import { describe, expect, test } from 'vitest'
import { given } from '../testing/given.ts'
import type { CommandOf, CommandType } from './command.ts'
import { FORMAT } from './event.ts'
import { formatOf } from './format.ts'
import { freshState } from './fresh-state.ts'
import { handle } from './handle.ts'
import { defaultBudget, defaultLimits, sessionLimits } from './limits.ts'
import { asked, message, opened, started } from './log.fixture.ts'
import { memoryRows } from './memory/memory-log.fixture.ts'

const start: CommandOf<'start_session'> = {
  type: 'start_session',
  agent: 'clerk',
  definitionHash: 'definition',
  budget: defaultBudget,
  limits: sessionLimits(defaultLimits),
  closing: {},
  requester: { type: 'user', id: 'ada' },
  context: { tier: 'gold' },
  message: 'refund me',
  trust: 'user',
  commandId: 'start-1',
}

describe('commands that need no approval or call', () => {
  test('a session starts with everything that control flow will need, and with its first message', () => {
    const { message: text, trust, type: _, ...rest } = start
    given([])
      .when(start)
      .then([
        { type: 'session_started', ...rest },
        { type: 'message_received', text, trust, origin: { type: 'user', id: 'ada' }, commandId: 'start-1/message' },
      ])
  })

  test('a session starts once', () => {
    given(opened())
      .when(start)
      .thenRefused('session_exists', /use send/)
  })

  test('a message is received with who said it, and how far that can be trusted', () => {
    const said = { text: 'hi', trust: 'external', origin: { type: 'api', id: 'crm' }, commandId: 'm1' } as const
    given(opened())
      .when({ type: 'send_message', ...said })
      .then([{ type: 'message_received', ...said }])
  })

  test('a cancel is asked once, and a second one is told by whom', () => {
    given(opened())
      .when({ type: 'cancel', by: 'ada', reason: 'mistake', commandId: 'x1' })
      .then([{ type: 'cancel_requested', by: 'ada', reason: 'mistake', commandId: 'x1' }])
      .when({ type: 'cancel', by: 'linus', commandId: 'x2' })
      .thenRefused('already_cancelled', /ada has cancelled/)
  })

  test.each([
    ['nothing', {}],
    ['zero', { tokens: 0, calls: 0 }],
    ['less', { tokens: -1 }],
    ['a part', { costMicroUsd: 0.5 }],
    ['what is no number', { events: Number.NaN }],
    ['more than can be counted', { tokens: 2 ** 53 }],
    ['one less among more', { tokens: 100, calls: -1 }],
  ])('a budget is not extended by %s', (_, amounts) => {
    given(opened())
      .when({ type: 'extend_budget', by: 'grace', commandId: 'more', ...amounts })
      .thenRefused('nothing_to_extend', /positive whole number/)
  })

  test('an extension raises what has a cap, and leaves alone what has none', () => {
    const { budget } = given([started({ budget: { maxTokens: 10, maxCalls: 1 } })])
      .when({ type: 'extend_budget', by: 'grace', tokens: 5, costMicroUsd: 7, calls: 2, events: 3, commandId: 'more' })
      .then([{ type: 'budget_extended' }]).state
    expect(budget).toMatchObject({ maxTokens: 15, maxCostMicroUsd: null, maxCalls: 3, maxEvents: 50_003 })
  })

  test('whoever reads the state of a session that does not exist is refused or ignored, never answered with events', () => {
    const fresh = freshState('default', 's1')
    const commands = {
      vote: { approvalId: 'a1', vote: 'approve', by: 'x', commandId: 'c' },
      answer: { approvalId: 'a1', answer: 'x', by: 'x', commandId: 'c' },
      edit: { approvalId: 'a1', input: {}, by: 'x', commandId: 'c' },
      settle: { callId: 'c1', settlement: 'took_effect', by: 'x', commandId: 'c' },
      report_late_outcome: { callId: 'c1', attempt: 1, report: { outcome: { type: 'cancelled' }, trust: 'tool' } },
    } satisfies { [K in CommandType]?: Omit<CommandOf<K>, 'type'> }
    for (const [type, fields] of Object.entries(commands)) {
      // The table above pairs each type with its own fields.
      const handled = handle(fresh, { type, ...fields } as CommandOf<'vote'>, { now: 1, fence: 0 })
      expect(handled.type === 'refused' || handled.events.length === 0).toBe(true)
    }
  })

  test('a log without plans and memory is written in the first format, one with plans in the second, one with memory in the third', () => {
    expect(FORMAT).toBe(3)
    expect(opened().map(formatOf)).toEqual([1, 1])
    const route = { route: 'direct', level: 'rules', reason: 'short', confidence: null } as const
    expect(formatOf({ type: 'route_chosen', ...route })).toBe(2)
    expect(formatOf(asked(1, { purpose: 'plan' }))).toBe(2)
    expect(formatOf(asked(1, { purpose: 'summarize' }))).toBe(3)
    for (const { event } of Object.values(memoryRows)) expect(formatOf(event)).toBe(3)
  })
})

describe('messages', () => {
  test('unpark what waited for people, and start the budgets of a message anew', () => {
    const { state } = given([...opened(), { type: 'session_parked', reason: 'missing_context' }]).and([
      message('the red one'),
    ])
    expect(state.parked).toBe(null)
    expect(state.sinceMessage).toEqual({ seq: 4, turns: 0, drivenMs: 0 })
    expect(state.transcript.map((entry) => entry.type === 'user' && entry.text)).toEqual(['refund me', 'the red one'])
  })
})
