import { describe, test } from 'vitest'
import { given } from '../testing/given.ts'
import {
  began,
  call,
  done,
  ended,
  held,
  judged,
  ok,
  opened,
  outcomeOf,
  turn,
  unknownOutcome,
  unreadableCall,
  verdict,
} from './log.fixture.ts'
import type { EffectClass } from './vocabulary.ts'

const ids = (count: number) => Array.from({ length: count }, (_, index) => `c${index + 1}`)

/** A turn with so many calls of one effect class, all judged. */
const turnOf = (count: number, effect: EffectClass, opening: Parameters<typeof opened>[0] = {}) =>
  given([
    ...opened(opening),
    ...turn(
      1,
      ids(count).map((callId) => call('work', { callId })),
    ),
    ...ids(count).map((callId) => judged(callId, effect)),
  ])

const starts = (...callIds: readonly string[]) => callIds.map((callId) => ({ type: 'call_started', callId }) as const)
const runs = (...callIds: readonly string[]) =>
  callIds.map((callId) => ({ type: 'call', mode: 'run', callId }) as const)
const blockedBy = (reason: string) => ({ outcome: { type: 'blocked', reason }, tookEffect: false }) as const
const nextTurn = { type: 'model_started', turn: 2, attempt: 1 } as const

describe('judging (DESIGN 3.3)', () => {
  const proposed = given([...opened(), ...turn(1, [call('refund'), call('look')])])

  test('a call is judged before anything else, and nothing starts before its verdict', () => {
    proposed.when({}).then({
      actions: [
        { type: 'judge', key: 'judge:c1:1', callId: 'c1', judgementNumber: 1 },
        { type: 'judge', key: 'judge:c2:1', callId: 'c2', judgementNumber: 1 },
      ],
    })
  })

  test('a denied call ends blocked with the reason of the policy, and never starts', () => {
    proposed
      .when(verdict('c1', { type: 'deny', reason: 'wrong_tenant', message: 'not your customer' }))
      .then([
        { type: 'call_judged', callId: 'c1', fence: 1 },
        {
          type: 'call_finished',
          callId: 'c1',
          attempt: 1,
          outcome: { type: 'blocked', reason: 'wrong_tenant', message: 'denied by policy: not your customer' },
          tookEffect: false,
        },
      ])
      .when(verdict('c2'))
      .then([{ type: 'call_judged' }])
      .when({})
      .then({ events: starts('c2'), actions: runs('c2') })
  })

  test.each(['unknown_tool', 'invalid_input'] as const)('%s is an observation for the model', (reason) => {
    proposed
      .when({
        type: 'record_verdict',
        callId: 'c1',
        judgementNumber: 1,
        judgement: { type: 'invalid', reason, message: 'no' },
      })
      .then([{ type: 'call_judged' }, { type: 'call_finished', outcome: { type: 'blocked', reason, message: 'no' } }])
  })

  test('a verdict that comes twice, or for a judgement that is over, writes nothing', () => {
    const once = proposed.when(verdict('c1')).then([{ type: 'call_judged' }])
    once.when(verdict('c1')).thenNothing()
    once.when(verdict('c1', { type: 'deny', reason: 'late' }, { judgementNumber: 3 })).thenNothing()
    proposed.when(verdict('c9')).thenNothing()
  })

  test('a call that could not be read is told to the model and never judged', () => {
    given([...opened(), ...turn(1, [unreadableCall('refund')])])
      .when({})
      .then({
        events: [
          {
            type: 'call_finished',
            outcome: {
              type: 'blocked',
              reason: 'invalid_call',
              message: 'the input could not be read: expected the end',
            },
          },
          nextTurn,
        ],
        actions: [{ type: 'decide' }],
      })
  })

  test('a write that is invalid ends the writes behind it', () => {
    proposed
      .when({
        type: 'record_verdict',
        callId: 'c1',
        judgementNumber: 1,
        judgement: { type: 'invalid', reason: 'invalid_input', message: 'no', effect: 'unsafe' },
      })
      .then([{ type: 'call_judged' }, { type: 'call_finished' }])
      .and([judged('c2', 'idempotent')])
      .when({})
      .then({
        events: [{ type: 'call_finished', callId: 'c2', ...blockedBy('earlier_write') }, nextTurn],
        actions: [{ type: 'decide' }],
      })
  })

  test('an approval, an activation, or a write since makes a verdict stale: it is asked for again', () => {
    turnOf(1, 'unsafe')
      .when({ fence: 2 })
      .then({ actions: [{ type: 'judge', key: 'judge:c1:2' }] })
    turnOf(2, 'unsafe')
      .and([began('c1'), ended('c1')])
      .when({})
      .then({ actions: [{ type: 'judge', key: 'judge:c2:2' }] })
  })

  test('a read that was judged under this fence is not judged again after a write', () => {
    given([...opened(), ...turn(1, [call('refund'), call('look')]), judged('c2', 'read'), ...done('c1', 'unsafe')])
      .when({})
      .then({ events: starts('c2'), actions: runs('c2') })
  })
})

