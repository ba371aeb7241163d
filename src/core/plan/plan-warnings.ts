/** What the author of a plan should look at, though it can be carried out. */

import type { Json } from '../json.ts'
import { type Awaited, awaitedSets } from './awaited.ts'
import { whyGodTask } from './god-task.ts'
import { idleFields } from './idle-fields.ts'
import { implicitDependencies } from './implicit-dependency.ts'
import { keysOf } from './json-pointer.ts'
import type { PlanProblem, PlanTask } from './plan.ts'
import type { PlanCheck } from './plan-check.ts'
import type { PlanGraph } from './plan-graph.ts'
import { named, ProblemList } from './problem-list.ts'
import { isJsonObject } from './same-json.ts'

/** Tasks that nothing holds back. More of them say that dependencies were forgotten. */
const MAX_ROOTS = 10

export function planWarnings(check: Omit<PlanCheck, 'problems'>): readonly PlanProblem[] {
  const { plan, graph } = check
  const warnings = new ProblemList()
  const into = { ...check, problems: warnings }
  for (const task of plan.tasks) warnOfGodTask(task, warnings)
  for (const task of plan.tasks) warnOfFanOut(task, into)
  for (const task of plan.tasks) warnOfIdle(task, into)
  for (const { task, needs, because } of implicitDependencies(plan.tasks, graph))
    warnings.add(
      'implicit_dependency',
      [task, needs],
      () => `"${task}" ${because}. Add "${needs}" to its \`dependsOn\`.`,
    )
  // Where tasks wait for each other, there is neither a beginning nor a length.
  if (graph.cycle === null) {
    warnOfRoots(graph, warnings)
    warnOfCriticalPath(into)
  }
  return warnings.all()
}

function warnOfGodTask({ id, name, description }: PlanTask, warnings: ProblemList): void {
  const verbs = whyGodTask(name, description)
  if (verbs === null) return
  warnings.add('god_task', [id], () => {
    return `"${id}" does several things (${verbs.join(', ')}). Make a task of each, so that each has its own result and can fail alone.`
  })
}

function warnOfRoots({ order, tasks, children, dependencies }: PlanGraph, warnings: ProblemList): void {
  const free = new Set<string>()
  // Parents come before their children.
  for (const id of order) {
    const parent = tasks.get(id)?.parent
    const isHeld = parent !== undefined && tasks.has(parent) && !free.has(parent)
    if (!isHeld && dependencies.get(id)?.length === 0) free.add(id)
  }
  const roots = [...free].filter((id) => !children.has(id))
  if (roots.length <= MAX_ROOTS) return
  warnings.add('many_roots', roots, () => {
    const many = `${roots.length} tasks wait for nothing (${named(roots)}); more than ${MAX_ROOTS} are seldom meant.`
    return `${many} Add the dependencies they have, or use one task with \`forEach\` for those that are alike.`
  })
}

function warnOfCriticalPath({ plan, graph, context, problems }: PlanCheck): void {
  const { criticalPath: declared } = plan
  // Parents are walked up below: a plan too deep has a problem already.
  const isTooDeep = [...graph.depths.values()].some((depth) => depth > context.limits.maxDepth)
  if (declared === undefined || isTooDeep || isLongest(declared, graph)) return
  problems.add('no_critical_path', [...declared], () => {
    const unknown = declared.filter((id) => !graph.tasks.has(id))
    const why = unknown.length > 0 ? `names ${named(unknown)}, which no task is called` : 'is not the longest way'
    const { criticalPath } = graph
    const isShown = criticalPath.length <= MAX_PATH_SHOWN
    return `\`criticalPath\` ${why}. Leave it out${isShown ? `, or write: ${JSON.stringify(criticalPath)}` : ''}.`
  })
}

/** Half a path would be none. */
const MAX_PATH_SHOWN = 100

/** Any of the longest ways will do, with or without the parents on it. */
function isLongest(declared: readonly string[], graph: PlanGraph): boolean {
  const path = declared.filter((id) => !graph.children.has(id))
  const lengthOf = (id: string | undefined) => graph.longestMs.get(id ?? '') ?? 0
  const whole = lengthOf(graph.criticalPath[0])
  const awaited = awaitedSets(graph.dependencies)
  return (
    path.every((id) => graph.tasks.has(id)) &&
    lengthOf(path[0]) === whole &&
    path.every((id, index) => {
      const next = path[index + 1]
      const work = graph.tasks.get(id)?.expectedMs ?? 1
      return (
        lengthOf(id) === work + lengthOf(next) &&
        (next === undefined || waitsFor(next, id, { tasks: graph.tasks, awaited }))
      )
    })
  )
}

type Waiting = { readonly tasks: PlanGraph['tasks']; readonly awaited: Awaited }

/** By itself or through its parents, for that task or for a parent of it. */
function waitsFor(id: string, before: string, { tasks, awaited }: Waiting): boolean {
  const links = withParents(id, tasks)
  return withParents(before, tasks).some((link) => links.some((each) => awaited(each).has(link)))
}

/** Only for plans whose parents go in no circle. */
function withParents(id: string, tasks: PlanGraph['tasks']): readonly string[] {
  const chain: string[] = []
  for (let at: string | undefined = id; at !== undefined && tasks.has(at); at = tasks.get(at)?.parent) chain.push(at)
  return chain
}

/** Whoever wrote it counts on it. What keeps a parent from being one is a problem, and told as that. */
function warnOfIdle(task: PlanTask, { graph, context, problems }: PlanCheck): void {
  const { id } = task
  const { mode } = context
  const idle = idleFields(task, { mode, isParent: graph.children.has(id) })
  if (idle.length === 0) return
  problems.add('idle_field', [id], () => {
    const why =
      mode === 'flexible'
        ? 'it is a step that the model goes through itself. Say it in the description, or plan in strict mode.'
        : 'it is made of its parts. Give it to them, or leave it out.'
    return `${idle.map((field) => `\`${field}\``).join(' and ')} of "${id}" ${idle.length === 1 ? 'says' : 'say'} nothing: ${why}`
  })
}

/** How many children there will be is not known, and each of them may cost or change something. */
function warnOfFanOut(task: PlanTask, { graph, context, problems }: PlanCheck): void {
  const { id, forEach, tool, cap } = task
  if (forEach === undefined) return
  const isCheap = tool === undefined ? cap !== undefined : context.tools.get(tool)?.effect === 'read'
  const accept = graph.tasks.get(forEach.$from)?.accept
  const schema = accept !== undefined && 'schema' in accept ? accept.schema : null
  if (isCheap || boundOf(schema, forEach.path ?? '') !== null) return
  problems.add('unbounded_fan_out', [id, forEach.$from], () => {
    const what = tool === undefined ? 'works without a cap on' : `calls "${tool}" for`
    const bound = `"accept": {"schema": …} of "${forEach.$from}" with \`maxItems\` for that list`
    return `"${id}" ${what} as many elements as "${forEach.$from}" finds. Bound them by ${bound}${tool === undefined ? ', or give it a `cap`' : ''}.`
  })
}

/** `maxItems` of the list at a pointer, as far as a plain schema says it; null: it does not. */
function boundOf(schema: Json, pointer: string): number | null {
  let place: Json | undefined = schema
  for (const key of keysOf(pointer)) {
    if (!isJsonObject(place)) return null
    const properties: Json | undefined = place['properties']
    place = isJsonObject(properties) && Object.hasOwn(properties, key) ? properties[key] : place['items']
  }
  const bound = isJsonObject(place) ? place['maxItems'] : undefined
  return typeof bound === 'number' ? bound : null
}
