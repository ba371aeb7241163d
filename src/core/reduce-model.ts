import type { AssistantPart } from './message.ts'
import { settleAtReservation } from './reduce-session.ts'
import type { Reducers } from './reducers.ts'
import type { CallState, TranscriptEntry } from './state.ts'

export const modelReducers: Reducers<
  'model_started' | 'model_responded' | 'model_failed' | 'model_lost' | 'decision_recorded'
> = {
  model_started(draft, event, at) {
    const { state } = draft
    const task = state.tasks.get(event.taskId)
    if (task === undefined) return
    const { attempt, fence, contextSeq, definitionHash, reserved } = event
    if (event.turn > task.turn) {
      draft.set(task, 'turn', event.turn)
      draft.set(state.sinceMessage, 'turns', state.sinceMessage.turns + 1)
    }
    draft.set(task, 'phase', 'deciding')
    draft.set(task, 'attempts', attempt)
    draft.set(task, 'retryAt', null)
    draft.set(task, 'model', { attempt, fence, contextSeq, startedAt: at, definitionHash, reserved })
    draft.count(state.ledger, 'reservedTokens', reserved.tokens)
    draft.count(state.ledger, 'reservedCostMicroUsd', reserved.costMicroUsd)
  },
  model_responded(draft, event) {
    const { state } = draft
    const task = state.tasks.get(event.taskId)
    if (task === undefined) return
    const { usage, parts } = event.response
    if (usage === null) settleAtReservation(draft, task)
    else {
      const reserved = task.model?.reserved
      draft.count(state.ledger, 'inputTokens', usage.inputTokens)
      draft.count(state.ledger, 'outputTokens', usage.outputTokens)
      draft.count(state.ledger, 'tokens', usage.inputTokens + usage.outputTokens)
      draft.count(state.ledger, 'costMicroUsd', event.costMicroUsd)
      draft.count(state.ledger, 'reservedTokens', -(reserved?.tokens ?? 0))
      draft.count(state.ledger, 'reservedCostMicroUsd', -(reserved?.costMicroUsd ?? 0))
    }
    draft.push(state.transcript, {
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
  model_failed(draft, event) {
    const task = draft.state.tasks.get(event.taskId)
    if (task === undefined) return
    settleAtReservation(draft, task)
    draft.set(task, 'phase', 'decide')
    draft.set(task, 'failures', task.failures + 1)
    draft.set(task, 'retryAt', event.retryAt)
    draft.set(task, 'lastError', event.error)
  },
  model_lost(draft, event) {
    const task = draft.state.tasks.get(event.taskId)
    if (task === undefined) return
    settleAtReservation(draft, task)
    draft.set(task, 'phase', 'decide')
  },
  decision_recorded(draft, event) {
    const { state } = draft
    const task = state.tasks.get(event.taskId)
    const entry = state.transcript.at(-1)
    if (task === undefined || entry === undefined || entry.type !== 'assistant') return
    draft.set(entry, 'callIds', event.callIds)
    draft.set(task, 'failures', 0)
    draft.set(task, 'attempts', 0)
    draft.set(task, 'callIds', [...event.callIds])
    draft.set(task, 'open', [...event.callIds])
    for (const call of proposedCalls(entry, event.callIds, state.limits.maxCallsPerTurn))
      draft.put(state.calls, call.callId, call)
    const unseen = state.sinceMessage.seq > (task.model?.contextSeq ?? 0)
    draft.set(task, 'phase', event.decision === 'calls' ? 'calls' : unseen ? 'decide' : 'answered')
  },
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
    const call = proposed(entry, part, callId)
    call.providerCallId =
      providerCallId === '' || seen.has(providerCallId) ? `${providerCallId}~${callId}` : providerCallId
    seen.add(providerCallId)
    if (index >= maxCallsPerTurn) call.problem = `not run: limit of ${maxCallsPerTurn} calls a turn`
    return [call]
  })
}

function proposed(entry: Assistant, part: CallPart, callId: string): CallState {
  return {
    callId,
    taskId: entry.taskId,
    turn: entry.turn,
    tool: part.tool,
    providerCallId: part.providerCallId,
    input: part.type === 'call' ? part.input : null,
    problem: part.type === 'call' ? null : `the input could not be read: ${part.problem}`,
    status: 'proposed',
    effect: null,
    terms: null,
    policyReason: null,
    judgements: 0,
    judgedFence: 0,
    judgedEpoch: 0,
    attempt: 0,
    fence: 0,
    startedAt: 0,
    leaseMs: 0,
    retries: 0,
    retryAt: null,
    outcome: null,
    tookEffect: true,
    presented: undefined,
    summary: undefined,
    ending: null,
    settled: null,
    lateOutcome: null,
    approvalId: null,
    approvedHash: null,
    editedBy: null,
    runAgainBy: null,
    characters: 0,
  }
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
