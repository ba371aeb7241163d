import { describe, expect, test } from 'vitest'
import { canonicalSha256 } from '../sha256.ts'
import type { MockTask, MockWorld } from './load-mock.ts'
import { loadMock, mockStart } from './load-mock.ts'
import type { MockResult, MockTool } from './mock-tools.ts'
import { mockTools } from './mock-tools.ts'

const mock = loadMock()

describe.skipIf(mock === undefined)('tau2-mock', () => {
  test('real input: the ten tasks make eight calls and start from two states', () => {
    const { tasks } = loaded()
    expect(tasks.length).toBe(10)
    expect(tasks.flatMap(({ actions }) => actions).length).toBe(8)
    expect(new Set(tasks.map(({ initialStateSha256 }) => initialStateSha256)).size).toBe(2)
  })

  test.each(mock?.tasks ?? [])('real input: $id gives the recorded outputs and states', (task) => {
    expect(replayed(task, mockTools)).toEqual(recorded(task))
  })

  test('real input: a status write that is lost does not pass for the recorded one', () => {
    const lost = mockTools.map(
      (tool): MockTool =>
        tool.name === 'update_task_status'
          ? { ...tool, run: (db, input) => tool.run(structuredClone(db), input) }
          : tool,
    )
    const caught = loaded().tasks.filter((task) => !same(replayed(task, lost), recorded(task)))
    expect(caught.map(({ id }) => id)).toEqual([
      'mock-update_task_1',
      'mock-update_task_with_initialization_data',
      'mock-update_task_with_initialization_actions',
      'mock-update_task_with_user_tools',
    ])
  })

  test('real input: exactly the tools whose specification says so write', () => {
    expect(loaded().tools.map(({ name, writes }) => [name, writes])).toEqual(
      loaded().tools.map(({ name, mutatesState }) => [name, mutatesState]),
    )
  })

  test('real input: every user is listed, and no call changes the loaded state', () => {
    const { db, tools } = loaded()
    const before = canonicalSha256(db)
    expect(tools.find(({ name }) => name === 'get_users')?.run(db, {})).toEqual({
      type: 'returned',
      output: Object.values(db.users),
    })
    for (const task of loaded().tasks) replayed(task, tools)
    expect(canonicalSha256(db)).toBe(before)
  })
})

test.each([
  ['create_task', { title: 'T' }, 'user_id and title must be strings'],
  ['create_task', { user_id: 'constructor', title: 'T' }, 'User constructor not found'],
  ['update_task_status', { task_id: 'task_1', status: 'done' }, 'status must be pending or completed'],
  ['update_task_status', { task_id: '__proto__', status: 'completed' }, 'Task __proto__ not found'],
  ['transfer_to_human_agents', null, 'summary must be a string'],
])('%s refuses %j', (name, input, error) => {
  const tool = mockTools.find((candidate) => candidate.name === name)
  expect(tool?.run({ tasks: {}, users: {} }, input)).toEqual({ type: 'refused', error })
})

type Replay = { readonly calls: readonly unknown[]; readonly finalStateSha256: string }

function replayed(task: MockTask, tools: readonly MockTool[]): Replay {
  const state = mockStart(loaded().db, task)
  const calls = task.actions.map((call) => {
    const before = canonicalSha256(state)
    const result = tools.find(({ name }) => name === call.name)?.run(state, call.arguments)
    const stateSha256 = canonicalSha256(state)
    const hasStateHash = call.stateSha256 !== undefined
    return { ...ends(result), ...(hasStateHash ? { changedState: stateSha256 !== before, stateSha256 } : {}) }
  })
  return { calls, finalStateSha256: canonicalSha256(state) }
}

function recorded(task: MockTask): Replay {
  const calls = task.actions.map(({ name: _name, arguments: _arguments, ...rest }) => rest)
  return { calls, finalStateSha256: task.finalStateSha256 }
}

function ends(result: MockResult | undefined): Pick<MockTask['actions'][number], 'output' | 'outputSha256' | 'error'> {
  const output = result?.type === 'returned' ? result.output : null
  return {
    output,
    outputSha256: canonicalSha256(output),
    error: result?.type === 'refused' ? result.error : null,
  }
}

function same(left: Replay, right: Replay): boolean {
  return canonicalSha256(left) === canonicalSha256(right)
}

function loaded(): MockWorld {
  if (mock === undefined) throw new Error('expected the folder tau2-mock, found none')
  return mock
}
