import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Json } from 'pawl/core'
import { dataFolder, readJsonFile } from '../data-files.ts'
import type { RetailDb } from './retail-db.ts'
import type { RetailTool } from './retail-tool.ts'
import { retailTools } from './retail-tools.ts'

/** A recorded call: `output` is the original text, and `stateSha256` is null where the call failed. */
export type RetailCall = {
  readonly name: string
  readonly arguments: Json
  readonly output: string
  readonly outputSha256: string
  readonly error: boolean
  readonly changedState: boolean
  readonly stateSha256: string | null
}

/** A recorded task: what the user wants, and the calls that were expected. Each starts from the original database. */
export type RetailTask = {
  readonly id: string
  readonly userId: string
  readonly instruction: string
  readonly expectedOutputs: readonly string[]
  readonly actions: readonly RetailCall[]
  readonly finalStateSha256: string
  readonly finalStateDiff: readonly Json[]
}

/** A tool's specification, as retail.tools.json gives it; `parameters` is a JSON schema. */
export type RetailToolSpec = {
  readonly name: string
  readonly description: string
  readonly parameters: Json
}

/** The retail world. `db` is frozen: give a task its own `copyRetailDb(db)` to write to. */
export type RetailWorld = {
  readonly db: RetailDb
  readonly tasks: readonly RetailTask[]
  readonly tools: readonly (RetailTool & RetailToolSpec)[]
  readonly policy: string
}

/** Reads the world (500 training tasks and 20 development tasks); `undefined` where the data folder is absent. */
export function loadRetail(): RetailWorld | undefined {
  const folder = dataFolder('tau-bench-retail')
  if (folder === undefined) return undefined
  // The files are fixed, and the tests check them by hash and by replay: their shapes are these.
  const db = frozen(readJsonFile(folder, 'retail.db.json.gz') as unknown as RetailDb)
  const development = readJsonFile(folder, 'retail.tasks.dev.json.gz') as unknown as readonly RetailTask[]
  const training = readJsonFile(folder, 'retail.tasks.train.json.gz') as unknown as readonly RetailTask[]
  const specs = readJsonFile(folder, 'retail.tools.json') as unknown as readonly RetailToolSpec[]
  const policy = readFileSync(join(folder, 'retail.policy.md'), 'utf8')
  return { db, tasks: [...development, ...training], tools: specs.map(withFunction), policy }
}

function withFunction(spec: RetailToolSpec): RetailTool & RetailToolSpec {
  const tool = retailTools.find(({ name }) => name === spec.name)
  if (tool === undefined) throw new Error(`expected a function for the tool ${spec.name}, found none`)
  return { ...spec, ...tool }
}

function frozen<T extends object>(value: T): T {
  for (const part of Object.values(value)) {
    if (typeof part === 'object' && part !== null) frozen(part)
  }
  return Object.freeze(value)
}
