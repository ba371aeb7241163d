import { describe, expect, test } from 'vitest'
import { given } from '../testing/given.ts'
import type { PawlEvent } from './event.ts'
import {
  asked,
  began,
  call,
  done,
  ended,
  held,
  judged,
  message,
  modelFailure,
  ok,
  opened,
  outcomeOf,
  started,
  text,
  turn,
  unknownOutcome,
} from './log.fixture.ts'
import { endedStatus, finalText, gateOf, status, statusWord } from './status.ts'
import type { BlockedReason, StopReason } from './vocabulary.ts'

const cancel: PawlEvent = { type: 'cancel_requested', by: 'ada', commandId: 'cancel' }
const over = (reason: StopReason): PawlEvent => ({
  type: 'session_ended',
  reason,
  ending: { type: 'none' },
  unresolved: [],
})
const cancelledEnd = (more: object = {}) => ({ type: 'session_ended', reason: 'cancelled', ...more }) as const

describe('ending has two steps (DESIGN 2, Ending)', () => {
  const open = given([
    ...opened(),
    ...turn(1, [call('look'), call('refund'), call('mail'), call('new')]),
    judged('c1', 'read'),
    began('c1'),
    ...held('c2'),
    judged('c3', 'unsafe'),
    cancel,
  ])

  test('first nothing new starts, what runs is aborted, and what never began is cancelled', () => {
    open
      .when({})
      .then({
        events: [
          { type: 'approval_resolved', approvalId: 'a1', resolution: 'superseded' },
          { type: 'call_finished', callId: 'c2', outcome: { type: 'cancelled' }, tookEffect: false },
          { type: 'call_finished', callId: 'c3', outcome: { type: 'cancelled' }, tookEffect: false },
          { type: 'call_finished', callId: 'c4', outcome: { type: 'cancelled' }, tookEffect: false },
        ],
        actions: [{ type: 'call', mode: 'abort', key: 'call:c1:1' }],
      })
      .when(outcomeOf('c1', { type: 'retryable_error', message: 'aborted' }))
      .then([{ type: 'call_finished' }])
      .when({})
      .then({ events: [cancelledEnd({ ending: { type: 'none' }, unresolved: [] })] })
      .when({})
      .then({})
  })

  test('a started call without an outcome is always in the answer, as run or as abort (DESIGN 1, rule 4)', () => {
    open.when({}).then({
      events: [
        { type: 'approval_resolved' },
        ...['c2', 'c3', 'c4'].map((callId) => ({ type: 'call_finished', callId }) as const),
      ],
      actions: [{ type: 'call', mode: 'abort', callId: 'c1' }],
    })
  })

  test('a request to a model is aborted, gets its outcome, and only then the session ends', () => {
    given([...opened(), asked(1), cancel])
      .when({})
      .then({ actions: [{ type: 'decide', mode: 'abort' }] })
      .when(modelFailure({ code: 'aborted', retryable: false }))
      .then([{ type: 'model_failed', retryAt: null }])
      .when({})
      .then({ events: [cancelledEnd()] })
  })

  test('a request of an older activation is lost', () => {
    given([...opened(), asked(1), cancel])
      .when({ fence: 2 })
      .then({ events: [{ type: 'model_lost' }, cancelledEnd()] })
  })

  const running = (effect: 'read' | 'unsafe', verifies = false) =>
    given([...opened(), ...turn(1, [call('refund')]), judged('c1', effect, { verifies }), began('c1'), cancel])

  test('a lost read ends as retryable_error, a lost unsafe call as unknown, and the end names it', () => {
    running('read')
      .when({ fence: 2 })
      .then({
        events: [
          { type: 'call_lost' },
          { type: 'call_finished', outcome: { type: 'retryable_error' } },
          cancelledEnd(),
        ],
      })
    running('unsafe')
      .when({ fence: 2, deadFence: 1 })
      .then({
        events: [
          { type: 'call_lost' },
          { type: 'call_finished', outcome: { type: 'unknown' } },
          cancelledEnd({ unresolved: ['c1'] }),
        ],
      })
  })

  test('an unsafe call that may still run is waited for, also by an ending', () => {
    running('unsafe').when({ fence: 2 }).then({ wakeAt: 1_080_000 })
  })

  test('a tool that can verify is asked before the session ends', () => {
    running('unsafe', true)
      .when({ fence: 2, deadFence: 1 })
      .then({ events: [{ type: 'call_lost' }], actions: [{ type: 'verify', callId: 'c1' }] })
  })

  test('an unsafe call that was aborted while it ran is unknown', () => {
    running('unsafe')
      .when(outcomeOf('c1', { type: 'cancelled' }))
      .then([{ type: 'call_finished', outcome: { type: 'unknown', message: 'it was aborted while it ran' } }])
      .when({})
      .then({ events: [cancelledEnd({ unresolved: ['c1'] })] })
  })

  test('one that never began is cancelled, and nothing is unresolved', () => {
    running('unsafe')
      .when(outcomeOf('c1', { type: 'cancelled' }, { tookEffect: false }))
      .then([{ type: 'call_finished', outcome: { type: 'cancelled' }, tookEffect: false }])
      .when({})
      .then({ events: [cancelledEnd({ unresolved: [] })] })
  })

  test('after a cancel no turn begins, whatever is due', () => {
    given([...opened(), cancel])
      .when({})
      .then({ events: [cancelledEnd()] })
    given([...opened(), ...turn(1, [text('Done.')]), cancel])
      .when({})
      .then({ events: [cancelledEnd()] })
  })

  test('after a cancel the session ends, whatever it was parked for', () => {
    for (const reason of ['approval', 'unknown_outcome', 'budget', 'poison'] as const) {
      given([...opened(), { type: 'session_parked', reason }, cancel])
        .when({})
        .then({ events: [cancelledEnd()] })
    }
  })
})

