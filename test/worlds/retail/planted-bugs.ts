import { copyRetailDb } from './retail-db.ts'
import type { RetailTool } from './retail-tool.ts'

/** A wrong tool, and the checks of the replay that must notice it, by name and sorted. */
export type PlantedBug = {
  readonly bug: string
  readonly toolName: string
  readonly caughtBy: readonly string[]
  readonly broken: (tool: RetailTool) => RetailTool
}

/** Mistakes that are easy to make, one per check of the replay at least. */
export const plantedBugs: readonly PlantedBug[] = [
  {
    bug: 'a cancellation that forgets the gift card',
    toolName: 'cancel_pending_order',
    caughtBy: ['stateSha256'],
    broken: (tool) => ({
      ...tool,
      run: (db, input) => tool.run({ ...db, users: { ...db.users } }, input),
    }),
  },
  {
    bug: 'a return that is answered but not kept',
    toolName: 'return_delivered_order_items',
    caughtBy: ['changedState', 'stateSha256'],
    broken: (tool) => ({ ...tool, run: (db, input) => tool.run(copyRetailDb(db), input) }),
  },
  {
    bug: 'an output with the separators of JavaScript',
    toolName: 'exchange_delivered_order_items',
    caughtBy: ['outputSha256'],
    broken: (tool) => ({ ...tool, run: (db, input) => compact(tool.run(db, input)) }),
  },
  {
    bug: 'a payment that is refused with an empty object',
    toolName: 'modify_pending_order_payment',
    caughtBy: ['error', 'output', 'outputSha256'],
    broken: (tool) => ({ ...tool, run: (db, input) => withoutError(tool.run(db, input)) }),
  },
]

function compact(output: string): string {
  return output.startsWith('Error: ') ? output : JSON.stringify(JSON.parse(output))
}

function withoutError(output: string): string {
  return output.startsWith('Error: ') ? '{}' : output
}
