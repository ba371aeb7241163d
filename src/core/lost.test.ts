import { describe, test } from 'vitest'
import { given } from '../testing/given.ts'
import type { CommandOf } from './command.ts'
import {
  asked,
  began,
  call,
  ended,
  held,
  judged,
  ok,
  opened,
  outcomeOf,
  turn,
  unknownOutcome,
  verdict,
} from './log.fixture.ts'
import type { EffectClass, Settlement } from './vocabulary.ts'

const START = 1_000_000
const LEASE = 15_000
const TIMEOUT = 60_000
const GRACE = 5_000
const LOST_AT = START + LEASE + TIMEOUT + GRACE

const running = (effect: EffectClass, { verifies = false, fence = 1 } = {}) =>
  given([...opened(), ...turn(1, [call('refund')]), judged('c1', effect, { verifies }), began('c1', { fence })])

const parked = { type: 'session_parked', reason: 'unknown_outcome' } as const

describe('a started call whose fence is gone (DESIGN 1, rule 1; 2, Lost)', () => {
  test('one that carries this fence has only to be under way', () => {
    running('unsafe')
      .when({ fence: 1 })
      .then({ actions: [{ type: 'call', mode: 'run', key: 'call:c1:1' }] })
  })

  test('one that carries a newer fence is not this activation’s to run, to abort or to lose', () => {
    running('unsafe', { fence: 2 }).when({ fence: 1 }).then({ actions: [], events: [] })
    running('read', { fence: 2 }).when({ fence: 1 }).then({ actions: [], events: [] })
    running('read', { fence: 2 })
      .and([{ type: 'cancel_requested', by: 'ada', commandId: 'stop' }])
      .when({ fence: 1 })
      .then({ actions: [], events: [] })
    given([...opened(), asked(1, { fence: 2 })])
      .when({ fence: 1 })
      .then({ actions: [], events: [] })
  })

  test.each(['read', 'idempotent'] as const)('a %s is lost at once, and runs again as the next attempt', (effect) => {
    running(effect)
      .when({ fence: 2, now: START + 1 })
      .then({ events: [{ type: 'call_lost', attempt: 1 }], actions: [{ type: 'judge', key: 'judge:c1:2' }] })
      .when(verdict('c1', { type: 'allow' }, { judgementNumber: 2, effect }), { fence: 2 })
      .then([{ type: 'call_judged', fence: 2 }])
      .when({ fence: 2 })
      .then({
        events: [{ type: 'call_started', attempt: 2, fence: 2 }],
        actions: [{ type: 'call', key: 'call:c1:2' }],
      })
  })

  test('an unsafe one waits until nobody can be running it: lease, timeout and grace', () => {
    running('unsafe')
      .when({ fence: 2, now: LOST_AT - 1 })
      .then({ wakeAt: LOST_AT })
    running('unsafe')
      .when({ fence: 2, now: LOST_AT })
      .then({
        events: [
          { type: 'call_lost' },
          { type: 'call_finished', attempt: 1, outcome: { type: 'unknown' }, trust: 'system' },
          parked,
        ],
      })
  })

  test('an unsafe one is lost at once where its own holder is known to be dead', () => {
    running('unsafe')
      .when({ fence: 2, deadFence: 1 })
      .then({ events: [{ type: 'call_lost' }, { type: 'call_finished', outcome: { type: 'unknown' } }, parked] })
  })

  test('that a later holder is dead says nothing of the one that started the call', () => {
    running('unsafe', { fence: 1 }).when({ fence: 3, deadFence: 2 }).then({ wakeAt: LOST_AT })
  })

  test('an unsafe call is never started twice by itself', () => {
    const resumed = running('unsafe').when({ fence: 2, now: LOST_AT })
    if (resumed.events.some(({ type }) => type === 'call_started') || resumed.actions.length > 0) {
      throw new Error(JSON.stringify(resumed.events))
    }
  })

  test('a request to a model is lost at once, and that is no failed attempt', () => {
    const { state } = given([...opened(), asked(1)])
      .when({ fence: 2 })
      .then({
        events: [
          { type: 'model_lost', turn: 1, attempt: 1 },
          { type: 'model_started', turn: 1, attempt: 2, fence: 2 },
        ],
        actions: [{ type: 'decide', mode: 'run', key: 'decide:root:1:2' }],
      })
    const root = state.tasks.get('root')
    if (root?.failures !== 0 || root.turn !== 1) throw new Error(JSON.stringify(root))
  })

  test('a long time in which nobody drove does not count as driven, and ends nothing (DESIGN 3.1)', () => {
    given([
      ...opened(),
      ...turn(1, [call('look'), call('refund'), call('mail')]),
      judged('c1', 'read'),
      began('c1'),
      ...held('c2', 'unsafe', { expiresAt: START + 10 * 24 * 3_600_000 }),
      judged('c3', 'unsafe'),
    ])
      .when({ fence: 2, now: START + 24 * 3_600_000 })
      .then({ events: [{ type: 'call_lost', callId: 'c1' }], actions: [{ type: 'judge', callId: 'c1' }] })
  })
})

