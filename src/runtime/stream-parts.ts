/** What a user interface shows of a session, as views of what `watch` yields: one vocabulary for live and for recorded. */
import type { Ending, Json, Outcome, StopReason } from '../core/index.ts'
import type { WatchItem } from './watch.ts'

export type StreamPart =
  /** A turn begins, or begins anew: deltas of earlier attempts of it are superseded. */
  | { readonly type: 'turn_started'; readonly turn: number; readonly attempt: number }
  | {
      readonly type: 'text_delta' | 'reasoning_delta'
      readonly turn: number
      readonly attempt: number
      readonly text: string
    }
  /** The text of the turn is whole. */
  | { readonly type: 'text'; readonly turn: number; readonly text: string }
  | {
      readonly type: 'tool_call'
      readonly turn: number
      readonly callId: string
      readonly tool: string
      readonly input: Json
    }
  | { readonly type: 'tool_result'; readonly callId: string; readonly outcome: Outcome }
  | {
      readonly type: 'approval_requested'
      readonly approvalId: string
      readonly callId: string
      readonly reason: string
    }
  | { readonly type: 'approval_resolved'; readonly approvalId: string; readonly resolution: string }
  | { readonly type: 'parked'; readonly reason: string }
  | { readonly type: 'done'; readonly reason: StopReason; readonly ending: Ending }

/** The parts of a watched session, each with the sequence number after which a reader that stops here goes on. */
export async function* streamParts(
  watching: AsyncIterable<WatchItem>,
): AsyncGenerator<StreamPart & { readonly resumeAfter: number }> {
  let resumeAfter = 0
  let response: readonly Part[] = []
  for await (const item of watching) {
    if (item.type === 'event') {
      resumeAfter = item.seq
      if (item.event.type === 'model_responded') response = item.event.response.parts
    }
    for (const part of partsOf(item, response)) yield { ...part, resumeAfter }
  }
}

type Part = Extract<
  Extract<WatchItem, { type: 'event' }>['event'],
  { type: 'model_responded' }
>['response']['parts'][number]

function partsOf(item: WatchItem, response: readonly Part[]): readonly StreamPart[] {
  if (item.type === 'delta') {
    const { type, turn, attempt, text } = item.delta
    return type === 'call_delta' ? [] : [{ type, turn, attempt, text }]
  }
  if (item.type !== 'event') return []
  const { event } = item
  switch (event.type) {
    case 'model_started':
      return [{ type: 'turn_started', turn: event.turn, attempt: event.attempt }]
    case 'decision_recorded':
      return decided(event, response)
    case 'call_finished':
      return event.retryAt === undefined ? [{ type: 'tool_result', callId: event.callId, outcome: event.outcome }] : []
    case 'approval_requested':
      return [{ type: 'approval_requested', approvalId: event.approvalId, callId: event.callId, reason: event.reason }]
    case 'approval_resolved':
      return [{ type: 'approval_resolved', approvalId: event.approvalId, resolution: event.resolution }]
    case 'session_parked':
      return [{ type: 'parked', reason: event.reason }]
    case 'session_ended':
      return [{ type: 'done', reason: event.reason, ending: event.ending }]
    default:
      return []
  }
}

/** The text of a turn, then its calls under our ids. */
function decided(
  { turn, callIds }: { readonly turn: number; readonly callIds: readonly string[] },
  response: readonly Part[],
): readonly StreamPart[] {
  const text = response.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('')
  const proposed = response.filter((part) => part.type === 'call' || part.type === 'invalid_call')
  const calls = callIds.flatMap((callId, index): StreamPart[] => {
    const part = proposed[index]
    if (part?.type !== 'call' && part?.type !== 'invalid_call') return []
    return [
      { type: 'tool_call', turn, callId, tool: part.tool, input: part.type === 'call' ? part.input : part.inputText },
    ]
  })
  return text === '' ? calls : [{ type: 'text', turn, text }, ...calls]
}
