import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Json } from 'pawl/core'
import { dataFolder, readJsonFile } from '../data-files.ts'
import { canonicalSha256 } from '../sha256.ts'
import type { MockDb } from './mock-db.ts'
import { copyMockDb, withProjectReview } from './mock-db.ts'
import type { MockTool } from './mock-tools.ts'
import { mockTools } from './mock-tools.ts'

/** A recorded call. Calls of tools that write nothing carry no state hash. */
export type MockCall = {
  readonly name: string
  readonly arguments: Json
  readonly output: Json
  readonly outputSha256: string
  readonly error: string | null
  readonly changedState?: boolean
  readonly stateSha256?: string
}

/** A recorded task of tau2-mock: what the user wants, and the calls that were expected. */
export type MockTask = {
  readonly id: string
  readonly scenario: { readonly persona?: string; readonly instructions: string }
  readonly initialStateSha256: string
  readonly actions: readonly MockCall[]
  readonly finalStateSha256: string
}

/** A tool's specification, as mock.tools.json gives it; `parameters` is a JSON schema. */
export type MockToolSpec = {
  readonly name: string
  readonly description: string
  readonly parameters: Json
  readonly type: 'read' | 'write' | 'generic'
  readonly mutatesState: boolean
}

/** The tau2-mock world: its original state, its tasks, its tools with their specifications, its policy. */
export type MockWorld = {
  readonly db: MockDb
  readonly tasks: readonly MockTask[]
  readonly tools: readonly (MockTool & MockToolSpec)[]
  readonly policy: string
}

/** Reads the world; `undefined` where the data folder is absent. Start a task from `mockStart`, not from `db`. */
export function loadMock(): MockWorld | undefined {
  const folder = dataFolder('tau2-mock')
  if (folder === undefined) return undefined
  // The three files are fixed, and the tests check them by hash and by replay: their shapes are these.
  const db = readJsonFile(folder, 'mock.db.json.gz') as MockDb
  const tasks = readJsonFile(folder, 'mock.tasks.json.gz') as unknown as readonly MockTask[]
  const specs = readJsonFile(folder, 'mock.tools.json') as unknown as readonly MockToolSpec[]
  const policy = readFileSync(join(folder, 'mock.policy.md'), 'utf8')
  return { db, tasks, tools: specs.map(withFunction), policy }
}

/** The state that a task starts from, as a copy to write to; throws where neither known start has its hash. */
export function mockStart(db: MockDb, task: MockTask): MockDb {
  const starts = [copyMockDb(db), withProjectReview(db)]
  const start = starts.find((state) => canonicalSha256(state) === task.initialStateSha256)
  if (start === undefined) throw new Error(`expected a start of ${task.id} with sha256 ${task.initialStateSha256}`)
  return start
}

function withFunction(spec: MockToolSpec): MockTool & MockToolSpec {
  const tool = mockTools.find(({ name }) => name === spec.name)
  if (tool === undefined) throw new Error(`expected a function for the tool ${spec.name}, found none`)
  return { ...spec, ...tool }
}