describe('closing words and endings (DESIGN 9, Endings)', () => {
  test('the agent’s words for the reason are the last of the session', () => {
    const { state } = given([
      started({ closing: { turn_budget: 'Support follows up.' }, budget: { maxTurns: 0 } }),
      message('x'),
    ])
      .when({})
      .then({ events: [{ type: 'session_ended', reason: 'turn_budget', closing: 'Support follows up.' }] })
    expect(finalText(state)).toBe('Support follows up.')
  })

  test('without them the last is what the model said', () => {
    const { state } = given([...opened(), ...turn(1, [text('It is '), text('done.')])])
      .when({})
      .then({
        events: [{ type: 'session_ended', reason: 'final_answer' }],
      })
    expect(finalText(state)).toBe('It is done.')
  })

  const opening = [...opened(), ...turn(1, [call('open_case')]), judged('c1', 'unsafe'), began('c1')]
  const caseOpened = ended('c1', ok(), { ending: { type: 'case_opened', caseId: 'K7' } })

  test('a tool may end the session with what the user got', () => {
    given([...opening, caseOpened])
      .when({})
      .then({
        events: [{ type: 'session_ended', reason: 'final_answer', ending: { type: 'case_opened', caseId: 'K7' } }],
      })
  })

  test('a message that came meanwhile is answered first', () => {
    given([...opening, message('wait'), caseOpened])
      .when({})
      .then({ events: [{ type: 'model_started', turn: 2 }], actions: [{ type: 'decide' }] })
  })

  test('an ending of a call that did not end ok does not count', () => {
    given([...opening, ended('c1', { type: 'terminal_error', message: 'x' }, { ending: { type: 'handed_to_human' } })])
      .when({})
      .then({ events: [{ type: 'model_started', turn: 2 }], actions: [{ type: 'decide' }] })
  })
})

