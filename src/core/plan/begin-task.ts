/** A task that begins, of a plan or delegated: its own loop, or its call, with what earlier attempts have used. */
import type { Draft } from '../draft.ts'
import type { EventOf } from '../event.ts'
import { freshTask } from '../fresh-state.ts'
import { ROOT_TASK, type State, type TaskState } from '../state.ts'
import type { TaskNode } from './plan-state.ts'

export function taskFor(state: State, node: TaskNode, { taskId, attempt, callId }: EventOf<'task_started'>): TaskState {
  const { task } = node
  const before = state.tasks.get(taskId)
  const { turn, ...counts } = countsOf(before)
  const specialist = state.planning?.specialists?.[task.specialist ?? '']
  return {
    ...freshTask(taskId),
    ...counts,
    phase: callId === undefined ? 'decide' : 'calls',
    turn: callId === undefined ? turn : turn + 1,
    open: callId === undefined ? [] : [callId],
    callIds: callId === undefined ? [] : [callId],
    isCall: callId !== undefined,
    callsBefore: node.callId === null ? [] : [...(before?.callsBefore ?? []), node.callId],
    attempt,
    startSeq: state.seq + 1,
    parent: ROOT_TASK,
    depth: depthOf(state, node),
    specialist: task.specialist ?? null,
    tools: task.tools ?? null,
    cap: task.cap ?? specialist?.cap ?? {},
    windowTurns: specialist?.windowTurns ?? null,
    timeoutMs: task.timeoutMs ?? state.planning?.taskTimeoutMs ?? null,
  }
}

type Counts = Pick<TaskState, 'turn' | 'turnsBefore' | 'purposeTurns' | 'spent' | 'spentBefore'>

/** Turns are counted on, so that what comes late for an earlier attempt is known as such; so is what was spent. */
function countsOf(before: TaskState | undefined): Counts {
  const { turn, purposeTurns, spent } = before ?? freshTask('')
  const { tokens, costMicroUsd } = spent
  return {
    turn,
    turnsBefore: purposeTurns.decide,
    purposeTurns,
    spent: { ...spent },
    spentBefore: { tokens, costMicroUsd },
  }
}

/** Parent links from the root. */
function depthOf(state: State, node: TaskNode): number {
  let depth = 1
  let parent = node.task.parent
  while (parent !== undefined && depth < MOST_LINKS) {
    depth += 1
    parent = state.plan?.nodes.get(parent)?.task.parent
  }
  return depth
}

/** More than any limit allows: a plan that was validated has no circle. */
const MOST_LINKS = 64

export function startDelegated(draft: Draft, { taskId, attempt, delegated }: EventOf<'task_started'>): void {
  const { state } = draft
  if (delegated === undefined) return
  const { parent, specialist, tools } = delegated
  const terms = state.planning?.specialists?.[specialist ?? '']
  draft.replace(state.tasks, taskId, {
    ...freshTask(taskId),
    attempt,
    startSeq: state.seq + 1,
    parent,
    depth: (state.tasks.get(parent)?.depth ?? 0) + 1,
    specialist: specialist ?? null,
    tools: tools ?? null,
    cap: terms?.cap ?? {},
    windowTurns: terms?.windowTurns ?? null,
    timeoutMs: state.planning?.taskTimeoutMs ?? null,
    delegated,
  })
  draft.add(state.index.active, taskId)
}
