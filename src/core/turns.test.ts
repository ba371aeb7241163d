import { describe, expect, test } from 'vitest'
import { given } from '../testing/given.ts'
import { asked, call, done, message, modelAnswer, modelFailure, opened, responded, text, turn } from './log.fixture.ts'

const START = 1_000_000
const deciding = given([...opened(), asked(1)])

describe('a turn (DESIGN 3.2)', () => {
  test('the first message makes the first turn due; its intent stands in the log before the model is asked', () => {
    given(opened())
      .when({ fence: 7 })
      .then({
        events: [
          {
            type: 'model_started',
            purpose: 'decide',
            taskId: 'root',
            turn: 1,
            attempt: 1,
            fence: 7,
            contextSeq: 2,
            definitionHash: 'definition',
            model: 'scripted',
          },
        ],
        actions: [{ type: 'decide', key: 'decide:root:1:1', mode: 'run', taskId: 'root', turn: 1, attempt: 1 }],
      })
  })

  test('an answer with calls is a decision with calls, whatever else it says, under our own ids', () => {
    deciding.when(modelAnswer([text('I will look.'), call('look'), call('refund')], { finish: 'stop' })).then([
      { type: 'model_responded', turn: 1, attempt: 1, costMicroUsd: 7, promptHash: 'prompt' },
      { type: 'decision_recorded', decision: 'calls', callIds: ['c1', 'c2'] },
    ])
  })

  test('ids of calls are counted through the whole session', () => {
    given([...opened(), ...turn(1, [call('look')]), ...done('c1', 'read'), asked(2)])
      .when(modelAnswer([call('look'), call('look')], { turn: 2 }))
      .then([{ type: 'model_responded' }, { type: 'decision_recorded', callIds: ['c2', 'c3'] }])
  })

  test('an answer without calls is final, whatever its finish reason says', () => {
    for (const finish of ['stop', 'length', 'tool_calls', 'other'] as const) {
      deciding
        .when(modelAnswer([text('Done.')], { finish }))
        .then([{ type: 'model_responded' }, { type: 'decision_recorded', decision: 'final', callIds: [] }])
        .when({})
        .then({ events: [{ type: 'session_ended', reason: 'final_answer', ending: { type: 'answered' } }] })
    }
  })

  test('the next turn is due when the last call of this one has ended', () => {
    given([...opened(), ...turn(1, [call('look')]), ...done('c1', 'read')])
      .when({})
      .then({
        events: [{ type: 'model_started', turn: 2, attempt: 1, contextSeq: 8 }],
        actions: [{ type: 'decide', key: 'decide:root:2:1' }],
      })
  })

  test('what the provider calls a refusal fails the task', () => {
    deciding
      .when(modelAnswer([text('I cannot help with that.')], { finish: 'refusal' }))
      .then([
        { type: 'model_responded' },
        { type: 'decision_recorded', decision: 'refused' },
        { type: 'task_failed', taskId: 'root', failure: 'refusal' },
      ])
      .when({})
      .then({ events: [{ type: 'session_ended', reason: 'failed', ending: { type: 'none' } }] })
  })

  test('a message that arrives while the model is asked is seen next turn', () => {
    deciding
      .and([message('and hurry')])
      .when(modelAnswer([text('Done.')]))
      .then([{ type: 'model_responded' }, { type: 'decision_recorded', decision: 'final' }])
      .when({})
      .then({ events: [{ type: 'model_started', turn: 2 }], actions: [{ type: 'decide' }] })
  })

  test('a message that arrives during calls is seen after their results', () => {
    given([...opened(), ...turn(1, [call('look')]), message('and hurry')])
      .when({})
      .then({ actions: [{ type: 'judge', callId: 'c1' }] })
  })

  test('an answer of another attempt or turn, and a second one, write nothing', () => {
    deciding.when(modelAnswer([text('x')], { attempt: 2 })).thenNothing()
    deciding.when(modelAnswer([text('x')], { turn: 2 })).thenNothing()
    deciding
      .when(modelAnswer([text('x')]))
      .then([{ type: 'model_responded' }, { type: 'decision_recorded' }])
      .when(modelAnswer([text('y')]))
      .thenNothing()
  })
})