describe('which stop reopens, and what it is called (DESIGN 2, Ending; 9, one table)', () => {
  const table: Record<StopReason, [gate: string, status: string]> = {
    final_answer: ['message', 'done'],
    turn_budget: ['message', 'failed'],
    wall_clock: ['message', 'failed'],
    replan_limit: ['message', 'failed'],
    token_budget: ['extend', 'failed'],
    cost_cap: ['extend', 'failed'],
    event_limit: ['extend', 'failed'],
    cancelled: ['final', 'cancelled'],
    failed: ['final', 'failed'],
    aborted: ['final', 'failed'],
  }
  const rows = Object.entries(table) as [StopReason, [string, string]][]

  test.each(rows)('%s', (reason, [gate, word]) => {
    const specification = given([...opened(), ...turn(1, [text('x')]), over(reason)])
    expect([gateOf(specification.state), status(specification.state)]).toEqual([gate, { type: word, reason }])
    expect(endedStatus(reason)).toEqual({ type: word, reason })
    specification.when({}).then({})

    const say = specification.when({ ...message('go on'), type: 'send_message' })
    if (gate === 'message') {
      const { state } = say.then([{ type: 'message_received', text: 'go on' }])
      expect([state.ended, gateOf(state)]).toEqual([null, 'open'])
    } else say.thenRefused('session_not_reopenable', new RegExp(reason))

    const extend = specification.when({ type: 'extend_budget', by: 'grace', tokens: 1, commandId: 'more' })
    if (gate === 'final') extend.thenRefused('session_not_reopenable', new RegExp(reason))
    else expect(extend.then([{ type: 'budget_extended' }]).state.ended === null).toBe(gate === 'extend')

    specification.when({ type: 'cancel', by: 'ada', commandId: 'cancel' }).thenRefused('session_ended')
  })

  test('a message to an answered session takes the next turn', () => {
    given([...opened(), ...turn(1, [text('x')]), over('final_answer'), message('and?')])
      .when({})
      .then({ events: [{ type: 'model_started', turn: 2, contextSeq: 7 }], actions: [{ type: 'decide' }] })
  })

  test('a message to a session that ended with an unknown outcome leaves it blocked by that', () => {
    given([
      ...opened(),
      ...turn(1, [call('refund')]),
      ...done('c1', 'unsafe', { outcome: unknownOutcome }),
      over('wall_clock'),
      message('well?'),
    ])
      .when({})
      .then({ events: [{ type: 'session_parked', reason: 'unknown_outcome' }] })
  })
})

describe('parking (DESIGN 2, Blocked)', () => {
  const holding = [...opened(), ...turn(1, [call('refund')]), ...held('c1')]
  const parked = (reason: BlockedReason): PawlEvent => ({ type: 'session_parked', reason })

  test('once for each reason', () => {
    given(holding)
      .when({})
      .then({ events: [{ type: 'session_parked', reason: 'approval', taskId: 'root' }] })
      .when({})
      .then({})
  })

  test('again after somebody has spoken, and for another reason', () => {
    given([...holding, parked('approval'), message('well?')])
      .when({})
      .then({ events: [{ type: 'session_parked', reason: 'approval' }] })
    given([...opened(), ...turn(1, [call('refund')]), judged('c1', 'unsafe'), began('c1'), parked('approval')])
      .and([ended('c1', unknownOutcome)])
      .when({})
      .then({ events: [{ type: 'session_parked', reason: 'unknown_outcome' }] })
  })

  test('the status says why', () => {
    expect(statusWord(status(given([...holding, parked('approval')]).state))).toBe('blocked(approval)')
    expect(statusWord(status(given(holding).state))).toBe('running')
    const error = { code: 'http_500', message: 'no', retryable: true }
    const failed = {
      type: 'model_failed',
      taskId: 'root',
      turn: 1,
      attempt: 1,
      error,
      retryAt: 2,
      latencyMs: 1,
    } as const
    expect(statusWord(status(given([...opened(), asked(1), failed]).state))).toBe('waiting(timer)')
  })

  test('poison wants nothing, not even a timer, until a person writes', () => {
    const poisoned = given([...opened(), asked(1), parked('poison')])
    poisoned.when({ fence: 9, now: 9_000_000 }).then({ wakeAt: null })
    poisoned
      .and([message('try again')])
      .when({ fence: 9 })
      .then({ events: [{ type: 'model_lost' }, { type: 'model_started', attempt: 2 }], actions: [{ type: 'decide' }] })
  })
})
