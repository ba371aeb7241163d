/** A session that its budget has stopped goes on: what the stop has taken from people is asked again. */
import { describe, expect, test } from 'vitest'
import { given } from '../../testing/given.ts'
import type { EventOf, PawlEvent } from '../event.ts'
import { asked, call, message, responded, started } from '../log.fixture.ts'
import { planning, proposed, routed } from './plan-log.fixture.ts'
import { carriedOut, lost, questioned, replanned, task } from './plan-spec.fixture.ts'

function stopped(reason: EventOf<'session_ended'>['reason']): PawlEvent {
  return { type: 'session_ended', reason, ending: { type: 'timed_out' }, unresolved: [] }
}

const superseded: PawlEvent = { type: 'approval_resolved', approvalId: 'a1', resolution: 'superseded' }

/** People are asked about a plan. */
function inReview(version: number): PawlEvent {
  return {
    type: 'approval_requested',
    approvalId: 'a1',
    callId: '',
    subject: { type: 'plan', version, warnings: [] },
    kind: 'approval',
    reason: 'every plan is looked at',
    hash: 'plan',
    quorum: 1,
    notRequester: false,
    expiresAt: 900_000_000,
  }
}

describe('a session that goes on after a stop', () => {
  test('has the plan looked at again that people were asked about', () => {
    const [proposal = stopped('failed')] = replanned(2, [task('b')], ['a'])
    carriedOut([task('a')], { terms: { planReview: 'always' } })
      .and([...lost('a', 'replan'), proposal, inReview(2), superseded, stopped('wall_clock'), message('go on')])
      .when({})
      .then({ actions: [{ type: 'review', version: 2 }] })
      .when({ type: 'record_review', version: 2, problems: [], warnings: [], planHash: 'plan' })
      .then([{ type: 'approval_requested', approvalId: 'a2', subject: { type: 'plan', version: 2, warnings: [] } }])
  })

  test('has people asked again about a task that has failed', () => {
    carriedOut([task('a')], { budget: { maxTokens: 5_000, whenExhausted: 'stop' } })
      .and([...lost('a'), questioned('a', 'a1'), superseded, stopped('token_budget')])
      .and([{ type: 'budget_extended', by: 'ada', tokens: 9_000, commandId: 'more' }])
      .when({})
      .then({
        events: [
          { type: 'approval_requested', approvalId: 'a2', subject: { type: 'task', taskId: 'a', attempt: 1 } },
          { type: 'session_parked', reason: 'escalation' },
        ],
      })
  })

  test('asks nobody again who did not answer in time', () => {
    const expired: PawlEvent = { type: 'approval_resolved', approvalId: 'a1', resolution: 'expired' }
    carriedOut([task('a')], { budget: { maxTokens: 5_000, whenExhausted: 'stop' } })
      .and([...lost('a'), questioned('a', 'a1'), expired, stopped('token_budget')])
      .and([{ type: 'budget_extended', by: 'ada', tokens: 9_000, commandId: 'more' }])
      .when({})
      .then({ events: [{ type: 'session_ended', reason: 'final_answer', partial: true }] })
  })

  test('lets its model plan anew where the plan of a call was not looked at: the call has ended with the stop', () => {
    const plans = call('plan', { goal: 'paid', steps: [{ name: 'pay' }] })
    const judged = (callId: string): PawlEvent => ({
      type: 'call_judged',
      callId,
      judgement: { type: 'control' },
      fence: 1,
    })
    const decided = (turn: number, callId: string): readonly PawlEvent[] => [
      asked(turn),
      responded(turn, [plans]),
      { type: 'decision_recorded', taskId: 'root', turn, decision: 'calls', callIds: [callId] },
      judged(callId),
    ]
    const spec = given([
      { ...started(), planning: { ...planning, planReview: 'always' } },
      message('go'),
      { ...routed, route: 'plan' },
      ...decided(1, 'c1'),
      { ...proposed, mode: 'flexible', cause: { type: 'call', callId: 'c1' } },
      inReview(1),
      { type: 'call_finished', callId: 'c1', attempt: 1, outcome: { type: 'cancelled' }, trust: 'system' },
      superseded,
      stopped('wall_clock'),
      message('go on'),
      { ...routed, route: 'plan' },
      ...decided(2, 'c2'),
    ])
    const { events } = spec.when({})
    expect(events).toMatchObject([{ type: 'plan_proposed', version: 2, cause: { type: 'call', callId: 'c2' } }])
  })
})
