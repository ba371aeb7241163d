/** Real input: the graphs of 60 workflows and of TaskBench's tools, measured by others. */
import { type Json, type PlanContext, type PlanTask, planGraph, validatePlan } from 'pawl/core'
import { describe, expect, test } from 'vitest'
import { dataFolder, readJsonFile } from '../worlds/data-files.ts'
import { readWorkflow, workflowRows } from './workflow.ts'

const context: PlanContext = {
  mode: 'strict',
  tools: new Map(),
  specialists: new Map(),
  checkers: new Set(),
  limits: { maxTasks: 10_000, maxSteps: 50, maxDepth: 4, eventsLeft: null },
}

const rows = workflowRows()

describe.skipIf(rows === null)('real input: WfInstances', () => {
  test('real input: WfInstances: the longest way through each of the 60 workflows is as long as was measured', () => {
    const measured = rows ?? []
    const found = measured.map((row) => {
      const { id, tasks } = readWorkflow(row)
      const plan = {
        goal: id,
        tasks: tasks.map(({ runtimeMs, ...task }): PlanTask => ({ ...task, expectedMs: runtimeMs })),
      }
      const { order, dependencies, longestMs, criticalPath } = planGraph(plan.tasks)
      const { problems, warnings } = validatePlan({ ...plan, criticalPath }, context)
      const edges = [...dependencies.values()].reduce((sum, names) => sum + names.length, 0)
      const isWide = warnings.some(({ code }) => code === 'many_roots')
      const others = warnings.filter(({ code }) => code !== 'many_roots').map(({ code }) => code)
      const longest = longestMs.get(criticalPath[0] ?? '') ?? 0
      const lower = Math.max(longest, Math.ceil(row.workMs / 128))
      return { id, tasks: order.length, edges, isWide, longest, lower, problems, others }
    })
    expect(found).toEqual(
      measured.map((row, index) => ({
        id: found[index]?.id,
        tasks: row.tasks,
        edges: row.edges,
        isWide: row.roots > 10,
        longest: row.criticalPathMs,
        lower: row.bounds['128']?.lower,
        problems: [],
        others: [],
      })),
    )
    expect(found.reduce((sum, { tasks }) => sum + tasks, 0)).toBe(24_336)
  }, 60_000)
})

type ToolGraph = {
  readonly nodes: readonly { readonly id: string; readonly desc: string }[]
  readonly links: readonly { readonly source: string; readonly target: string }[]
}
const plans = dataFolder('plans')

describe.skipIf(plans === undefined)('real input: TaskBench', () => {
  test.each([
    'dailylifeapis',
    'huggingface',
    'multimedia',
  ])('real input: TaskBench: which tools of %s may follow which is no plan, and its cycle is one of its links', (name) => {
    const { nodes, links } = readJsonFile(plans ?? '', `taskbench.${name}.graph.json.gz`) as unknown as ToolGraph
    const ids = new Map(nodes.map(({ id }, index) => [id, `tool_${index}`]))
    const idOf = (tool: string) => ids.get(tool) ?? tool
    const linked = new Set(links.map(({ source, target }) => `${idOf(target)} ${idOf(source)}`))
    const tasks = nodes.map(({ id, desc }): PlanTask => {
      const dependsOn = links.filter(({ target }) => target === id).map(({ source }) => idOf(source))
      return { id: idOf(id), name: id, description: desc, dependsOn }
    })
    const { problems, warnings } = validatePlan({ goal: name, tasks }, context)
    const codes = new Set(problems.map(({ code }) => code))
    const itself = links.some(({ source, target }) => source === target)
    expect(codes).toEqual(new Set(itself ? ['self_dependency', 'cycle'] : ['cycle']))
    const cycle = problems.find(({ code }) => code === 'cycle')?.tasks ?? []
    expect(cycle.length).toBeGreaterThan(2)
    expect(cycle[0]).toBe(cycle.at(-1))
    for (const [index, id] of cycle.slice(0, -1).entries()) expect(linked.has(`${id} ${cycle[index + 1]}`)).toBe(true)
    expect(
      warnings.filter(({ code }) => code === 'god_task'),
      'every tool has one intention',
    ).toEqual([])
  })

  test('real input: TaskBench: none of 2,037 requests for a single tool is taken for several tasks in one', () => {
    const requests = readJsonFile(plans ?? '', 'taskbench.multimedia.requests.json.gz')
    const shapes = { single: [0, 0], chain: [0, 0], dag: [0, 0] }
    for (const { request, shape } of requests as unknown as readonly {
      readonly request: string
      readonly shape: keyof typeof shapes
    }[]) {
      const task: Json = { id: 'a', name: 'Request', description: request }
      const isGod = validatePlan({ goal: 'g', tasks: [task] }, context).warnings.some(({ code }) => code === 'god_task')
      shapes[shape][0] = (shapes[shape][0] ?? 0) + 1
      if (isGod) shapes[shape][1] = (shapes[shape][1] ?? 0) + 1
    }
    expect(shapes.single).toEqual([2_037, 0])
    // Requests are no descriptions of tasks ("I have a file, and would like …"): that some are noticed is all that is asked.
    expect(shapes.chain[1]).toBeGreaterThan(300)
    expect(shapes.dag[1]).toBeGreaterThan(50)
  })
})
