/** Whether what an input refers to can be there. */
import { isPointer, POINTER_FORM } from './json-pointer.ts'
import { didYouMean } from './near-names.ts'
import { ITEM, type PlanTask, type Reference } from './plan.ts'
import type { PlanGraph } from './plan-graph.ts'
import type { ProblemList } from './problem-list.ts'
import { type InputPath, referencesIn } from './references.ts'

export function checkReferences(task: PlanTask, graph: PlanGraph, problems: ProblemList): void {
  const { id, input, forEach } = task
  const { found, broken } = referencesIn(input ?? null)
  for (const path of broken)
    problems.add('invalid_reference', [id], () => {
      const where = `${placeOf(path)} of "${id}"`
      return `${where} has a "$from" and is no reference. Write {"$from": "taskId"} or {"$from": "taskId", "path": "/pointer"}, and nothing beside.`
    })
  for (const { path, reference } of found) check({ task, reference, where: placeOf(path) }, graph, problems)
  if (forEach !== undefined) check({ task, reference: forEach, where: '`forEach`' }, graph, problems)
}

type Use = { readonly task: PlanTask; readonly reference: Reference; readonly where: string }

function check({ task, reference, where }: Use, graph: PlanGraph, problems: ProblemList): void {
  const { id } = task
  const why = whyInvalid({ task, reference, where }, graph)
  if (why !== null) problems.add('invalid_reference', [id], () => `${where} of "${id}" ${why()}`)
  const { path } = reference
  if (path === undefined || isPointer(path)) return
  problems.add('invalid_reference', [id], () => {
    return `${where} of "${id}" has the path ${JSON.stringify(path)}, which is no JSON Pointer: ${POINTER_FORM}.`
  })
}

/** Null: it names a task that can have a result by then, or the element. */
function whyInvalid({ task, reference: { $from }, where }: Use, { tasks }: PlanGraph): (() => string) | null {
  const mend = 'Name a task of this plan.'
  if ($from === ITEM) {
    if (where === '`forEach`')
      return () => `names "${ITEM}", which only stands in the input. Name the task whose result is the list.`
    if (task.forEach !== undefined) return null
    return () => `names "${ITEM}", and the task has no \`forEach\`. Give it one, or name a task.`
  }
  // The first of two tasks with one id may be meant by the second.
  if ($from === task.id && tasks.get($from) === task)
    return () => `names its own result, which is not there yet. ${mend}`
  if (tasks.has($from)) return null
  return () => `names ${JSON.stringify($from)}, and no task has that id.${didYouMean($from, tasks.keys())} ${mend}`
}

function placeOf(path: InputPath): string {
  return path.length === 0 ? 'The input' : `\`${path.join('.')}\` in the input`
}
