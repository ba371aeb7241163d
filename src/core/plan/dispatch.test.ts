import { describe, test } from 'vitest'
import { given } from '../../testing/given.ts'
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

/** With one slot; `first` is under way. */
function underWay(...tasks: readonly PlanTask[]) {
  return given([
    { ...started(), planning: { ...planning, maxParallelTasks: 1 } },
    message('go'),
    { ...proposed, tasks, taskCount: tasks.length },
    routed,
    { type: 'plan_adopted', version: 1, warnings: [] },
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
})
