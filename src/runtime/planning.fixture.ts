/** Agents that plan, with scripted planners, specialists and tools that fail when they are told to. */
import type { Json, PlanTask, ProposedPlan } from '../core/index.ts'
import { scriptedTasks, type TaskScripts } from '../models/scripted.ts'
import type { Policy } from '../ports/index.ts'
import { type Agent, agent } from './define.ts'
import type { PlanningOptions, Specialist } from './planning-options.ts'
import { anyTool, openAll, type World, type WorldOptions, world } from './world.fixture.ts'

export type PlanningWorld = WorldOptions & {
  readonly planning?: PlanningOptions
  readonly specialists?: readonly Specialist[]
  /** What its tasks are answered, where `model` does not say it. */
  readonly scripts?: TaskScripts
  readonly policies?: readonly Policy[]
}

/** Adds; `boom` always fails, `flaky` fails until it was asked `failures` times. */
export function planningTools(failures = 1) {
  let asked = 0
  const tools = [
    anyTool('add', 'read', ({ left, right }) => Number(left) + Number(right)),
    anyTool('boom', 'read', () => {
      throw new Error('it is broken')
    }),
    anyTool('flaky', 'read', () => {
      asked += 1
      if (asked <= failures) throw new Error(`busy ${asked}`)
      return `done at ${asked}`
    }),
    anyTool('list', 'read', () => [1, 2, 3]),
    anyTool('pay', 'unsafe', ({ usd }) => ({ paid: usd })),
  ]
  return { tools, asked: () => asked }
}

export function planner(options: PlanningWorld = {}): Agent {
  const { tools = planningTools().tools, planning = {}, specialists = [], scripts = {} } = options
  return agent({
    name: 'clerk',
    instructions: 'You add.',
    model: options.model ?? scriptedTasks(scripts),
    tools,
    policies: options.policies ?? [openAll(tools)],
    planning,
    specialists,
    ...(options.budget && { budget: options.budget }),
    ...(options.memory && { memory: options.memory }),
    ...(options.processor && { processor: options.processor }),
  })
}

export function planningWorld(options: PlanningWorld = {}): World {
  return world({ ...options, agents: [planner(options)] })
}

export function direct(id: string, tool: string, input: Json = {}, dependsOn: readonly string[] = []): PlanTask {
  return { id, name: id, dependsOn, tool, input }
}

export function loop(id: string, more: Partial<PlanTask> = {}): PlanTask {
  return { id, name: id, dependsOn: [], ...more }
}

export function planOf(...tasks: readonly PlanTask[]): ProposedPlan {
  return { goal: 'the sums', tasks }
}
