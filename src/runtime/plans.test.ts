import { describe, expect, test } from 'vitest'
import { direct, planningWorld, planOf } from './planning.fixture.ts'

const given = { planner: null, router: null } as const

describe('a plan that the caller gives', () => {
  test('runs its tasks in the order of their dependencies, with results where references stand', async () => {
    const { start, runtime, find } = planningWorld({ planning: given })
    const plan = planOf(
      direct('a', 'add', { left: 1, right: 2 }),
      direct('b', 'add', { left: { $from: 'a' }, right: 10 }),
      direct('c', 'add', { left: { $from: 'a' }, right: { $from: 'b' } }, ['b']),
    )
    const sessionId = await start({ plan })
    expect((await find(sessionId, 'task_finished')).map(({ taskId, status }) => [taskId, status])).toEqual([
      ['a', 'completed'],
      ['b', 'completed'],
      ['c', 'completed'],
    ])
    expect((await find(sessionId, 'call_finished')).map(({ outcome }) => outcome)).toEqual([
      { type: 'ok', output: 3 },
      { type: 'ok', output: 13 },
      { type: 'ok', output: 16 },
    ])
    expect((await runtime.result({ sessionId })).status).toMatchObject({ type: 'done' })
  })

  test('a failed task makes exactly what needs it unreachable; the rest finishes, and the ending is partial', async () => {
    const { start, env, runtime, find } = planningWorld({ planning: given })
    const sum = { left: 1, right: 2 }
    const plan = planOf(
      direct('bad', 'boom'),
      direct('after', 'add', sum, ['bad']),
      direct('later', 'add', { left: { $from: 'after' }, right: 1 }),
      direct('free', 'add', sum),
      direct('freed', 'add', sum, ['free']),
    )
    const sessionId = await start({ plan })
    await env.advance(60_000)
    const tasks = (await runtime.plan({ sessionId }))?.tasks ?? []
    expect(tasks.map(({ task, status, blockedBy }) => [task.id, status, blockedBy])).toEqual([
      ['bad', 'failed', []],
      ['after', 'unreachable', ['bad']],
      ['later', 'unreachable', ['bad']],
      ['free', 'completed', []],
      ['freed', 'completed', []],
    ])
    expect((await find(sessionId, 'task_started')).map(({ taskId }) => taskId)).not.toContain('after')
    expect(await runtime.result({ sessionId })).toMatchObject({ status: { type: 'done' }, isPartial: true })
  })
})
