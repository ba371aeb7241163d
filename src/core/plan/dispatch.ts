/** Rolling dispatch: whenever there is room the next ready task starts; nobody waits for a batch. */
import { type Moment, type OpenAnswer, wakeBy } from '../answer.ts'
import type { EventOf } from '../event.ts'
import { activeTasks, type State } from '../state.ts'
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
    const begun = beginning(state, answer, node)
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

type Beginning = EventOf<'task_started'> | EventOf<'task_failed'> | EventOf<'task_finished'>

function beginning(state: State, answer: OpenAnswer, node: TaskNode): Beginning {
  const { task } = node
  const taskId = task.id
  const attempt = node.attempt + 1
  const missing = (message: string) =>
    ({ type: 'task_failed', taskId, failure: 'missing_input', message, attempt }) as const
  const started = { type: 'task_started', taskId, attempt, version: state.plan?.version ?? 0 } as const
  if (task.forEach !== undefined) return fanOut(state, node, { started, missing })
  if (task.tool === undefined) return started
  const resolved = resolvedInput(state, node)
  if (resolved.type === 'missing') return missing(resolved.message)
  answer.newCalls += 1
  return { ...started, callId: `c${state.calls.size + answer.newCalls}` }
}

type FanOut = {
  readonly started: EventOf<'task_started'>
  readonly missing: (message: string) => EventOf<'task_failed'>
}

function fanOut(state: State, node: TaskNode, { started, missing }: FanOut): Beginning {
  const { forEach } = node.task
  const elements = elementsOf(state, node)
  const { taskId } = started
  const most = state.planning?.maxFanOut ?? 0
  if (elements === undefined) return missing(`there is no array at ${JSON.stringify(forEach)}`)
  if (elements.length > most) return missing(`${elements.length} elements; at most ${most} children are allowed`)
  if (elements.length === 0) return { type: 'task_finished', taskId, status: 'completed', output: [] }
  return { ...started, elements: elements.length }
}
