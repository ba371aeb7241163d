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
      return `${placeOf(path)} of "${id}" has a "$from" and is no reference. Write {"$from": "taskId"} or {"$from": "taskId", "path": "/pointer"}, and nothing beside.`
    })
  for (const { path, reference } of found) check({ task, reference, place: path }, graph, problems)
  if (forEach !== undefined) check({ task, reference: forEach, place: FOR_EACH }, graph, problems)
}

const FOR_EACH = 'forEach'

type Use = { readonly task: PlanTask; readonly reference: Reference; readonly place: InputPath | typeof FOR_EACH }

function check(use: Use, graph: PlanGraph, problems: ProblemList): void {
  const { reference, place } = use
  const { id } = use.task
  const why = whyInvalid(use, graph)
  if (why !== null) problems.add('invalid_reference', [id], () => `${placeOf(place)} of "${id}" ${why()}`)
  const { path } = reference
  if (path === undefined || isPointer(path)) return
  problems.add('invalid_reference', [id], () => {
    return `${placeOf(place)} of "${id}" has the path ${JSON.stringify(path)}, which is no JSON Pointer: ${POINTER_FORM}.`
  })
}

/** Null: it names a task that can have a result by then, or the element. */
function whyInvalid({ task, reference: { $from }, place }: Use, { tasks }: PlanGraph): (() => string) | null {
  const mend = 'Name a task of this plan.'
  if ($from === ITEM) {
    if (place === FOR_EACH)
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

/** Only where it is told: a key may be as long as the plan. */
function placeOf(path: Use['place']): string {
  if (path === FOR_EACH) return '`forEach`'
  return path.length === 0 ? 'The input' : `\`${path.join('.')}\` in the input`
}
