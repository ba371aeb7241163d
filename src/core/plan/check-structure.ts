/** Whether the tasks of a plan fit together: ids, dependencies, parents, depth, order. */
import { didYouMean } from './near-names.ts'
import type { PlanTask } from './plan.ts'
import type { PlanCheck } from './plan-check.ts'
import { namedInReferences, type PlanGraph } from './plan-graph.ts'
import { MAX_TASKS_LISTED, named, type ProblemList } from './problem-list.ts'

export function checkStructure(check: PlanCheck): void {
  const { plan, graph, problems } = check
  const twice = checkIds(plan.tasks, problems)
  for (const task of plan.tasks) {
    checkDependencies(task, check, twice)
    checkParent(task, graph, problems)
    checkDepth(task, check)
  }
  checkCycle(graph, problems)
}

/** The ids that stand more than once: what names one of them means nobody knows which. */
function checkIds(tasks: readonly PlanTask[], problems: ProblemList): ReadonlySet<string> {
  const counts = new Map<string, number>()
  for (const { id } of tasks) counts.set(id, (counts.get(id) ?? 0) + 1)
  const twice = new Set<string>()
  for (const [id, count] of counts) {
    if (count === 1) continue
    twice.add(id)
    problems.add('duplicate_id', [id], () => {
      return `${count} tasks have the id "${id}". Give each its own, and name the right one where others wait for it.`
    })
  }
  return twice
}

function checkDependencies(task: PlanTask, { graph, problems }: PlanCheck, twice: ReadonlySet<string>): void {
  const { tasks } = graph
  const { id } = task
  for (const name of new Set(task.dependsOn)) {
    if (name === id && !twice.has(id))
      problems.add('self_dependency', [id], () => `"${id}" waits for itself. Take "${id}" out of its \`dependsOn\`.`)
    if (tasks.has(name)) continue
    problems.add('unknown_dependency', [id], () => {
      const unknown = `"${id}" waits for ${JSON.stringify(name)}, and no task has that id.`
      return `${unknown}${didYouMean(name, tasks.keys())} Name a task of this plan, or take it out of \`dependsOn\`.`
    })
  }
}

function checkParent({ id, parent, tool, forEach }: PlanTask, graph: PlanGraph, problems: ProblemList): void {
  const { tasks, children } = graph
  if (parent !== undefined && !tasks.has(parent))
    problems.add('unknown_parent', [id], () => {
      const unknown = `"${id}" is part of ${JSON.stringify(parent)}, and no task has that id.`
      return `${unknown}${didYouMean(parent, tasks.keys())} Name a task of this plan, or leave \`parent\` out.`
    })
  const parts = children.get(id)
  if (parts === undefined || (tool === undefined && forEach === undefined)) return
  problems.add('parent_that_works', [id, ...parts.slice(0, MAX_TASKS_LISTED)], () => {
    const work = tool === undefined ? '`forEach`' : `the tool "${tool}"`
    const both = `"${id}" has ${work} and is the parent of ${named(parts)}; a parent does no work of its own.`
    return `${both} Give the work to another child, or take \`parent\` out of these.`
  })
}

function checkDepth({ id }: PlanTask, { graph, context, problems }: PlanCheck): void {
  const { depths, tasks } = graph
  const { maxDepth } = context.limits
  const depth = depths.get(id) ?? 0
  // One problem for each branch that goes too deep: at the first task that does.
  if (depth !== maxDepth + 1) return
  problems.add('too_deep', [id], () => {
    const chain = [id]
    for (let at = tasks.get(id)?.parent; at !== undefined && chain.length <= maxDepth; at = tasks.get(at)?.parent)
      chain.unshift(at)
    const way = `"${id}" lies ${depth} levels deep (${chain.join(' › ')}), and at most ${maxDepth} are allowed.`
    return `${way} Make it a part of a task higher up, or start a separate session for that work.`
  })
}

function checkCycle(graph: PlanGraph, problems: ProblemList): void {
  const { cycle } = graph
  if (cycle === null) return
  problems.add('cycle', cycle, () => {
    const links = cycle.slice(0, MAX_LINKS_SHOWN).map((id, index) => linkOf(graph, id, cycle[index + 1]))
    const left = cycle.length - 1 - links.length
    const rest = left > 0 ? [`and so on over ${left} more, back to "${cycle[0]}"`] : []
    const told = [...links.filter((link) => link !== ''), ...rest].join('; ')
    return `These tasks wait for each other: ${told}. Take one of these dependencies out.`
  })
}

const MAX_LINKS_SHOWN = 12

function linkOf({ tasks, dependencies }: PlanGraph, id: string, next: string | undefined): string {
  const task = tasks.get(id)
  if (task === undefined || next === undefined) return ''
  if (task.dependsOn.includes(next)) return `"${id}" waits for "${next}"`
  if (dependencies.get(id)?.includes(next) && namedInReferences(task).includes(next))
    return `"${id}" uses the result of "${next}"`
  return task.parent === next ? `"${id}" is part of "${next}"` : `"${id}" is made of "${next}"`
}
