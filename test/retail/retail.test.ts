import type { Policy, Tool } from 'pawl'
import type { Json } from 'pawl/core'
import { open } from 'pawl/policies'
import { beforeAll, describe, expect, test } from 'vitest'
import { plantedBugs } from '../worlds/retail/planted-bugs.ts'
import type { RetailTool } from '../worlds/retail/retail-tool.ts'
import { type CheckName, differencesOf } from './check-run.ts'
import type { RecordedTask, RecordedWorld } from './recorded-world.ts'
import { retailWorld } from './retail-world.ts'
import { type Plants, runTasks, type TaskRun } from './run-tasks.ts'

const world = retailWorld()

/** A busy machine may take many times what an idle one does. */
const timeoutMs = 240_000

describe.skipIf(world === undefined)('tau-bench retail through the runtime', () => {
  let runs: readonly TaskRun[] = []

  beforeAll(async () => {
    runs = await runTasks(loaded(), loaded().tasks)
  }, timeoutMs)

  test('real input: all 520 sessions, side by side, do what was recorded', () => {
    const wrong = runs.map((run) => ({ id: run.task.id, differences: differencesOf(loaded(), run) }))
    expect(wrong.filter(({ differences }) => differences.length > 0)).toEqual([])
    expect(runs.length).toBe(520)
  })

  test('real input: each of the 793 writes is applied once, after one approval each', () => {
    const kinds = runs.flatMap(({ log }) => log.map(({ kind }) => kind))
    const count = (kind: string) => kinds.filter((each) => each === kind).length
    expect(runs.flatMap(({ applied }) => applied).length).toBe(793)
    expect(['call_started', 'call_finished', 'approval_requested', 'approval_voted'].map(count)).toEqual([
      793, 793, 793, 793,
    ])
  })

  test('real input: the model is shown each of the 20 errors in its next request', () => {
    const results = runs.flatMap(({ shown }) => (shown.at(-1) ?? []).filter((message) => message.role === 'tool'))
    const errors = results.filter(({ isError }) => isError).map(({ result }) => JSON.stringify(result))
    expect(errors.length).toBe(20)
    expect(errors.filter((text) => !text.startsWith('{"error":"Error: '))).toEqual([])
  })
})

type Planted = {
  readonly bug: string
  readonly caughtBy: readonly CheckName[]
  readonly plants: Plants
  readonly change?: (tool: RetailTool) => RetailTool
}

const planted: readonly Planted[] = [
  { bug: 'writes that need nobody', caughtBy: ['approval'], plants: { policies: [everythingOpen()] } },
  { bug: 'a tool that does its work twice', caughtBy: ['once'], plants: { tool: twice } },
  { bug: 'an error that says nothing', caughtBy: ['observation', 'outcome'], plants: { tool: silent } },
  ...plantedBugs.map(
    ({ bug, toolName, caughtBy, broken }): Planted => ({
      bug,
      caughtBy: [caughtBy.includes('stateSha256') ? 'state' : 'outcome'],
      plants: {},
      change: (tool) => (tool.name === toolName ? broken(tool) : tool),
    }),
  ),
]

describe.skipIf(world === undefined)('tau-bench retail with a planted bug', () => {
  test.each(planted)('real input: the checks notice $bug', { timeout: timeoutMs }, async ({
    caughtBy,
    plants,
    change,
  }) => {
    const changed = retailWorld(change) ?? loaded()
    const runs = await runTasks(changed, someTasks(), plants)
    const noticed = new Set(runs.flatMap((run) => differencesOf(changed, run)).map(({ check }) => check))
    expect([...noticed]).toEqual(expect.arrayContaining([...caughtBy]))
  })
})

/** Enough for every tool, and for errors. */
function someTasks(): readonly RecordedTask[] {
  const { tasks } = loaded()
  const failing = tasks.filter(({ calls }) => calls.some(({ error }) => error !== null))
  return [...new Set([...tasks.slice(0, 30), ...failing])]
}

function everythingOpen(): Policy {
  const [first = 'no tool writes', ...others] = (world?.tools ?? []).flatMap(({ name, writes }) =>
    writes ? [name] : [],
  )
  return open(first, ...others)
}

function twice(tool: Tool<Json, Json>): Tool<Json, Json> {
  return {
    ...tool,
    run: async (input, context) => {
      const output = await tool.run(input, context)
      await Promise.resolve(tool.run(input, context)).catch(() => {})
      return output
    },
  }
}

function silent(tool: Tool<Json, Json>): Tool<Json, Json> {
  return {
    ...tool,
    run: async (input, context) => {
      try {
        return await tool.run(input, context)
      } catch {
        return null
      }
    },
  }
}

function loaded(): RecordedWorld {
  if (world === undefined) throw new Error('expected the folder tau-bench-retail, found none')
  return world
}
