/** What keeps a task of a plan, now: whom it waits for, or when it is tried again. */
import type { CallState, State, TaskNode, TaskState } from '../../core/index.ts'
import { oneLine } from './text.ts'
import { relative } from './units.ts'

/** By task; one that is simply at work has none. */
export function doingOf(state: State, now: number): ReadonlyMap<string, string> {
  const { plan } = state
  if (plan === null) return new Map()
  const nodes = [...plan.running, ...plan.retrying, ...plan.failed].flatMap((id) => plan.nodes.get(id) ?? [])
  return new Map(
    nodes.flatMap((node): [string, string][] => {
      const text = textOf(state, node, now)
      return text === '' ? [] : [[node.task.id, text]]
    }),
  )
}

function textOf(state: State, node: TaskNode, now: number): string {
  const { approvalId, retryAt, attempt, failure, status } = node
  if (approvalId !== null && state.index.openApprovals.has(approvalId)) return `a person decides: ${approvalId}`
  if (status === 'failed') return ''
  if (retryAt !== null) {
    const times = attempt === 1 ? 'an attempt' : `${attempt} attempts`
    return `again ${relative(retryAt, now)}, after ${times}${failure === null ? '' : `: ${failure.failure}`}`
  }
  const task = state.tasks.get(node.task.id)
  return task === undefined ? '' : waitOf(state, task, now)
}

function waitOf(state: State, task: TaskState, now: number): string {
  const { phase, retryAt, lastError } = task
  if (phase === 'decide' && retryAt !== null)
    return `the model is asked again ${relative(retryAt, now)}: ${oneLine(lastError?.code ?? 'it failed')}`
  const calls = [...task.open, ...task.callIds].flatMap((callId) => state.calls.get(callId) ?? [])
  const held = calls.find(({ status }) => status === 'held')
  if (held !== undefined) return `${oneLine(held.tool)} waits for a person: ${held.approvalId ?? held.callId}`
  const unknown = calls.find(({ callId }) => state.index.unknown.has(callId))
  if (unknown !== undefined) return `nobody knows the outcome of ${named(unknown)}`
  const later = calls.find((call) => call.status === 'allowed' && call.retryAt !== null)
  return later?.retryAt == null ? '' : `${oneLine(later.tool)} runs again ${relative(later.retryAt, now)}`
}

function named({ tool, callId }: CallState): string {
  return `${oneLine(tool)} (${callId})`
}
