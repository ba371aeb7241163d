import type { Draft } from './draft.ts'
import type { AssistantPart, Usage } from './message.ts'
import { proposedCall } from './proposed-call.ts'
import type { Reducers } from './reducers.ts'
import { reserveFor, settleAtReservation, settleAtUsage } from './settle-usage.ts'
import { type CallState, entriesOf, ROOT_TASK, type TaskState, type TranscriptEntry } from './state.ts'
import { beginWork, endWork, loseWork } from './under-way.ts'

export const modelReducers: Reducers<
  'model_started' | 'model_responded' | 'model_failed' | 'model_lost' | 'decision_recorded'
> = {
  model_started(draft, event, at) {
    const { state } = draft
    const task = state.tasks.get(event.taskId)
    if (task === undefined) return
    const { attempt, fence, contextSeq, definitionHash, reserved, about = null } = event
    if (event.turn > task.turn) {
      const { purposeTurns } = task
      draft.set(task, 'turn', event.turn)
      draft.set(task, 'failures', 0)
      draft.set(task, 'purposeTurns', { ...purposeTurns, [event.purpose]: purposeTurns[event.purpose] + 1 })
      // What a plan or a route costs is limited by their attempts; a task of a plan has turns of its own.
      const isRoots = event.taskId === ROOT_TASK && event.purpose === 'decide'
      if (isRoots) draft.set(state.sinceMessage, 'turns', state.sinceMessage.turns + 1)
    }
    draft.set(task, 'phase', 'deciding')
    draft.set(task, 'purpose', event.purpose)
    beginWork(draft, task, at)
    draft.set(task, 'attempts', attempt)
    draft.set(task, 'retryAt', null)
    draft.set(task, 'model', { attempt, fence, contextSeq, startedAt: at, definitionHash, reserved, about })
    reserveFor(draft, task, reserved)
  },
  model_responded(draft, event, at) {
    const { state } = draft
    const task = state.tasks.get(event.taskId)
    if (task === undefined) return
    const { usage, parts } = event.response
    endWork(draft, task, at)
    if (task.purpose === 'decide') noteCounted(draft, task, usage)
    if (usage === null) settleAtReservation(draft, task)
    else settleAtUsage(draft, task, { usage, costMicroUsd: event.costMicroUsd })
    // What is said to another purpose is read as a plan, a route, a patch or a summary, and is no turn of the conversation.
    if (task.purpose !== 'decide') return
    draft.push(entriesOf(state, task), {
      type: 'assistant',
      seq: state.seq + 1,
      taskId: event.taskId,
      turn: event.turn,
      contextSeq: task.model?.contextSeq ?? 0,
      parts,
      callIds: [],
      characters: charactersOf(parts),
    })
  },
  model_failed(draft, event, at) {
    const task = draft.state.tasks.get(event.taskId)
    if (task === undefined) return
    endWork(draft, task, at)
    settleAtReservation(draft, task)
    draft.set(task, 'phase', 'decide')
    draft.set(task, 'failures', task.failures + 1)
    draft.set(task, 'retryAt', event.retryAt)
    draft.set(task, 'lastError', event.error)
  },
  model_lost(draft, event) {
    const task = draft.state.tasks.get(event.taskId)
    if (task === undefined) return
    loseWork(draft, task)
    settleAtReservation(draft, task)
    draft.set(task, 'phase', 'decide')
  },
  decision_recorded(draft, event) {
    const { state } = draft
    const task = state.tasks.get(event.taskId)
    const entry = task === undefined ? undefined : entriesOf(state, task).at(-1)
    if (task === undefined || entry === undefined || entry.type !== 'assistant') return
    draft.set(entry, 'callIds', event.callIds)
    draft.set(task, 'failures', 0)
    draft.set(task, 'attempts', 0)
    draft.set(task, 'callIds', [...event.callIds])
    draft.set(task, 'open', [...event.callIds])
    for (const call of proposedCalls(entry, event.callIds, state.limits.maxCallsPerTurn))
      draft.put(state.calls, call.callId, call)
    // Only the root speaks with people.
    const unseen = task.taskId === ROOT_TASK && state.sinceMessage.seq > (task.model?.contextSeq ?? 0)
    draft.set(task, 'phase', event.decision === 'calls' ? 'calls' : unseen ? 'decide' : 'answered')
  },
}

/** What the provider has counted tells how far the estimate of the next prompt is off. */
function noteCounted(draft: Draft, task: TaskState, usage: Usage | null): void {
  if (usage === null || task.model === null || usage.inputTokens <= 0) return
  const { tokens, maxOutputTokens } = task.model.reserved
  draft.set(task, 'counted', { estimated: tokens - maxOutputTokens, tokens: usage.inputTokens })
}

type Assistant = Extract<TranscriptEntry, { type: 'assistant' }>
type CallPart = Extract<AssistantPart, { type: 'call' | 'invalid_call' }>

export function callParts(parts: readonly AssistantPart[]): readonly CallPart[] {
  return parts.filter((part): part is CallPart => part.type === 'call' || part.type === 'invalid_call')
}

function proposedCalls(entry: Assistant, callIds: readonly string[], maxCallsPerTurn: number): CallState[] {
  const parts = callParts(entry.parts)
  const seen = new Set<string>()
  return callIds.flatMap((callId, index) => {
    const part = parts[index]
    if (part === undefined) return []
    const { providerCallId } = part
    const { taskId, turn } = entry
    const call = proposedCall({ taskId, turn, callId, tool: part.tool, providerCallId })
    if (part.type === 'call') call.input = part.input
    else call.problem = `the input could not be read: ${part.problem}`
    call.providerCallId =
      providerCallId === '' || seen.has(providerCallId) ? `${providerCallId}~${callId}` : providerCallId
    seen.add(providerCallId)
    if (index >= maxCallsPerTurn) call.problem = `not run: limit of ${maxCallsPerTurn} calls a turn`
    return [call]
  })
}

function charactersOf(parts: readonly AssistantPart[]): number {
  let characters = 0
  for (const part of parts) {
    if (part.type === 'text' || part.type === 'reasoning') characters += part.text.length
    else if (part.type === 'call') characters += part.tool.length + JSON.stringify(part.input).length
    else if (part.type === 'invalid_call') characters += part.tool.length + part.inputText.length
  }
  return characters
}
