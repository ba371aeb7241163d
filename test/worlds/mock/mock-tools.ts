import type { Json } from 'pawl/core'
import { entryOf, isJsonObject } from '../json.ts'
import type { MockDb, MockTaskRecord } from './mock-db.ts'

/** What a call of this world ends in: an output, or an error that left the state as it was. */
export type MockResult =
  | { readonly type: 'returned'; readonly output: Json }
  | { readonly type: 'refused'; readonly error: string }

/** A tool of the tau2-mock world: synchronous, and a write replaces records in `db`. */
export type MockTool = {
  readonly name: string
  readonly writes: boolean
  readonly run: (db: MockDb, input: Json) => MockResult
}

/** The four tools, in the order of mock.tools.json. */
export const mockTools: readonly MockTool[] = [
  { name: 'create_task', writes: true, run: createTask },
  { name: 'get_users', writes: false, run: (db) => returned(Object.values(db.users)) },
  { name: 'update_task_status', writes: true, run: updateTaskStatus },
  { name: 'transfer_to_human_agents', writes: false, run: transferToHumanAgents },
]

function createTask(db: MockDb, input: Json): MockResult {
  const userId = textField(input, 'user_id')
  const title = textField(input, 'title')
  const description = textField(input, 'description')
  if (userId === undefined || title === undefined) return refused('user_id and title must be strings')
  const user = entryOf(db.users, userId)
  if (user === undefined) return refused(`User ${userId} not found`)
  const task: MockTaskRecord = {
    task_id: `task_${Object.keys(db.tasks).length + 1}`,
    title,
    description: description ?? null,
    status: 'pending',
  }
  db.tasks[task.task_id] = task
  db.users[userId] = { ...user, tasks: [...user.tasks, task.task_id] }
  return returned(task)
}

function updateTaskStatus(db: MockDb, input: Json): MockResult {
  const taskId = textField(input, 'task_id')
  const status = textField(input, 'status')
  if (taskId === undefined) return refused('task_id must be a string')
  if (status !== 'pending' && status !== 'completed') return refused('status must be pending or completed')
  const task = entryOf(db.tasks, taskId)
  if (task === undefined) return refused(`Task ${taskId} not found`)
  db.tasks[taskId] = { ...task, status }
  return returned({ ...task, status })
}

function transferToHumanAgents(_db: MockDb, input: Json): MockResult {
  return textField(input, 'summary') === undefined
    ? refused('summary must be a string')
    : returned('Transfer successful')
}

function textField(input: Json, name: string): string | undefined {
  const value = isJsonObject(input) ? entryOf(input, name) : undefined
  return typeof value === 'string' ? value : undefined
}

function returned(output: Json): MockResult {
  return { type: 'returned', output }
}

function refused(error: string): MockResult {
  return { type: 'refused', error }
}