describe('reads (DESIGN 2: side by side under the cap)', () => {
  test('at most maxConcurrentCalls run at once, 4 by default; the next starts when one ends', () => {
    turnOf(6, 'read')
      .when({})
      .then({ events: starts('c1', 'c2', 'c3', 'c4'), actions: runs('c1', 'c2', 'c3', 'c4') })
      .when(outcomeOf('c2'))
      .then([{ type: 'call_finished', callId: 'c2' }])
      .when({})
      .then({ events: starts('c5'), actions: runs('c1', 'c3', 'c4', 'c5') })
  })

  test('a read that fails does not abort its siblings', () => {
    turnOf(2, 'read')
      .and([began('c1'), began('c2')])
      .when(outcomeOf('c1', { type: 'terminal_error', message: 'no' }))
      .then([{ type: 'call_finished', outcome: { type: 'terminal_error' } }])
      .when({})
      .then({ actions: runs('c2') })
  })
})

describe('writes (DESIGN 2: one after another, in the order proposed)', () => {
  test.each(['idempotent', 'unsafe'] as const)('an %s write waits for the one before it', (effect) => {
    turnOf(2, effect)
      .when({})
      .then({ events: starts('c1'), actions: runs('c1') })
      .when(outcomeOf('c1'))
      .then([{ type: 'call_finished' }])
      .when(verdict('c2', { type: 'allow' }, { judgementNumber: 2, effect }))
      .then([{ type: 'call_judged' }])
      .when({})
      .then({ events: starts('c2'), actions: runs('c2') })
  })

  test('a write does not start before a write in front of it has been judged', () => {
    given([...opened(), ...turn(1, [call('slow_policy'), call('refund')]), judged('c2', 'unsafe')])
      .when({})
      .then({ actions: [{ type: 'judge', callId: 'c1' }] })
  })

  test('nor while one in front of it is proposed anew after an edit', () => {
    given([...opened(), ...turn(1, [call('refund'), call('mail')]), ...held('c1'), judged('c2', 'unsafe')])
      .and([{ type: 'approval_resolved', approvalId: 'a1', resolution: 'edited', by: 'grace', input: {} }])
      .when({})
      .then({ actions: [{ type: 'judge', callId: 'c1' }] })
  })

  test.each([
    ['failed', { type: 'terminal_error', message: 'no' }],
    ['denied', { type: 'blocked', reason: 'policy', message: 'no' }],
    ['unknown', unknownOutcome],
  ] as const)('a write that %s ends the writes behind it with earlier_write', (_, outcome) => {
    turnOf(3, 'unsafe')
      .and([began('c1'), ended('c1', outcome)])
      .when({})
      .then({
        events: [
          { type: 'call_finished', callId: 'c2', ...blockedBy('earlier_write') },
          { type: 'call_finished', callId: 'c3', ...blockedBy('earlier_write') },
          outcome.type === 'unknown' ? { type: 'session_parked', reason: 'unknown_outcome' } : nextTurn,
        ],
        actions: outcome.type === 'unknown' ? [] : [{ type: 'decide' }],
      })
  })

  test('reads go on beside a write, whatever becomes of it', () => {
    given([...opened(), ...turn(1, [call('refund'), call('look')]), judged('c1', 'unsafe'), judged('c2', 'read')])
      .when({})
      .then({ events: starts('c1', 'c2'), actions: runs('c1', 'c2') })
      .when(outcomeOf('c1', { type: 'terminal_error', message: 'no' }, { tookEffect: false }))
      .then([{ type: 'call_finished' }])
      .when({})
      .then({ actions: runs('c2') })
  })

  test('what fails for sure in an unsafe tool is known; what fails otherwise is unknown', () => {
    const running = turnOf(1, 'unsafe').and([began('c1')])
    running
      .when(outcomeOf('c1', { type: 'retryable_error', message: 'timeout' }))
      .then([{ type: 'call_finished', outcome: { type: 'unknown', message: 'timeout' } }])
    running
      .when(outcomeOf('c1', { type: 'terminal_error', message: 'thrown' }))
      .then([{ type: 'call_finished', outcome: { type: 'unknown', message: 'thrown' } }])
    running.when(outcomeOf('c1', { type: 'cancelled' })).then([{ type: 'call_finished', outcome: { type: 'unknown' } }])
    running
      .when(outcomeOf('c1', { type: 'terminal_error', message: 'no such account' }, { tookEffect: false }))
      .then([{ type: 'call_finished', outcome: { type: 'terminal_error' }, tookEffect: false }])
  })

  test('for the other classes an abort or a timeout is what the tool said', () => {
    turnOf(1, 'idempotent')
      .and([began('c1')])
      .when(outcomeOf('c1', { type: 'retryable_error', message: 'timeout' }))
      .then([{ type: 'call_finished', outcome: { type: 'retryable_error' } }])
  })
})

