/** Tasks side by side: what one of them does while another is lost, fails, or asks for the same. */
import { describe, expect, test } from 'vitest'
import type { PawlEvent } from './event.ts'
import { asked, began, call, ended, judged, message, ok, responded } from './log.fixture.ts'
import { begins, carriedOut, ends, looks, task } from './plan/plan-spec.fixture.ts'

const pays = (id: string) => task(id, { tool: 'pay', input: { usd: 5 } })

describe('two tasks side by side', () => {
  const twins = carriedOut([pays('a'), pays('b')]).and([
    begins('a', { callId: 'c1' }),
    begins('b', { callId: 'c2' }),
    judged('c1', 'unsafe', { effectHash: 'the same' }),
    judged('c2', 'unsafe', { effectHash: 'the same' }),
  ])

  test('do not begin the same effect at once: what comes of the first decides whether the second repeats it', () => {
    twins.when({}).then({
      events: [{ type: 'call_started', callId: 'c1' }],
      actions: [{ type: 'call', callId: 'c1', mode: 'run' }],
    })
    twins
      .and([began('c1')])
      .when({})
      .then({ actions: [{ type: 'call', callId: 'c1', mode: 'run' }] })
  })

  test('have what was lost said before anything new is begun: that time was spent dead', () => {
    const { events } = carriedOut([task('a'), looks('b')])
      .and([begins('a'), begins('b', { callId: 'c1' }), judged('c1', 'read'), began('c1')])
      .when({ fence: 2, now: 1_009_000 })
    expect(events.map(({ type }) => type)).toEqual(['call_lost', 'model_started'])
  })
})

describe('a task that was delegated', () => {
  test('asks its model for nothing once whoever has delegated it has failed, in the same answer too', () => {
    const delegated = { parent: 'a', callId: 'c1', name: 'a part', brief: 'do it' }
    const control = (callId: string): PawlEvent => ({
      type: 'call_judged',
      callId,
      judgement: { type: 'control' },
      fence: 1,
    })
    const said = [
      call('delegate', { name: 'a part', brief: 'do it' }),
      call('fail_task', { class: 'stale_plan', reason: 'no' }),
    ]
    const { events } = carriedOut([task('a')])
      .and([begins('a'), asked(1, { taskId: 'a' }), { ...responded(1, said), taskId: 'a' }])
      .and([{ type: 'decision_recorded', taskId: 'a', turn: 1, decision: 'calls', callIds: ['c1', 'c2'] }])
      .and([control('c1'), { type: 'task_started', taskId: 'd-c1', attempt: 1, delegated }, control('c2')])
      .when({})
    const ofChild = events.filter((event) => 'taskId' in event && event.taskId === 'd-c1')
    expect(ofChild).toMatchObject([{ type: 'task_finished', status: 'cancelled' }])
  })
})

describe('a message in the middle of a plan', () => {
  test('ends a session that has no tokens left for it, as it would any other', () => {
    const { events } = carriedOut([looks('a')], { budget: { maxTokens: 10, whenExhausted: 'stop' } })
      .and([begins('a', { callId: 'c1' }), judged('c1', 'read'), began('c1'), message('and the others, all of them?')])
      .and([ended('c1', ok()), ends('a')])
      .when({})
    expect(events).toMatchObject([{ type: 'session_ended', reason: 'token_budget' }])
  })
})
