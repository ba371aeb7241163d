/** Rolling dispatch: whenever there is room the next ready task starts; nobody waits for a batch. */
import { type Moment, type OpenAnswer, wakeBy } from '../answer.ts'
import type { EventOf } from '../event.ts'
import type { Json } from '../json.ts'
import { activeTasks, type State } from '../state.ts'
import { artifactsBehind } from './in-artifacts.ts'
import { elementsOf, resolvedInput } from './inputs.ts'
import { leftToPeople } from './left-to-people.ts'
import type { OfPlan } from './of-plan.ts'
import type { PlanState, TaskNode } from './plan-state.ts'
import { readyTasks } from './progress.ts'
import { holdsSlot } from './slots.ts'

export function dispatchTasks(state: State, moment: Moment, { answer, plan }: OfPlan): void {
  const { planning } = state
  if (planning === null || plan.mode === 'flexible') return
  const working = activeTasks(state).filter((task) => plan.running.has(task.taskId) && holdsSlot(state, task))
  let room = planning.maxParallelTasks - working.length
  let isAlone = working.length === 0 && plan.running.size === 0
  // Where only people are waited for, others need not wait with what runs alone.
  let mayPass = working.length === 0 && !isAlone ? planning.maxParallelTasks : 0
  // Also while it waits for people: nothing runs beside it.
  if ([...plan.running].some((taskId) => plan.nodes.get(taskId)?.task.exclusive === true)) return
  if (room <= 0) return
  const mayChange = leftToPeople(state, plan)
  for (const node of candidates(plan, moment, answer)) {
    if (room <= 0) return
    if (moment.isLong === true) return wakeBy(answer, moment.now)
    if (mayChange(node)) continue
    // What runs alone waits for the others, and lets nobody past.
    if (node.task.exclusive === true && !isAlone) {
      if (mayPass === 0) return
      mayPass -= 1
      continue
    }
    const begun = beginning(state, { answer, plan }, node)
    if (begun === null) {
      room -= 1
      isAlone = false
      if (node.task.exclusive === true) return
      continue
    }
    answer.events.push(begun)
    if (begun.type === 'task_started' && begun.elements === undefined) {
      room -= 1
      isAlone = false
    }
    if (node.task.exclusive === true) return
    // Its children are ready as soon as it stands in the log, and may come before all others.
    if (begun.type !== 'task_started' || begun.elements !== undefined) return
  }
}

/** Ready ones in their order, after those whose time to be tried again has come. */
function* candidates(plan: PlanState, { now }: Moment, answer: OpenAnswer): Generator<TaskNode> {
  const due: TaskNode[] = []
  for (const id of plan.retrying) {
    const node = plan.nodes.get(id)
    // What it waited for may be open again: a person has had that tried anew.
    if (node === undefined || node.outOfReach > 0 || node.waitingFor > 0) continue
    if ((node.retryAt ?? 0) <= now) due.push(node)
    else wakeBy(answer, node.retryAt ?? now)
  }
  yield* inOrder(due)
  yield* readyTasks(plan)
}

/** One look at all for each that is wanted, of which there are as many as free slots: thousands may be due. */
function* inOrder(nodes: TaskNode[]): Generator<TaskNode> {
  while (nodes.length > 0) {
    const first = nodes.reduce((best, node, index) => (node.rank < (nodes[best]?.rank ?? 0) ? index : best), 0)
    yield* nodes.splice(first, 1)
  }
}

/** Whether one more may begin beside those that run. */
export function hasRoom(state: State, { task }: TaskNode): boolean {
  const { plan, planning } = state
  if (plan === null || planning === null) return false
  const working = activeTasks(state).filter((each) => plan.running.has(each.taskId) && holdsSlot(state, each))
  if (working.length >= planning.maxParallelTasks) return false
  if ([...plan.running].some((taskId) => plan.nodes.get(taskId)?.task.exclusive === true)) return false
  return task.exclusive !== true || plan.running.size === 0
}

export type Beginning = EventOf<'task_started'> | EventOf<'task_failed'> | EventOf<'task_finished'>

/** What was read from artifacts, in place of what the log has. */
export type Given =
  | { readonly type: 'input'; readonly input: Json }
  | { readonly type: 'items'; readonly items: readonly Json[] }
  | { readonly type: 'problem'; readonly message: string }

/** Null: its input has to be read first. */
function beginning(state: State, { answer, plan }: OfPlan, node: TaskNode): Beginning | null {
  const { task } = node
  const isRead = task.tool !== undefined || task.forEach !== undefined
  if (isRead && artifactsBehind(state, node).length > 0) {
    const attempt = node.attempt + 1
    const { version } = plan
    const key = `resolve:${task.id}:${attempt}:${version}`
    answer.actions.push({ type: 'resolve', key, taskId: task.id, attempt, version })
    return null
  }
  const begun = taskBegins(state, node, { callNumber: state.calls.size + answer.newCalls + 1 })
  if (begun.type === 'task_started' && begun.callId !== undefined) answer.newCalls += 1
  return begun
}

type Begins = { readonly callNumber: number; readonly given?: Given }

/** It starts, or is over at once: an array may be empty, and what an input refers to may not be there. */
export function taskBegins(state: State, node: TaskNode, { callNumber, given }: Begins): Beginning {
  const { task } = node
  const taskId = task.id
  const attempt = node.attempt + 1
  const missing = (message: string) =>
    ({ type: 'task_failed', taskId, failure: 'missing_input', message, attempt }) as const
  if (given?.type === 'problem') return missing(given.message)
  const started = { type: 'task_started', taskId, attempt, version: state.plan?.version ?? 0 } as const
  if (task.forEach !== undefined) return fanOut(state, node, { started, missing, given })
  if (task.tool === undefined) return started
  if (given?.type === 'input') return { ...started, callId: `c${callNumber}`, input: given.input }
  const resolved = resolvedInput(state, node)
  return resolved.type === 'missing' ? missing(resolved.message) : { ...started, callId: `c${callNumber}` }
}

type FanOut = {
  readonly started: EventOf<'task_started'>
  readonly missing: (message: string) => EventOf<'task_failed'>
  readonly given: Given | undefined
}

function fanOut(state: State, node: TaskNode, { started, missing, given }: FanOut): Beginning {
  const { forEach } = node.task
  const items = given?.type === 'items' ? given.items : undefined
  const elements = items ?? elementsOf(state, node)
  const { taskId } = started
  if (elements === undefined) return missing(`there is no array at ${JSON.stringify(forEach)}`)
  const tooMany = problemOfFanOut(state, elements.length)
  if (tooMany !== null) return missing(tooMany)
  if (elements.length === 0) return { type: 'task_finished', taskId, status: 'completed', output: [] }
  return { ...started, elements: elements.length, ...(items !== undefined && { items }) }
}

/** Null: so many children are allowed. */
export function problemOfFanOut({ planning }: State, count: number): string | null {
  const most = planning?.maxFanOut ?? 0
  return count <= most ? null : `${count} elements; at most ${most} children are allowed`
}
