/** What is shown of each field of each event. */
import { type AssistantPart, type EventKind, type EventOf, isOfMemory } from '../core/index.ts'
import type { Place } from './mask-place.ts'
import { maskedAnswer } from './mask-plan.ts'
import { type FieldRules, type Mask, told } from './mask-rule.ts'
import { memoryRules } from './mask-rules-memory.ts'
import { planRules } from './mask-rules-plan.ts'

export const fieldRules: FieldRules<EventKind> = {
  session_started: {
    agent: 'shown',
    definitionHash: 'shown',
    budget: 'shown',
    limits: 'shown',
    closing: 'shown',
    requester: 'shown',
    context: 'shown',
    planning: 'shown',
    memory: 'shown',
    fork: 'shown',
    commandId: 'shown',
  },
  message_received: { text: 'shown', trust: 'shown', origin: 'shown', commandId: 'shown' },
  session_parked: { reason: 'shown', taskId: 'shown', message: 'shown' },
  session_ended: { reason: 'shown', ending: 'shown', unresolved: 'shown', closing: 'shown', partial: 'shown' },

  model_started: {
    purpose: 'shown',
    taskId: 'shown',
    turn: 'shown',
    attempt: 'shown',
    fence: 'shown',
    contextSeq: 'shown',
    definitionHash: 'shown',
    model: 'shown',
    reserved: 'shown',
    about: (about, { mask }) => (about.type === 'compress' ? { ...about, keys: mask.told(about.keys) } : about),
  },
  model_responded: {
    taskId: 'shown',
    turn: 'shown',
    attempt: 'shown',
    response: (response, { event, place, mask }) => ({
      ...response,
      parts: partsShown(event, place, mask).map((part) => partShown(part, mask)),
    }),
    costMicroUsd: 'shown',
    latencyMs: 'shown',
    promptHash: 'shown',
  },
  model_failed: {
    taskId: 'shown',
    turn: 'shown',
    attempt: 'shown',
    error: 'shown',
    retryAt: 'shown',
    latencyMs: 'shown',
  },
  model_lost: { taskId: 'shown', turn: 'shown', attempt: 'shown' },
  decision_recorded: { taskId: 'shown', turn: 'shown', decision: 'shown', callIds: 'shown' },

  call_judged: {
    callId: 'shown',
    judgement: (judgement, { event, place, mask }) =>
      judgement.type !== 'verdict' || judgement.input === undefined
        ? judgement
        : { ...judgement, input: mask.inputOf(place.ofCall(event.callId), judgement.input) },
    fence: 'shown',
    writeEpoch: 'shown',
    raised: 'shown',
  },
  call_started: { callId: 'shown', attempt: 'shown', fence: 'shown', leaseMs: 'shown', by: 'shown' },
  call_finished: {
    callId: 'shown',
    attempt: 'shown',
    outcome: 'shown',
    presented: 'shown',
    summary: 'shown',
    ending: 'shown',
    verified: 'shown',
    tookEffect: 'shown',
    retryAt: 'shown',
    artifact: 'shown',
    outputTruncated: 'shown',
    latencyMs: 'shown',
    trust: 'shown',
  },
  call_lost: { callId: 'shown', attempt: 'shown' },
  call_settled: {
    callId: 'shown',
    attempt: 'shown',
    settlement: 'shown',
    output: 'shown',
    artifact: 'shown',
    presented: 'shown',
    summary: 'shown',
    ending: 'shown',
    by: 'shown',
    reason: 'shown',
    commandId: 'shown',
  },
  late_outcome_noted: { callId: 'shown', attempt: 'shown', outcome: 'shown', trust: 'shown', commandId: 'shown' },

  approval_requested: {
    approvalId: 'shown',
    callId: 'shown',
    kind: 'shown',
    reason: 'shown',
    message: 'shown',
    hash: 'shown',
    quorum: 'shown',
    notRequester: 'shown',
    expiresAt: 'shown',
    ask: 'shown',
    question: 'shown',
    subject: 'shown',
  },
  approval_voted: { approvalId: 'shown', by: 'shown', hash: 'shown', commandId: 'shown' },
  approval_resolved: {
    approvalId: 'shown',
    resolution: 'shown',
    by: 'shown',
    reason: 'shown',
    input: (input, { event, place, mask }) => mask.inputOf(place.ofApproval(event.approvalId), input),
    answer: 'shown',
    commandId: 'shown',
  },

  task_failed: { taskId: 'shown', failure: 'shown', message: 'shown', attempt: 'shown' },
  budget_extended: {
    by: 'shown',
    tokens: 'shown',
    costMicroUsd: 'shown',
    calls: 'shown',
    events: 'shown',
    commandId: 'shown',
  },
  cancel_requested: { by: 'shown', reason: 'shown', commandId: 'shown' },

  ...planRules,
  ...memoryRules,
}

/** Who began to read between a request and its answer cannot know what was asked for: what holds an object may be a plan, or of memory. */
export function mayBePlan({ taskId, response }: EventOf<'model_responded'>, place: Place): boolean {
  const purpose = place.purposeOf(taskId)
  if (purpose !== null) return purpose === 'plan'
  return response.parts.some((part) => part.type === 'text' && part.text.includes('{'))
}

export function mayBeOfMemory(event: EventOf<'model_responded'>, place: Place): boolean {
  const purpose = place.purposeOf(event.taskId)
  return purpose === null ? mayBePlan(event, place) : isOfMemory(purpose)
}

function partsShown(event: EventOf<'model_responded'>, place: Place, mask: Mask): readonly AssistantPart[] {
  const { parts } = event.response
  const planned = mayBePlan(event, place) ? maskedAnswer(parts, mask.input, mask.shapes) : parts
  if (!mayBeOfMemory(event, place)) return planned
  return planned.map((part) => ('text' in part ? { ...part, text: told(part.text, { mask }) } : part))
}

function partShown(part: AssistantPart, mask: Mask): AssistantPart {
  if (part.type === 'call') return { ...part, input: mask.input(part.tool, part.input) }
  return part.type === 'invalid_call' ? { ...part, inputText: mask.text(part.tool, part.inputText) } : part
}
