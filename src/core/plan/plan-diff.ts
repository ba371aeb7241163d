/** What has changed from one version of a plan to another. Nothing in it depends on more than the two plans. */
import type { Json } from '../json.ts'
import type { PlanTask, ProposedPlan } from './plan.ts'
import { isSameJson } from './same-json.ts'

/** Undefined: it was not, or is no more, there. */
export type FieldChange = {
  readonly field: string
  readonly before: Json | undefined
  readonly after: Json | undefined
}

export type PlanDiff = {
  /** Of the plan itself: goal, notes, critical path. */
  readonly fields: readonly FieldChange[]
  readonly added: readonly PlanTask[]
  readonly removed: readonly PlanTask[]
  readonly changed: readonly { readonly task: PlanTask; readonly fields: readonly FieldChange[] }[]
  readonly unchanged: readonly PlanTask[]
  /**
   * The fewest tasks that, put elsewhere, make the order of the one that of the other. Places count from 1, among
   * the tasks that both plans have.
   */
  readonly moved: readonly { readonly taskId: string; readonly before: number; readonly after: number }[]
  /** Every task once, in the new order; what was removed stands behind what it stood behind before. */
  readonly order: readonly string[]
}

/** Of an id that a plan has twice, the last task counts. */
export function diffPlans(before: ProposedPlan, after: ProposedPlan): PlanDiff {
  const old = new Map(before.tasks.map((task) => [task.id, task]))
  const fresh = new Map(after.tasks.map((task) => [task.id, task]))
  const both = [...fresh.values()].flatMap((task) => {
    const was = old.get(task.id)
    return was === undefined ? [] : [{ task, fields: changesOf(taskFields, was, task) }]
  })
  return {
    fields: changesOf(planFields, before, after),
    added: [...fresh.values()].filter(({ id }) => !old.has(id)),
    removed: [...old.values()].filter(({ id }) => !fresh.has(id)),
    changed: both.filter(({ fields }) => fields.length > 0),
    unchanged: both.flatMap(({ task, fields }) => (fields.length === 0 ? [task] : [])),
    moved: movesOf([...old.keys()], [...fresh.keys()]),
    order: mergedOrder([...old.keys()], [...fresh.keys()]),
  }
}

const planFields: { readonly [K in keyof Required<Omit<ProposedPlan, 'tasks'>>]: true } = {
  goal: true,
  notes: true,
  criticalPath: true,
}

const taskFields: { readonly [K in keyof Required<Omit<PlanTask, 'id'>>]: true } = {
  name: true,
  description: true,
  dependsOn: true,
  needs: true,
  parent: true,
  specialist: true,
  tools: true,
  tool: true,
  input: true,
  cap: true,
  timeoutMs: true,
  expectedMs: true,
  accept: true,
  exclusive: true,
  optional: true,
  forEach: true,
}

/** Two values are the same where a task that has to stay as it was may have the one for the other. */
function changesOf(fields: object, before: object, after: object): readonly FieldChange[] {
  return Object.keys(fields).flatMap((field) => {
    // Plans are JSON, and so are their members; an absent one is undefined.
    const was = Reflect.get(before, field) as Json | undefined
    const is = Reflect.get(after, field) as Json | undefined
    return isSameJson(was, is) ? [] : [{ field, before: was, after: is }]
  })
}

function movesOf(before: readonly string[], after: readonly string[]): PlanDiff['moved'] {
  const fresh = new Set(after)
  const places = new Map(before.filter((taskId) => fresh.has(taskId)).map((taskId, index) => [taskId, index]))
  const common = after.flatMap((taskId) => {
    const place = places.get(taskId)
    return place === undefined ? [] : [{ taskId, place }]
  })
  const kept = longestRising(common.map(({ place }) => place))
  return common.flatMap(({ taskId, place }, index) =>
    kept.has(index) ? [] : [{ taskId, before: place + 1, after: index + 1 }],
  )
}

/** Indexes of a longest rising subsequence, by patience sorting: https://en.wikipedia.org/wiki/Longest_increasing_subsequence */
function longestRising(values: readonly number[]): ReadonlySet<number> {
  const tops: number[] = []
  const behind: number[] = []
  for (const [index, value] of values.entries()) {
    let low = 0
    let high = tops.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((values[tops[middle] ?? 0] ?? 0) < value) low = middle + 1
      else high = middle
    }
    behind.push(tops[low - 1] ?? -1)
    tops[low] = index
  }
  const kept = new Set<number>()
  for (let index = tops.at(-1) ?? -1; index >= 0; index = behind[index] ?? -1) kept.add(index)
  return kept
}

function mergedOrder(before: readonly string[], after: readonly string[]): readonly string[] {
  const fresh = new Set(after)
  const removedBehind = new Map<string | null, string[]>()
  let last: string | null = null
  for (const taskId of before) {
    const behind = removedBehind.get(last)
    if (fresh.has(taskId)) last = taskId
    else if (behind === undefined) removedBehind.set(last, [taskId])
    else behind.push(taskId)
  }
  const removedAfter = (taskId: string | null) => removedBehind.get(taskId) ?? []
  return [...removedAfter(null), ...after.flatMap((taskId) => [taskId, ...removedAfter(taskId)])]
}