describe('transport (DESIGN 3.2: five attempts from 500 ms, doubled, jittered)', () => {
  test('the wait is half certain and half chance, and doubles', () => {
    const waits = [1, 2, 3, 4].map((failed) => {
      const before = Array.from({ length: failed - 1 }, (_, index) => [
        asked(1, { attempt: index + 1 }),
        failedAttempt(index + 1),
      ]).flat()
      const specification = given([...opened(), ...before, asked(1, { attempt: failed })])
      return [0, 0.5, 0.999].map((jitter) => {
        const { handled } = specification.when(modelFailure({ attempt: failed, jitter }))
        const event = handled.type === 'accepted' ? handled.events[0] : undefined
        return event?.type === 'model_failed' ? (event.retryAt ?? 0) - START : null
      })
    })
    expect(waits).toEqual([
      [250, 375, 500],
      [500, 750, 1_000],
      [1_000, 1_500, 1_999],
      [2_000, 3_000, 3_998],
    ])
  })

  test('the fifth failure is the last, and ends the session as failed', () => {
    const events = [1, 2, 3, 4].flatMap((attempt) => [asked(1, { attempt }), failedAttempt(attempt)])
    given([...opened(), ...events, asked(1, { attempt: 5 })])
      .when(modelFailure({ attempt: 5 }))
      .then([
        { type: 'model_failed', attempt: 5, retryAt: null },
        { type: 'task_failed', failure: 'transport', message: 'http_500: it failed' },
      ])
      .when({})
      .then({ events: [{ type: 'session_ended', reason: 'failed' }] })
  })

  test('the session waits for the moment, then asks again in the same turn', () => {
    deciding
      .when(modelFailure({ jitter: 0 }))
      .then([{ type: 'model_failed', attempt: 1, retryAt: START + 250 }])
      .when({})
      .then({ wakeAt: START + 250 })
      .when({ now: START + 250 })
      .then({
        events: [{ type: 'model_started', turn: 1, attempt: 2 }],
        actions: [{ type: 'decide', key: 'decide:root:1:2' }],
      })
  })

  test('Retry-After is respected where it is longer, and does not shorten the backoff', () => {
    deciding
      .when(modelFailure({ code: 'http_429', retryAfterMs: 30_000 }))
      .then([{ type: 'model_failed', retryAt: START + 30_000, error: { code: 'http_429' } }])
    deciding
      .when(modelFailure({ code: 'http_429', retryAfterMs: 10 }))
      .then([{ type: 'model_failed', retryAt: START + 250 }])
  })

  test('an error that is not retryable ends at once', () => {
    deciding.when(modelFailure({ code: 'http_400', retryable: false })).then([
      { type: 'model_failed', retryAt: null },
      { type: 'task_failed', failure: 'transport' },
    ])
  })

  test('the last timeout is a failure of its own class', () => {
    deciding
      .when(modelFailure({ code: 'timeout', retryable: false }))
      .then([{ type: 'model_failed' }, { type: 'task_failed', failure: 'timeout' }])
  })

  test('an answer with neither text nor a call is a failed attempt', () => {
    for (const parts of [[], [text(' \n')], [{ type: 'reasoning', text: 'hm' } as const]]) {
      deciding
        .when(modelAnswer(parts))
        .then([{ type: 'model_failed', error: { code: 'empty_response', retryable: true }, retryAt: START + 250 }])
    }
  })

  test('a lost request is no failed attempt: five of them leave all five attempts', () => {
    const lost = [1, 2, 3, 4, 5].flatMap((attempt) => [
      asked(1, { attempt }),
      { type: 'model_lost', taskId: 'root', turn: 1, attempt } as const,
    ])
    given([...opened(), ...lost, asked(1, { attempt: 6 })])
      .when(modelFailure({ attempt: 6 }))
      .then([{ type: 'model_failed', retryAt: START + 250 }])
  })

  test('an answer ends the count: the next turn has five attempts again', () => {
    const events = [1, 2, 3, 4].flatMap((attempt) => [asked(1, { attempt }), failedAttempt(attempt)])
    given([...opened(), ...events, asked(1, { attempt: 5 }), responded(1, [call('look')], { attempt: 5 })])
      .and([{ type: 'decision_recorded', taskId: 'root', turn: 1, decision: 'calls', callIds: ['c1'] }])
      .and([...done('c1', 'read'), asked(2)])
      .when(modelFailure({ turn: 2 }))
      .then([{ type: 'model_failed', turn: 2, retryAt: START + 250 }])
  })
})

function failedAttempt(attempt: number) {
  const error = { code: 'http_500', message: 'it failed', retryable: true }
  return { type: 'model_failed', taskId: 'root', turn: 1, attempt, error, retryAt: START, latencyMs: 5 } as const
}
