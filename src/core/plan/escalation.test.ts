/** People are asked what follows on a failure, while a planner may be asked as well. */
import { describe, expect, test } from 'vitest'
import { message } from '../log.fixture.ts'
import type { PlanTask } from './plan.ts'
import {
  answersNothing,
  begins,
  carriedOut,
  chosen,
  decided,
  fails,
  lost,
  questioned,
  replanned,
  task,
} from './plan-spec.fixture.ts'

const both = carriedOut([task('a'), task('b')])
/** People are asked about `a`, and a planner about both. */
const askedBoth = both.and([...lost('a'), questioned('a', 'a1'), ...lost('b', 'replan')])
const answer = { type: 'answer', approvalId: 'a1', answer: 'retry', by: 'ada', commandId: 'says' } as const

describe('a question about a failed task', () => {
  test.each<readonly [string, readonly PlanTask[]]>([
    ['does not have', [task('c')]],
    ['has anew', [task('a'), task('c')]],
  ])('answers nothing about a task that the plan in force %s', (_, tasks) => {
    askedBoth
      .and(replanned(2, tasks, ['a', 'b']))
      .when(answer)
      .thenRefused('already_resolved', /does not ask about/)
  })

  test('is closed where the session goes another way: a message that came later is answered without a plan', () => {
    const spec = carriedOut([task('a')]).and([...lost('a'), questioned('a', 'a1'), message('what Go version?')])
    const { events } = spec.when({})
    expect(events).toMatchObject([
      { type: 'route_chosen', route: 'direct' },
      { type: 'approval_resolved', approvalId: 'a1', resolution: 'superseded' },
      { type: 'model_started', purpose: 'decide' },
    ])
  })
})

describe('a planner that is asked meanwhile', () => {
  test('is asked no more about a task of which a person has decided', () => {
    const spec = askedBoth.and(decided('a', 'a1', 'skip'))
    expect(spec.state.plan?.request?.cause).toMatchObject({ type: 'replan', taskIds: ['b'] })
  })

  test('is still asked when another task fails and is escalated', () => {
    const spec = carriedOut([task('a'), task('b')]).and([
      begins('b'),
      ...lost('a', 'replan'),
      fails('b'),
      chosen('b', 'escalate'),
    ])
    expect(spec.state.plan?.request?.cause).toMatchObject({ type: 'replan', taskIds: ['a'] })
  })

  test('and has no plan in all its attempts leaves every task that it was asked about to people', () => {
    const spec = both.and([
      begins('b'),
      ...lost('a'),
      questioned('a', 'a1'),
      fails('b', 'stale_plan'),
      chosen('b', 'replan'),
    ])
    spec
      .and([...answersNothing(1), ...answersNothing(2), ...answersNothing(3)])
      .when({})
      .then({
        events: [
          { type: 'recovery_chosen', taskId: 'a', action: 'escalate' },
          { type: 'approval_requested', subject: { type: 'task', taskId: 'b' } },
          { type: 'session_parked', reason: 'escalation' },
        ],
      })
  })
})