describe('completions are doubted (DESIGN 1, rule 3; P4)', () => {
  const running = turnOf(1, 'unsafe').and([began('c1')])

  test('a call has at most one outcome', () => {
    running
      .when(outcomeOf('c1'))
      .then([{ type: 'call_finished', outcome: ok() }])
      .when(outcomeOf('c1', { type: 'terminal_error', message: 'again' }))
      .thenNothing()
  })

  test('an outcome of another attempt, or of a call that never started, is none', () => {
    running.when(outcomeOf('c1', ok(), { attempt: 2 })).thenNothing()
    turnOf(1, 'unsafe').when(outcomeOf('c1')).thenNothing()
    running.when(outcomeOf('c7')).thenNothing()
  })

  test('a late outcome is noted and changes nothing', () => {
    const { state } = running
      .and([ended('c1', unknownOutcome)])
      .when({ type: 'report_late_outcome', callId: 'c1', attempt: 1, report: { outcome: ok(), trust: 'tool' } })
      .then([{ type: 'late_outcome_noted', callId: 'c1', outcome: ok() }])
    const late = state.calls.get('c1')
    if (late?.outcome?.type !== 'unknown' || late.lateOutcome?.type !== 'ok') throw new Error(late?.outcome?.type)
    running
      .when({ type: 'report_late_outcome', callId: 'c7', attempt: 1, report: { outcome: ok(), trust: 'tool' } })
      .thenNothing()
  })
})

