import { loadRetail, type RetailTask } from '../worlds/retail/load-retail.ts'
import { copyRetailDb } from '../worlds/retail/retail-db.ts'
import type { RetailTool } from '../worlds/retail/retail-tool.ts'
import { stateSha256 } from '../worlds/retail/state-sha256.ts'
import { textSha256 } from '../worlds/sha256.ts'
import type { RecordedTask, RecordedWorld, WorldResult } from './recorded-world.ts'

/** tau-bench retail as a recorded world; `undefined` where its data is absent. `change` plants a bug in a tool. */
export function retailWorld(change: (tool: RetailTool) => RetailTool = (tool) => tool): RecordedWorld | undefined {
  const retail = loadRetail()
  if (retail === undefined) return undefined
  const run = new Map(retail.tools.map((tool) => [tool.name, change(tool).run]))
  return {
    agent: 'retail',
    instructions: retail.policy,
    tasks: retail.tasks.map(recordedTask),
    tools: retail.tools,
    open: () => {
      const db = copyRetailDb(retail.db)
      let sha256: string | null = null
      return {
        run: (name, input) => {
          sha256 = null
          return resultOf(run.get(name)?.(db, input) ?? `Error: no tool ${name}`)
        },
        // Six milliseconds each: nothing but a tool changes the state.
        sha256: () => {
          sha256 ??= stateSha256(db)
          return sha256
        },
      }
    },
    outputSha256: (output) => textSha256(String(output)),
  }
}

function resultOf(text: string): WorldResult {
  return text.startsWith('Error: ') ? { type: 'refused', error: text } : { type: 'returned', output: text }
}

function recordedTask({ id, instruction, actions, finalStateSha256 }: RetailTask): RecordedTask {
  const calls = actions.map(({ name, arguments: input, output, outputSha256, error, ...call }) => ({
    tool: name,
    input,
    outputSha256,
    error: error ? output : null,
    stateSha256: call.stateSha256,
  }))
  return { id, message: instruction, calls, finalStateSha256 }
}
