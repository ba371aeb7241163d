import { canonicalJson, textSha256 } from '../sha256.ts'
import type { RetailCall, RetailTask } from './load-retail.ts'
import { copyRetailDb, type RetailDb } from './retail-db.ts'
import type { RetailTool } from './retail-tool.ts'
import { stateSha256 } from './state-sha256.ts'

/** A state and its hash, from which tasks start. */
export type RetailStart = { readonly db: RetailDb; readonly sha256: string }

/** What a replayed call gave, beside what was recorded of it. */
export type ReplayedCall = {
  readonly taskId: string
  readonly recorded: RetailCall
  readonly output: string
  readonly stateSha256Before: string
  readonly stateSha256: string
}

/** A replayed task; without calls it ends in the state it started from. */
export type ReplayedTask = {
  readonly task: RetailTask
  readonly calls: readonly ReplayedCall[]
  readonly finalStateSha256: string
}

/** Makes the task's calls one after the other on a copy of the start, and hashes the state after each. */
export function replayTask(task: RetailTask, start: RetailStart, tools: readonly RetailTool[]): ReplayedTask {
  const db = copyRetailDb(start.db)
  let hash = start.sha256
  const calls = task.actions.map((recorded): ReplayedCall => {
    const tool = tools.find(({ name }) => name === recorded.name)
    if (tool === undefined) throw new Error(`expected a tool ${recorded.name} for ${task.id}, found none`)
    const output = tool.run(db, recorded.arguments)
    const stateSha256Before = hash
    hash = stateSha256(db)
    return { taskId: task.id, recorded, output, stateSha256Before, stateSha256: hash }
  })
  return { task, calls, finalStateSha256: hash }
}

/** The names of what differs between a replayed call and the recorded one; none where they agree. */
export function differencesOf(call: ReplayedCall): readonly string[] {
  const { recorded, output, stateSha256Before, stateSha256: after } = call
  const checks: readonly (readonly [string, boolean])[] = [
    ['output', isSameValue(output, recorded.output)],
    ['outputSha256', textSha256(output) === recorded.outputSha256],
    ['error', output.startsWith('Error: ') === recorded.error],
    ['changedState', (after !== stateSha256Before) === recorded.changedState],
    // A failed call has no hash of its own: the state is the one before.
    ['stateSha256', after === (recorded.stateSha256 ?? stateSha256Before)],
  ]
  return checks.filter(([, agrees]) => !agrees).map(([name]) => name)
}

/** Compares errors as text and other outputs after JSON.parse, whatever the order of their keys. */
function isSameValue(left: string, right: string): boolean {
  if (left.startsWith('Error: ') || right.startsWith('Error: ')) return left === right
  return canonicalJson(JSON.parse(left)) === canonicalJson(JSON.parse(right))
}