describe('declared retries (DESIGN 3.5)', () => {
  const failing = { type: 'retryable_error', message: 'busy' } as const
  const reading = (retries: number, opening: Parameters<typeof opened>[0] = {}) =>
    given([...opened(opening), ...turn(1, [call('look')]), judged('c1', 'read', { retries }), began('c1')])

  test('a read is repeated as often as its tool declares, later each time, under the next attempt', () => {
    const retryAt = 1_000_000 + 500 // half of a second is certain, the other half is jitter
    reading(1)
      .when(outcomeOf('c1', failing, { jitter: 0 }))
      .then([{ type: 'call_finished', attempt: 1, outcome: failing, retryAt }])
      .when({})
      .then({ wakeAt: retryAt })
      .when({ now: retryAt })
      .then({ events: [{ type: 'call_started', attempt: 2 }], actions: [{ type: 'call', key: 'call:c1:2' }] })
      .when(outcomeOf('c1', failing, { attempt: 2 }))
      .then([{ type: 'call_finished', attempt: 2, outcome: failing }])
      .when({})
      .then({ events: [nextTurn], actions: [{ type: 'decide' }] })
  })

  test('the session has one retry budget', () => {
    const { handled } = reading(5, { budget: { maxCallRetries: 0 } }).when(outcomeOf('c1', failing))
    if (handled.type !== 'accepted' || JSON.stringify(handled.events).includes('retryAt')) throw new Error('it retries')
    const { state } = reading(5)
      .when(outcomeOf('c1', failing))
      .then([{ type: 'call_finished' }])
    if (state.ledger.callRetries !== 1) throw new Error('the retry is not counted')
  })

  test('the delay doubles with every retry', () => {
    reading(3)
      .when(outcomeOf('c1', failing, { jitter: 0 }))
      .then([{ type: 'call_finished', retryAt: 1_000_500 }])
      .and([began('c1', { attempt: 2 })])
      .when(outcomeOf('c1', failing, { jitter: 0, attempt: 2 }))
      .then([{ type: 'call_finished', retryAt: 1_001_000 }])
  })

  test('an error that is not retryable is not repeated, and neither is an unsafe call', () => {
    const noRetry = (specification: ReturnType<typeof reading>, completion: ReturnType<typeof outcomeOf>) => {
      const { handled } = specification.when(completion)
      if (JSON.stringify(handled).includes('retryAt')) throw new Error(JSON.stringify(handled))
    }
    noRetry(reading(3), outcomeOf('c1', { type: 'terminal_error', message: 'no' }))
    const unsafe = given([...opened(), ...turn(1, [call('pay')]), judged('c1', 'unsafe', { retries: 3 }), began('c1')])
    noRetry(unsafe, outcomeOf('c1', failing))
    noRetry(unsafe, outcomeOf('c1', failing, { tookEffect: false }))
  })

  test('nothing is repeated once the session is being cancelled', () => {
    const { handled } = reading(3)
      .and([{ type: 'cancel_requested', by: 'ada', commandId: 'cancel' }])
      .when(outcomeOf('c1', failing))
    if (JSON.stringify(handled).includes('retryAt')) throw new Error(JSON.stringify(handled))
  })
})

describe('limits of calls (DESIGN 9)', () => {
  test('calls past maxCallsPerTurn are not run, and the model is told the limit', () => {
    const nine = given([
      ...opened(),
      ...turn(
        1,
        ids(9).map(() => call('look')),
      ),
    ])
    nine.when({}).then({
      events: [
        {
          type: 'call_finished',
          callId: 'c9',
          outcome: { type: 'blocked', message: 'not run: limit of 8 calls a turn' },
          tookEffect: false,
        },
      ],
      actions: ids(8).map((callId) => ({ type: 'judge', callId }) as const),
    })
  })

  test('no more calls start than the budget has left, also when they could start together (P10)', () => {
    turnOf(3, 'read', { budget: { maxCalls: 2 } })
      .when({})
      .then({
        events: [
          { type: 'call_started', callId: 'c1' },
          { type: 'call_started', callId: 'c2' },
          {
            type: 'call_finished',
            callId: 'c3',
            outcome: { type: 'blocked', reason: 'call_budget', message: 'not run: the budget of 2 calls is used' },
            tookEffect: false,
          },
        ],
        actions: runs('c1', 'c2'),
      })
  })

  test('a repeat counts as a call of its own', () => {
    given([
      ...opened({ budget: { maxCalls: 1 } }),
      ...turn(1, [call('look')]),
      judged('c1', 'read', { retries: 1 }),
      began('c1'),
      ended('c1', { type: 'retryable_error', message: 'busy' }, { retryAt: 1_000_000 }),
    ])
      .when({})
      .then({
        events: [{ type: 'call_finished', attempt: 2, ...blockedBy('call_budget') }, nextTurn],
        actions: [{ type: 'decide' }],
      })
  })

  test('an extension of the budget lets calls run again', () => {
    given([...opened({ budget: { maxCalls: 1 } }), ...turn(1, [call('look')]), ...done('c1', 'read')])
      .and([...turn(2, [call('look')], 2), judged('c2', 'read')])
      .when({ type: 'extend_budget', by: 'grace', calls: 1, commandId: 'more' })
      .then([{ type: 'budget_extended', calls: 1 }])
      .when({})
      .then({ events: starts('c2'), actions: runs('c2') })
  })
})

