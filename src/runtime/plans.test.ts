import { describe, expect, test } from 'vitest'
import type { Json, PlanTask, ProposedPlan } from '../core/index.ts'
import { scripted, scriptedTasks } from '../models/scripted.ts'
import { agent } from './define.ts'
import { anyTool, openAll, world } from './world.fixture.ts'

const add = anyTool('add', 'read', ({ left, right }) => Number(left) + Number(right))
const boom = anyTool('boom', 'read', () => {
  throw new Error('it is broken')
})
const direct = (id: string, input: Json, dependsOn: readonly string[] = [], tool = 'add'): PlanTask => ({
  id,
  name: id,
  dependsOn,
  tool,
  input,
})

function planned(plan: ProposedPlan, options: Parameters<typeof world>[0] = {}) {
  const tools = [add, boom]
  const clerk = agent({
    name: 'clerk',
    instructions: 'You add.',
    model: scripted(['done']),
    tools,
    policies: [openAll(tools)],
    planning: { planner: null, router: null },
  })
  const around = world({ agents: [clerk], ...options })
  return { ...around, start: () => around.start({ plan }) }
}

describe('a plan that the caller gives', () => {
  test('runs its tasks in the order of their dependencies, with results where references stand', async () => {
    const { start, runtime, find } = planned({
      goal: 'sums',
      tasks: [
        direct('a', { left: 1, right: 2 }),
        direct('b', { left: { $from: 'a' }, right: 10 }),
        direct('c', { left: { $from: 'a' }, right: { $from: 'b' } }, ['b']),
      ],
    })
    const sessionId = await start()
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
    const { start, find } = planned({
      goal: 'sums',
      tasks: [
        direct('bad', {}, [], 'boom'),
        direct('after', { left: 1, right: 2 }, ['bad']),
        direct('free', { left: 1, right: 2 }),
      ],
    })
    const sessionId = await start()
    expect((await find(sessionId, 'recovery_chosen')).map(({ action }) => action)).toContain('retry')
  })
})

test('scripted tasks are here', () => expect(scriptedTasks).toBeTypeOf('function'))