describe('verify (DESIGN 2)', () => {
  const lost = running('unsafe', { verifies: true })
    .when({ fence: 2, deadFence: 1 })
    .then({ events: [{ type: 'call_lost' }], actions: [{ type: 'verify', key: 'verify:c1:1', callId: 'c1' }] })
  const found = (what: Extract<CommandOf<'record_outcome'>['of'], { type: 'verify' }>['found'], attempt = 1) =>
    ({ type: 'record_outcome', of: { type: 'verify', callId: 'c1', attempt, found: what } }) as const

  test('what took effect has its output', () => {
    lost
      .when(found({ type: 'took_effect', report: { outcome: ok('case 7'), trust: 'tool' } }))
      .then([{ type: 'call_finished', attempt: 1, outcome: ok('case 7') }])
      .when({ fence: 2 })
      .then({ events: [{ type: 'model_started', turn: 2 }], actions: [{ type: 'decide' }] })
  })

  test('what did not ends as retryable_error, and its effect is free to be tried again', () => {
    lost
      .when(found({ type: 'did_not_take_effect' }))
      .then([{ type: 'call_finished', outcome: { type: 'retryable_error' }, tookEffect: false }])
      .and(turn(2, [call('refund')], 2))
      .when(verdict('c2', { type: 'allow' }, { effect: 'unsafe', effectHash: 'effect of c1' }))
      .then([{ type: 'call_judged' }])
  })

  test('what nobody can tell parks the session for a person', () => {
    lost
      .when(found({ type: 'unknown', message: 'the ledger is away' }))
      .then([{ type: 'call_finished', outcome: { type: 'unknown', message: 'the ledger is away' } }])
      .when({ fence: 2 })
      .then({ events: [parked] })
  })

  test('an answer for another attempt, or the second one, writes nothing', () => {
    lost.when(found({ type: 'did_not_take_effect' }, 2)).thenNothing()
    lost
      .when(found({ type: 'did_not_take_effect' }))
      .then([{ type: 'call_finished' }])
      .when(found({ type: 'took_effect', report: { outcome: ok(), trust: 'tool' } }))
      .thenNothing()
    running('unsafe')
      .when(found({ type: 'did_not_take_effect' }))
      .thenNothing()
  })
})