describe('the same effect under a new call id (DESIGN 2)', () => {
  const effectHash = 'refund of 20'
  const twice = (first: Parameters<typeof ended>, repeat: 'ask' | 'allow' = 'ask', effect: EffectClass = 'unsafe') =>
    given([
      ...opened(),
      ...turn(1, [call('refund')]),
      judged('c1', effect, { effectHash, repeat }),
      began('c1'),
      ended(...first),
      ...turn(2, [call('refund')], 2),
    ]).when(verdict('c2', { type: 'allow' }, { effect, effectHash, repeat }))

  const asks = [
    { type: 'call_judged', raised: { type: 'require_approval', reason: 'repeats c1' } },
    { type: 'approval_requested', callId: 'c2', reason: 'repeats c1' },
  ] as const
  const runsAgain = [{ type: 'call_judged', callId: 'c2' }] as const

  test('after one that may have taken effect a person decides, whatever the tool says of repeats', () => {
    twice(['c1', unknownOutcome]).then(asks)
    twice(['c1', unknownOutcome], 'allow').then(asks)
    twice(['c1', { type: 'terminal_error', message: 'it said no, after it began' }], 'allow').then(asks)
  })

  test("after one that ended ok the tool's repeat decides", () => {
    twice(['c1', ok()], 'ask').then(asks)
    twice(['c1', ok()], 'allow').then(runsAgain)
  })

  test('one that certainly took no effect is no repeat', () => {
    twice(['c1', { type: 'retryable_error', message: 'refused' }, { tookEffect: false }]).then(runsAgain)
  })

  test('only unsafe tools are asked about', () => {
    twice(['c1', { type: 'retryable_error', message: 'x' }], 'ask', 'idempotent').then(runsAgain)
  })

  test('policy that denies is not softened to a question', () => {
    given([
      ...opened(),
      ...turn(1, [call('refund')]),
      ...done('c1', 'unsafe', { effectHash }),
      ...turn(2, [call('refund')], 2),
    ])
      .when(verdict('c2', { type: 'deny', reason: 'no' }, { effect: 'unsafe', effectHash }))
      .then([{ type: 'call_judged' }, { type: 'call_finished', outcome: { type: 'blocked', reason: 'no' } }])
  })

  test('a call that was proposed twice in one turn is caught when its turn comes', () => {
    given([...opened(), ...turn(1, [call('refund'), call('refund')])])
      .and([judged('c1', 'unsafe', { effectHash }), judged('c2', 'unsafe', { effectHash }), began('c1')])
      .when(outcomeOf('c1'))
      .then([{ type: 'call_finished' }])
      .when(verdict('c2', { type: 'allow' }, { judgementNumber: 2, effect: 'unsafe', effectHash }))
      .then(asks)
  })

  test('an approval of exactly this call meets it', () => {
    twice(['c1', ok()])
      .then(asks)
      .when({ type: 'vote', approvalId: 'a1', vote: 'approve', by: 'grace', commandId: 'v' })
      .then([{ type: 'approval_voted' }, { type: 'approval_resolved' }])
      .when(verdict('c2', { type: 'allow' }, { judgementNumber: 2, effect: 'unsafe', effectHash }))
      .then([{ type: 'call_judged' }])
  })
})
