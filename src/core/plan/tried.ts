/** The calls of earlier attempts, as whoever tries or plans again is shown them. */
import type { Json } from '../json.ts'
import { never, type Outcome } from '../vocabulary.ts'
import { cutTo, jsonText, moreThan, onOneLine, type Room, shareOf } from './plan-text.ts'

export type TriedCall = {
  readonly callId: string
  readonly tool: string
  readonly input: Json
  /** Null: it never ended. */
  readonly outcome: Outcome | null
}

/** Calls that are shown of one task: the last ones. */
export const TRIED_CALLS = 10
/** Characters of the inputs and outcomes of one task's calls, and of one of them. */
export const TRIED_TEXT: Room = { total: 4_000, mostEach: 600, leastEach: 60 }

/** `c7 open_port {"port":443} → terminal_error: "no free rule"`, one a line. */
export function triedLines(tried: readonly TriedCall[]): readonly string[] {
  const shown = tried.slice(-TRIED_CALLS)
  const inputs = shown.map(({ input }) => jsonText(input))
  const outcomes = shown.map(({ outcome }) => (outcome === null ? 'never ended' : outcomeText(outcome)))
  const share = shareOf(
    [...inputs, ...outcomes].map(({ length }) => length),
    TRIED_TEXT,
  )
  return [
    ...moreThan(shown.length, tried.length, 'earlier calls'),
    ...shown.map(({ callId, tool }, index) => {
      const call = `${callId} ${onOneLine(tool, 64)} ${cutTo(inputs[index] ?? '', share)}`
      return `${call} → ${cutTo(outcomes[index] ?? '', share)}`
    }),
  ]
}

function outcomeText(outcome: Outcome): string {
  switch (outcome.type) {
    case 'ok':
      return `ok: ${jsonText(outcome.output)}`
    case 'retryable_error':
    case 'terminal_error':
      return `${outcome.type}: ${jsonText(outcome.message)}`
    case 'blocked':
      return `blocked: ${jsonText(outcome.reason === outcome.message ? outcome.reason : `${outcome.reason}: ${outcome.message}`)}`
    case 'cancelled':
      return 'cancelled before it ran'
    case 'unknown':
      return `nobody knows whether it took effect: ${jsonText(outcome.message)}`
    default:
      return never(outcome)
  }
}
