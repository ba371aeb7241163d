/** What a model reads of a call. */
import { artifactId } from './artifact/artifact.ts'
import { trustOf } from './exposure.ts'
import type { Json } from './json.ts'
import { markResult } from './mark-external.ts'
import { processedNote } from './memory/processed-note.ts'
import type { CallState, State } from './state.ts'
import { never, type Outcome } from './vocabulary.ts'

/** Uncut. */
export function shownResult(state: State, call: CallState): Json {
  const { outcome } = call
  if (outcome === null) return { status: 'pending' }
  const note = processedNote(state, call)
  if (note !== null) return note
  const isMarked = trustOf(call) === 'external' && call.startedAt > 0
  if (outcome.type !== 'ok') return isMarked ? markResult(observationOf(outcome)) : observationOf(outcome)
  const answered = shownOutput(call, outcome.output)
  const output = isMarked ? markResult(answered) : answered
  if (call.editedBy === null) return output
  return { note: `A person changed the input before it ran. What ran: ${JSON.stringify(call.input)}`, output }
}

/** What the tool presents, and where the rest is; else the output, which is a preview where it is large. */
function shownOutput({ presented, artifact }: CallState, output: Json): Json {
  if (presented === undefined) return output
  if (artifact === null) return presented
  return { artifact: artifactId(artifact), bytes: artifact.bytes, shown: presented }
}

/** How an outcome that is not `ok` reads to a model. */
function observationOf(outcome: Exclude<Outcome, { type: 'ok' }>): Json {
  switch (outcome.type) {
    case 'retryable_error':
      return { error: outcome.message, mayRetry: true }
    case 'terminal_error':
      return { error: outcome.message, mayRetry: false }
    case 'blocked':
      return { blocked: outcome.reason, message: outcome.message }
    case 'cancelled':
      return { error: 'cancelled before it ran', mayRetry: false }
    case 'unknown':
      return { error: `nobody knows whether it took effect: ${outcome.message}`, mayRetry: false }
    default:
      return never(outcome)
  }
}
