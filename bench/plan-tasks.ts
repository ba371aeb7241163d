/** A durable plan of direct tool calls: what a task costs, and whether it costs more in a larger plan. */
import { join } from 'node:path'
import { agent, createRuntime, tool } from 'pawl'
import type { PlanTask, ProposedPlan } from 'pawl/core'
import { scripted } from 'pawl/models/scripted'
import { allowTools } from 'pawl/policies'
import { sqliteStore } from 'pawl/stores/sqlite'
import { atMost, type Benchmark, type Finding } from './run/finding.ts'
import { inScratch } from './run/scratch.ts'
import { median } from './run/statistics.ts'
import { shown } from './run/table.ts'
import { add, addInput } from './sides/scenario.ts'

const SIZES = [100, 1_000, 10_000] as const
/** Tasks side by side: each layer of the plan is as wide, and each of its tasks needs two of the layer before. */
const WIDTH = 16

const addTool = tool({ name: 'add', description: 'Adds two numbers.', effect: 'read', input: addInput, run: add })

const planner = agent({
  name: 'planner',
  instructions: '',
  model: scripted(['nobody asks']),
  tools: [addTool],
  policies: [allowTools([addTool])],
  planning: { planner: null, router: null, maxParallelTasks: WIDTH },
  budget: { maxEvents: 1_000_000, maxWallClockMs: 24 * 3_600_000 },
})

/** Microseconds of a task, by the size of its plan. */
type Round = { readonly [tasks: number]: number }

export const planTasks: Benchmark = async (size) => {
  const rounds: Round[] = []
  // The first round warms up, and is not counted.
  for (let round = 0; round <= (size === 'small' ? 3 : 7); round += 1) {
    const ran: { [tasks: number]: number } = {}
    for (const tasks of SIZES) ran[tasks] = await inScratch((folder) => runPlan(folder, tasks))
    rounds.push(ran)
  }
  const counted = rounds.slice(1)
  const usOf = (tasks: number) => median(counted.map((round) => round[tasks] ?? 0))
  return [ratio(counted, usOf), ...SIZES.map((tasks) => perTask(tasks, usOf(tasks)))]
}

function ratio(rounds: readonly Round[], usOf: (tasks: number) => number): Finding {
  return {
    name: 'a task of a plan of 10,000 against one of 1,000',
    unit: 'x',
    value: median(rounds.map((round) => (round[10_000] ?? 0) / (round[1_000] ?? 1))),
    goal: atMost(1.2),
    note: `${shown(usOf(10_000))} against ${shown(usOf(1_000))} µs; median of ${rounds.length} rounds, ${WIDTH} side by side`,
  }
}

function perTask(tasks: number, value: number): Finding {
  return {
    name: `a durable task of a plan of ${tasks}`,
    unit: 'µs',
    value,
    goal: null,
    note: 'to the end of the session',
  }
}

async function runPlan(folder: string, tasks: number): Promise<number> {
  const store = sqliteStore(join(folder, 'pawl.db'))
  const runtime = createRuntime({
    store,
    agents: [planner],
    limits: { maxConcurrentCalls: WIDTH, warnEvents: 1_000_000 },
  })
  globalThis.gc?.()
  const startedAt = performance.now()
  const { sessionId } = await runtime.start('planner', { message: 'Carry it out.', plan: layered(tasks) })
  const { status } = await runtime.result({ sessionId })
  const ms = performance.now() - startedAt
  if (status.type !== 'done') throw new Error(`expected a plan that is done; found ${JSON.stringify(status)}`)
  await runtime.stop()
  await store.close()
  return (ms * 1_000) / tasks
}

function layered(count: number): ProposedPlan {
  const tasks = Array.from({ length: count }, (_, index): PlanTask => {
    const above = index - WIDTH
    const dependsOn = above < 0 ? [] : [`t${above}`, `t${Math.floor(above / WIDTH) * WIDTH + ((above + 1) % WIDTH)}`]
    return { id: `t${index}`, name: `task ${index}`, dependsOn, tool: 'add', input: { a: index, b: 1 } }
  })
  return { goal: 'add them all', tasks }
}
