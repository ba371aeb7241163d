import { describe, test } from 'vitest'
import { given } from '../../testing/given.ts'
import type { PawlEvent } from '../event.ts'
import { began, ended, judged, message, outcomeOf, started } from '../log.fixture.ts'
import type { PlanTask } from './plan.ts'
import { planning, proposed, routed } from './plan-log.fixture.ts'

const look = (id: string, expectedMs: number, dependsOn: readonly string[] = []): PlanTask => ({
  id,
  name: id,
  dependsOn,
  tool: 'look',
  input: {},
  expectedMs,
})

/** With one slot. */
function withPlan(tasks: readonly PlanTask[]) {
  return given([
    { ...started(), planning: { ...planning, maxParallelTasks: 1 } },
    message('go'),
    { ...proposed, tasks, taskCount: tasks.length },
    routed,
    { type: 'plan_adopted', version: 1, warnings: [] },
  ])
}

/** `first` is under way. */
function underWay(...tasks: readonly PlanTask[]) {
  return withPlan(tasks).and([
    { type: 'task_started', taskId: 'first', attempt: 1, version: 1, callId: 'c1' },
    judged('c1', 'read'),
    began('c1'),
  ])
}

describe('dispatch', () => {
  test('gives the slot of a task that ends to what waits for it, where that has the longer way to go', () => {
    const plan = [look('first', 100), look('after', 50, ['first']), look('short', 10)]
    underWay(...plan)
      .when(outcomeOf('c1'))
      .then([{ type: 'call_finished', callId: 'c1' }])
      .when({})
      .then({
        events: [
          { type: 'task_finished', taskId: 'first', status: 'completed' },
          { type: 'task_started', taskId: 'after' },
        ],
        actions: [{ type: 'judge', callId: 'c2' }],
      })
  })

  test('starts another while the outcome of a call is unknown, and people are waited for', () => {
    underWay(look('first', 100), look('short', 10))
      .and([ended('c1', { type: 'unknown', message: 'nobody knows' })])
      .when({})
      .then({ events: [{ type: 'task_started', taskId: 'short' }], actions: [{ type: 'judge', callId: 'c2' }] })
  })

  test('tries those again whose time has come, the longest way first, before others begin', () => {
    const failed = (taskId: string, retryAt: number): readonly PawlEvent[] => [
      { type: 'task_started', taskId, attempt: 1, version: 1, callId: `c${taskId}` },
      { type: 'task_failed', taskId, failure: 'tool_retryable', message: 'busy', attempt: 1 },
      { type: 'recovery_chosen', taskId, failure: 'tool_retryable', action: 'retry', reason: '', attempt: 1, retryAt },
    ]
    const plan = [look('low', 10), look('high', 20), look('late', 30), look('fresh', 40)]
    const waiting = withPlan(plan).and([
      ...failed('low', 1_000_500),
      ...failed('high', 1_000_900),
      ...failed('late', 1_002_000),
      { type: 'task_started', taskId: 'fresh', attempt: 1, version: 1, callId: 'cfresh' },
      judged('cfresh', 'read'),
      began('cfresh'),
      ended('cfresh'),
    ])
    waiting.when({ now: 1_000_000 }).then({ events: [{ type: 'task_finished', taskId: 'fresh' }], wakeAt: 1_000_500 })
    waiting.when({ now: 1_001_000 }).then({
      events: [
        { type: 'task_finished', taskId: 'fresh' },
        { type: 'task_started', taskId: 'high', attempt: 2 },
      ],
      actions: [{ type: 'judge' }],
    })
  })
})
