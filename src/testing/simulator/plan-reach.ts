/**
 * What waits for what in a plan, computed anew from the events for each question: who may start, who never can, and what is put in.
 * Nothing here comes from the code that it is to doubt.
 */
import type { Json, PlanTask } from '../../core/index.ts'
import type { PlannedRecord, PlanRecord } from './plan-record.ts'
import { loopOf, type SessionRecord } from './record.ts'

/** `lost`: failed for good, or never to be reached. */
export type Reached = 'done' | 'skipped' | 'lost' | 'open'

/** What a task says that it needs: in words, and by what its input names. */
export function needsOf(task: PlanTask): readonly string[] {
  return [...new Set([...task.dependsOn, ...namedIn(task)])]
}

/** The tasks whose results are put in. */
export function namedIn({ input, forEach }: PlanTask): readonly string[] {
  return [...referencesOf(input ?? null), ...referencesOf(forEach ?? null)].filter((id) => id !== '$item')
}

function referencesOf(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return []
  if ('$from' in value && typeof value.$from === 'string') return [value.$from]
  return Object.values(value).flatMap(referencesOf)
}

export function childrenOf({ nodes }: PlanRecord, id: string): readonly PlannedRecord[] {
  return [...nodes.values()].filter(({ task }) => task.parent === id)
}

/** What has become of a task. */
export function reachedOf(plan: PlanRecord, id: string): Reached {
  const node = plan.nodes.get(id)
  if (node === undefined) return 'open'
  if (node.status === 'completed') return 'done'
  if (node.status === 'skipped') return 'skipped'
  if (node.status === 'failed') return node.isGivenUp ? 'lost' : 'open'
  const children = childrenOf(plan, id)
  if (children.length > 0) return reachedByChildren(plan, node, children)
  return isUnreachable(plan, node) ? 'lost' : 'open'
}

function reachedByChildren(plan: PlanRecord, node: PlannedRecord, children: readonly PlannedRecord[]): Reached {
  const reached = children.map(({ task }) => [task.optional === true, reachedOf(plan, task.id)] as const)
  if (isUnreachable(plan, node) || reached.some(([isOptional, each]) => !isOptional && each === 'lost')) return 'lost'
  return reached.every(([, each]) => each !== 'open') ? 'done' : 'open'
}

/** Nothing that anybody has chosen will ever let it start. */
export function isUnreachable(plan: PlanRecord, { task, status }: PlannedRecord): boolean {
  if (status !== 'pending' && status !== 'cancelled') return false
  const parent = task.parent === undefined ? undefined : plan.nodes.get(task.parent)
  if (parent !== undefined && isUnreachable(plan, parent)) return true
  return task.needs !== 'settled' && needsOf(task).some((id) => isMissing(plan, task, id))
}

/** What it needs will not be there: lost, or skipped although its result is put in. */
function isMissing(plan: PlanRecord, task: PlanTask, id: string): boolean {
  const reached = reachedOf(plan, id)
  return reached === 'lost' || (reached === 'skipped' && namedIn(task).includes(id))
}

/** What keeps a task from starting; empty: nothing. */
export function waitsFor(plan: PlanRecord, { task }: PlannedRecord): readonly string[] {
  const parent = task.parent === undefined ? undefined : plan.nodes.get(task.parent)
  const own = needsOf(task).filter((id) => !isThere(plan, task, id))
  return parent === undefined ? own : [...own, ...waitsFor(plan, parent)]
}

function isThere(plan: PlanRecord, task: PlanTask, id: string): boolean {
  const reached = reachedOf(plan, id)
  if (task.needs === 'settled') return isSettled(plan, id)
  return reached === 'done' || (reached === 'skipped' && !namedIn(task).includes(id))
}

/** Of a parent: when all its children are, also after one of them has failed. */
function isSettled(plan: PlanRecord, id: string): boolean {
  const children = childrenOf(plan, id)
  return children.length === 0 ? reachedOf(plan, id) !== 'open' : children.every(({ task }) => isSettled(plan, task.id))
}

/** What a task has come to; undefined: nothing yet. */
export function resultIn(record: SessionRecord, id: string): Json | undefined {
  const { plan } = record
  const node = plan.nodes.get(id)
  if (node === undefined || reachedOf(plan, id) !== 'done') return undefined
  if (node.output !== undefined) return node.output
  const children = childrenOf(plan, id)
  if (children.length === 0) return ownResult(record, node)
  const results = children.map(({ task }) => [task.id, resultIn(record, task.id) ?? null] as const)
  return children.some(({ element }) => element !== null)
    ? results.map(([, result]) => result)
    : Object.fromEntries(results)
}

function ownResult(record: SessionRecord, { task, callId }: PlannedRecord): Json | undefined {
  if (callId === null) return loopOf(record, task.id).text
  const outcome = record.calls.get(callId)?.outcome
  // What an event has of a large output is its beginning.
  return outcome?.type === 'ok' ? (record.memory.wholes.get(callId) ?? outcome.output) : undefined
}

/** What the call of a task is to be asked, by what the log says; undefined: something is missing. */
export function injectedInto(record: SessionRecord, node: PlannedRecord): Json | undefined {
  return resolved(record, node.input ?? node.task.input ?? {}, itemOf(record, node))
}

function itemOf(record: SessionRecord, { task, element }: PlannedRecord): Json | undefined {
  const parent = task.parent === undefined ? undefined : record.plan.nodes.get(task.parent)
  if (parent?.task.forEach === undefined || element === null) return undefined
  // A reference is JSON.
  const elements = resolved(record, parent.task.forEach as Json, undefined)
  return Array.isArray(elements) ? elements[element] : undefined
}

function resolved(record: SessionRecord, value: Json, item: Json | undefined): Json | undefined {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((part: Json) => resolved(record, part, item) ?? null)
  const { $from, path } = value as { readonly [key: string]: Json }
  if (typeof $from !== 'string')
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, resolved(record, part, item) ?? null]))
  const whole = $from === '$item' ? item : resultIn(record, $from)
  return typeof path === 'string' ? pointed(whole, path) : whole
}

function pointed(whole: Json | undefined, path: string): Json | undefined {
  return path
    .split('/')
    .slice(1)
    .reduce<Json | undefined>((value, key) => (value === undefined ? undefined : partOf(value, key)), whole)
}

function partOf(value: Json, key: string): Json | undefined {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
  // A part of a JSON value is one.
  return Reflect.get(value, key) as Json
}
