import { describe, expect, test } from 'vitest'
import type { PawlEvent } from './event.ts'
import {
  approvedTriage,
  asked,
  begun,
  decided,
  failed,
  finished,
  heldTriage,
  judged,
  logOf,
  started,
} from './trace-log.fixture.ts'
import { whyOf } from './why.ts'

const refund = [{ callId: 'c1', tool: 'open_refund_case', input: { amount: 40 } }]

describe('why', () => {
  test('a held session says what is asked, of whom, by which policy, since when, and what to run', () => {
    const why = whyOf(logOf(heldTriage()), 'f00d')
    expect(why.status).toBe('blocked(approval)')
    expect(why.sinceAt).toBe(17_000)
    expect(why.rows).toHaveLength(1)
    expect(why.rows[0]).toMatchObject({
      about: 'approval',
      id: 'a1',
      says: 'open_refund_case (c3) is held: refund_threshold_exceeded.',
      fields: {
        input: { amount: 420 },
        policy: 'threshold(open_refund_case)',
        ask: 'a billing lead',
        requestedAt: 16_000,
      },
    })
    expect(why.rows[0]?.commands).toEqual([
      'pawl approve f00d a1',
      'pawl reject f00d a1 --reason TEXT',
      'pawl edit f00d a1 --input JSON',
      'pawl answer f00d a1 TEXT',
    ])
  })
  test('an unknown outcome names the call, its key, and the three ways to settle it', () => {
    const parked: PawlEvent = { type: 'session_parked', reason: 'unknown_outcome' }
    const unknown = { type: 'unknown', message: 'the worker is gone' } as const
    const allow = { type: 'allow' } as const
    const why = whyOf(
      logOf(started(), decided(1, refund), judged('c1', allow, 'unsafe'), begun('c1'), finished('c1', unknown), parked),
      'f00d',
    )
    expect(why.because).toContain('Nobody knows whether 1 call took effect')
    expect(why.rows[0]).toMatchObject({
      about: 'unknown_call',
      id: 'c1',
      fields: { key: 's/c1', startedAt: 7_000 },
    })
    expect(why.rows[0]?.commands.map((command) => command.split(' ').at(-1))).toEqual([
      'JSON',
      '--did-not',
      '--run-again',
    ])
  })
  test('a used budget says how to extend it', () => {
    const parked: PawlEvent = { type: 'session_parked', reason: 'budget', message: 'cost_cap' }
    const why = whyOf(
      logOf(started({ maxCostMicroUsd: 5, whenExhausted: 'block' }), decided(1, refund), parked),
      'f00d',
    )
    expect(why.rows.at(-1)).toMatchObject({
      about: 'budget',
      fields: { costMicroUsd: 7, maxCostMicroUsd: 5 },
      commands: ['pawl extend f00d --cost USD'],
    })
  })
  test('a session that backs off says what failed and when it is tried again', () => {
    const why = whyOf(logOf(started(), asked(1), failed(1, 1, 9_000)))
    expect(why.status).toBe('waiting(timer)')
    expect(why.rows[0]).toMatchObject({
      about: 'model',
      fields: { error: 'http_529', attempt: '2 of 5', retryAt: 9_000 },
    })
  })
  test('a running session says what is under way', () => {
    const why = whyOf(logOf(started(), decided(1, refund), judged('c1'), begun('c1')))
    expect(why.status).toBe('running')
    expect(why.rows[0]).toMatchObject({ about: 'call', id: 'c1', says: 'open_refund_case (c1) has started.' })
  })
  test('a session that has ended says its stop reason, its last decision, and what the user got', () => {
    const why = whyOf(logOf(approvedTriage()), 'f00d')
    expect(why.because).toBe('It has ended: the agent has given its answer.')
    expect(why.rows.map(({ says }) => says)).toEqual([
      'The last decision, of turn 3, was an answer without calls.',
      'The user got: case_opened.',
    ])
    expect(why.rows.at(-1)?.commands).toEqual(['pawl send f00d TEXT'])
  })
  test('a failed session lists the errors of the model', () => {
    const task: PawlEvent = {
      type: 'task_failed',
      taskId: 'root',
      failure: 'transport',
      message: 'http_529: overloaded',
    }
    const ended: PawlEvent = {
      type: 'session_ended',
      reason: 'failed',
      ending: { type: 'none' },
      unresolved: [],
    }
    const why = whyOf(logOf(started(), asked(1), failed(1, 1, 9_000), asked(1, 2), failed(1, 2, null), task, ended))
    expect(why.rows.map(({ about }) => about)).toEqual(['failure', 'model', 'model', 'ending'])
    expect(why.rows.at(-1)?.commands).toEqual([])
  })
  test('an unsettled call is still named when the session has ended, without running it again', () => {
    const unknown = { type: 'unknown', message: 'it was aborted while it ran' } as const
    const cancel: PawlEvent = { type: 'cancel_requested', by: 'ada', reason: 'wrong account', commandId: 'x' }
    const ended: PawlEvent = {
      type: 'session_ended',
      reason: 'cancelled',
      ending: { type: 'none' },
      unresolved: ['c1'],
    }
    const why = whyOf(
      logOf(
        started(),
        decided(1, refund),
        judged('c1', { type: 'allow' }, 'unsafe'),
        begun('c1'),
        cancel,
        finished('c1', unknown),
        ended,
      ),
    )
    expect(why.rows.map(({ about }) => about)).toEqual(['cancel', 'decision', 'ending', 'unknown_call'])
    expect(why.rows.at(-1)?.commands).toHaveLength(2)
  })
})