describe('settling an unknown outcome (DESIGN 2; P4: only unknown, once)', () => {
  const unknown = running('unsafe').and([ended('c1', unknownOutcome), parked])
  const settle = (settlement: Settlement, more: Partial<CommandOf<'settle'>> = {}): CommandOf<'settle'> => ({
    type: 'settle',
    callId: 'c1',
    settlement,
    by: 'grace',
    commandId: `settle ${settlement}`,
    ...more,
  })

  test('it took effect: the call is ok with the output that the person gives', () => {
    const { state } = unknown
      .when(settle('took_effect', { output: { caseId: 7 }, reason: 'seen in the ledger' }))
      .then([{ type: 'call_settled', settlement: 'took_effect', attempt: 1, by: 'grace', output: { caseId: 7 } }])
      .when({})
      .then({ events: [{ type: 'model_started', turn: 2 }], actions: [{ type: 'decide' }] })
    const { outcome, settled } = state.calls.get('c1') ?? {}
    if (outcome?.type !== 'ok' || settled?.by !== 'grace') throw new Error(JSON.stringify(outcome))
  })

  test('it did not: retryable_error, and the same effect may be proposed again', () => {
    unknown
      .when(settle('did_not_take_effect'))
      .then([{ type: 'call_settled' }])
      .and(turn(2, [call('refund')], 2))
      .when(verdict('c2', { type: 'allow' }, { effect: 'unsafe', effectHash: 'effect of c1' }))
      .then([{ type: 'call_judged' }])
  })

  test("run again: a new attempt of the same call, under the person's name, judged anew", () => {
    unknown
      .when(settle('run_again'))
      .then([{ type: 'call_settled', settlement: 'run_again' }])
      .when({})
      .then({ actions: [{ type: 'judge', callId: 'c1', judgementNumber: 2 }] })
      .when(verdict('c1', { type: 'allow' }, { judgementNumber: 2, effect: 'unsafe', effectHash: 'effect of c1' }))
      .then([{ type: 'call_judged' }])
      .when({})
      .then({
        events: [{ type: 'call_started', attempt: 2, by: 'grace' }],
        actions: [{ type: 'call', mode: 'run', key: 'call:c1:2' }],
      })
  })

  test('a second settlement is refused, and told the first', () => {
    unknown
      .when(settle('took_effect'))
      .then([{ type: 'call_settled' }])
      .when(settle('did_not_take_effect', { by: 'linus' }))
      .thenRefused('already_resolved', /grace has settled c1: took_effect/)
  })

  test('an attempt that a person ran again may end unknown too, and is settled for itself', () => {
    unknown
      .when(settle('run_again'))
      .then([{ type: 'call_settled' }])
      .and([judged('c1', 'unsafe'), began('c1', { attempt: 2 }), ended('c1', unknownOutcome, { attempt: 2 })])
      .when(settle('took_effect', { commandId: 'second' }))
      .then([{ type: 'call_settled', attempt: 2 }])
  })

  test('a new attempt that never began does not make the first one harmless', () => {
    unknown
      .when(settle('run_again'))
      .then([{ type: 'call_settled' }])
      .when(verdict('c1', { type: 'deny', reason: 'frozen' }, { judgementNumber: 2, effect: 'unsafe' }))
      .then([{ type: 'call_judged' }, { type: 'call_finished', outcome: { type: 'blocked' } }])
      .and(turn(2, [call('refund')], 2))
      .when(verdict('c2', { type: 'allow' }, { effect: 'unsafe', effectHash: 'effect of c1' }))
      .then([{ type: 'call_judged' }, { type: 'approval_requested', reason: 'repeats c1' }])
  })

  test('only an unknown outcome is settled', () => {
    running('unsafe')
      .when(settle('took_effect'))
      .thenRefused('not_unknown', /c1 is started/)
    running('unsafe')
      .and([ended('c1')])
      .when(settle('took_effect'))
      .thenRefused('not_unknown', /c1 is ok/)
    running('unsafe')
      .when(settle('took_effect', { callId: 'c9' }))
      .thenRefused('unknown_call')
  })

  test('in a session that has ended it can be said what happened, and nothing runs again', () => {
    const over = unknown.and([
      { type: 'session_ended', reason: 'wall_clock', ending: { type: 'timed_out' }, unresolved: ['c1'] },
    ])
    over.when(settle('run_again')).thenRefused('session_ended', /say whether it took effect/)
    const { state } = over
      .when(settle('took_effect'))
      .then([{ type: 'call_settled' }])
      .when({})
      .then({})
    if (state.ended === null) throw new Error('a settlement reopened the session')
  })

  test('the writes behind an unknown one have ended, so settling it starts none of them', () => {
    given([
      ...opened(),
      ...turn(1, [call('refund'), call('mail')]),
      judged('c1', 'unsafe'),
      judged('c2', 'unsafe'),
      began('c1'),
    ])
      .when(outcomeOf('c1', { type: 'retryable_error', message: 'timeout' }))
      .then([{ type: 'call_finished', outcome: { type: 'unknown' } }])
      .when({})
      .then({ events: [{ type: 'call_finished', callId: 'c2', outcome: { reason: 'earlier_write' } }, parked] })
      .when(settle('took_effect'))
      .then([{ type: 'call_settled' }])
      .when({})
      .then({ events: [{ type: 'model_started', turn: 2 }], actions: [{ type: 'decide' }] })
  })
})
