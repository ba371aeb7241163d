import { describe, expect, test } from 'vitest'
import type { Specification } from '../../testing/given.ts'
import type { Json } from '../json.ts'
import { began, ended, judged, ok, outcomeOf } from '../log.fixture.ts'
import type { PlanTask } from './plan.ts'
import { begins, carriedOut, chosen, ends, fails, looks, type PlanOpening, task } from './plan-spec.fixture.ts'

const artifact = { hash: 'a'.repeat(64), mediaType: 'application/json', bytes: 90_000 }
const preview: Json = { preview: 'only the beginning' }

/** `list` has come to an output that stands in an artifact. */
function withList(tasks: readonly PlanTask[], opening: PlanOpening = {}): Specification {
  return carriedOut([looks('list'), ...tasks], opening).and([
    begins('list', { callId: 'c1' }),
    judged('c1', 'read'),
    began('c1'),
    ended('c1', ok(preview), { artifact }),
    ends('list'),
  ])
}

const reads = (id: string, more: Partial<PlanTask> = {}) =>
  looks(id, { dependsOn: ['list'], input: { row: { $from: 'list', path: '/0' } }, ...more })

const read = (taskId: string, attempt = 1, version = 1) =>
  ({ type: 'record_input', taskId, attempt, version, input: { row: 7 } }) as const

describe('an input that refers to a result in an artifact', () => {
  test('is read before its task begins, and the call is asked what was read', () => {
    const { state } = withList([reads('one')])
      .when({})
      .then({ actions: [{ type: 'resolve', taskId: 'one', attempt: 1 }] })
      .when(read('one'))
      .then([{ type: 'task_started', taskId: 'one', attempt: 1, callId: 'c2', input: { row: 7 } }])
    expect(state.calls.get('c2')?.input).toEqual({ row: 7 })
  })

  test('holds a slot while it is read: no more are under way than may be', () => {
    const many = withList([reads('one'), reads('two'), reads('three')], { terms: { maxParallelTasks: 2 } })
    const { actions } = many.when({})
    expect(actions.map(({ type }) => type)).toEqual(['resolve', 'resolve'])
    many
      .when(read('one'))
      .then([{ type: 'task_started', taskId: 'one' }])
      .when(read('two'))
      .then([{ type: 'task_started', taskId: 'two' }])
      // It was read while there was room, and comes when there is none.
      .when(read('three'))
      .thenNothing()
  })

  test('of what runs alone is read alone, and waits for what has begun meanwhile', () => {
    const alone = withList([reads('one', { exclusive: true, expectedMs: 900 }), reads('two')])
    alone.when({}).then({ actions: [{ type: 'resolve', taskId: 'one' }] })
    alone
      .when(read('two'))
      .then([{ type: 'task_started', taskId: 'two' }])
      .when(read('one'))
      .thenNothing()
  })

  test('is read again by the next worker, and once more for the next attempt', () => {
    const once = withList([reads('one')])
    once.when({ fence: 2 }).then({ actions: [{ type: 'resolve', taskId: 'one', attempt: 1 }] })
    once
      .when({ ...read('one'), problem: 'it was erased' })
      .then([{ type: 'task_failed', taskId: 'one', failure: 'missing_input', message: 'it was erased', attempt: 1 }])
      .and([chosen('one', 'retry', { failure: 'missing_input' })])
      .when({})
      .then({ actions: [{ type: 'resolve', taskId: 'one', attempt: 2, key: 'resolve:one:2:1' }] })
      .when(read('one'))
      .thenNothing()
  })

  test('begins nothing while another plan is made, nor in another plan than the one that it stood in', () => {
    const asked = withList([reads('one'), looks('bad')]).and([
      begins('bad', { callId: 'c2' }),
      fails('bad', 'stale_plan'),
      chosen('bad', 'replan', { failure: 'stale_plan' }),
    ])
    asked.when(read('one')).thenNothing()
    const tasks = [looks('list'), looks('one', { dependsOn: ['list'], input: { row: { $from: 'list', path: '/9' } } })]
    asked
      .and([
        {
          type: 'plan_proposed',
          version: 2,
          mode: 'strict',
          cause: { type: 'replan', taskIds: ['bad'], failure: 'stale_plan' },
          goal: 'x',
          tasks,
          taskCount: 2,
        },
        { type: 'plan_adopted', version: 2, warnings: [] },
      ])
      .when(read('one'))
      .thenNothing()
      .when({})
      .then({ actions: [{ type: 'resolve', taskId: 'one', attempt: 1, version: 2 }] })
      .when(read('one', 1, 2))
      .then([{ type: 'task_started', taskId: 'one' }])
  })

  test('begins nothing after a cancel', () => {
    withList([reads('one')])
      .and([{ type: 'cancel_requested', by: 'ada', commandId: 'stop' }])
      .when(read('one'))
      .thenNothing()
  })

  test('of a parent is behind all its children', () => {
    const parts = [
      task('whole'),
      looks('part', { parent: 'whole' }),
      looks('after', { dependsOn: ['whole'], input: { all: { $from: 'whole' } } }),
    ]
    carriedOut(parts)
      .and([
        begins('part', { callId: 'c1' }),
        judged('c1', 'read'),
        began('c1'),
        ended('c1', ok(preview), { artifact }),
        ends('part'),
      ])
      .when({})
      .then({ actions: [{ type: 'resolve', taskId: 'after' }] })
  })
})

describe('an array that stands in an artifact', () => {
  const each = looks('each', {
    dependsOn: ['list'],
    forEach: { $from: 'list', path: '' },
    input: { row: { $from: '$item' } },
  })

  test('stands in the log with the children that it has, which are asked about their elements', () => {
    const begun = withList([each])
      .when({})
      .then({ actions: [{ type: 'resolve', taskId: 'each' }] })
      .when({ type: 'record_input', taskId: 'each', attempt: 1, version: 1, items: [{ n: 1 }, { n: 2 }] })
      .then([{ type: 'task_started', taskId: 'each', elements: 2, items: [{ n: 1 }, { n: 2 }] }])
    const { events } = begun.when({})
    expect(events).toMatchObject([{ type: 'task_started' }, { type: 'task_started' }])
    const inputs = [...begun.and(events).state.calls.values()].map(({ input }) => input)
    expect(inputs).toEqual([{}, { row: { n: 1 } }, { row: { n: 2 } }])
  })

  test('that has too many elements, or none, ends its task', () => {
    const items = [1, 2, 3]
    withList([each], { terms: { maxFanOut: 2 } })
      .when({ type: 'record_input', taskId: 'each', attempt: 1, version: 1, items })
      .then([{ type: 'task_failed', taskId: 'each', failure: 'missing_input' }])
    withList([each])
      .when({ type: 'record_input', taskId: 'each', attempt: 1, version: 1, items: [] })
      .then([{ type: 'task_finished', taskId: 'each', status: 'completed', output: [] }])
  })

  test('is counted by one slot while it is read, beside tasks that run', () => {
    const beside = withList([each, looks('other')], { terms: { maxParallelTasks: 1 } }).and([
      begins('other', { callId: 'c2' }),
      judged('c2', 'read'),
      began('c2'),
    ])
    beside.when({}).then({ actions: [{ type: 'call', callId: 'c2' }] })
    beside
      .when(outcomeOf('c2'))
      .then([{ type: 'call_finished', callId: 'c2' }])
      .when({})
      .then({
        events: [{ type: 'task_finished', taskId: 'other' }],
        actions: [{ type: 'resolve', taskId: 'each' }],
      })
  })
})
