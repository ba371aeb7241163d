/** How long the prompts of memory's own requests are, estimated. */
import { quoteText } from '../mark-external.ts'
import type { State, TaskState } from '../state.ts'
import { isForProcessor } from './for-processor.ts'
import { CHARACTERS_PER_TOKEN } from './history-size.ts'

const MAX_SHOWN_CHARACTERS = 60_000

/** Of a result, or of turns, that a request about them shows: it has to fit where a turn fits. */
export function shownCharacters({ memory }: State): number {
  const half = ((memory?.maxPromptTokens ?? MAX_SHOWN_CHARACTERS) * CHARACTERS_PER_TOKEN) / 2
  return Math.min(MAX_SHOWN_CHARACTERS, Math.floor(half))
}

/** Instructions, the goal, and what quoting adds. */
const FRAME_CHARACTERS = 8_000
/** Key, source and numbers of a fact. */
const FACT_CHARACTERS = 200

/** The most that the next request of memory can be. An agent's own words for its processor stand in its terms. */
export function foldedCharacters(state: State, task: TaskState): number {
  const { facts, questions, plan } = state
  const { purpose } = task
  let characters = FRAME_CHARACTERS + aboutCharacters(state, task)
  for (const { value } of facts.values()) characters += FACT_CHARACTERS + JSON.stringify(value).length
  if (purpose !== 'process') return characters
  for (const { text, answer } of questions.values()) characters += FACT_CHARACTERS + text.length + (answer?.length ?? 0)
  const inForce = plan?.versions.find(({ version }) => version === plan.version)
  return characters + (inForce === undefined ? 0 : JSON.stringify(inForce.tasks).length)
}

/** Of what it is about: a result that stands in the log is no longer than it is there. */
function aboutCharacters(state: State, { purpose, callIds }: TaskState): number {
  const most = shownCharacters(state)
  if (purpose !== 'process') return purpose === 'compress' ? 0 : most
  const [call] = callIds.flatMap((callId) => {
    const each = state.calls.get(callId)
    return each !== undefined && isForProcessor(state, each) ? [each] : []
  })
  if (call === undefined || call.artifact !== null) return most
  const { outcome } = call
  const output = outcome?.type === 'ok' ? outcome.output : null
  const text = typeof output === 'string' ? quoteText(output) : JSON.stringify(output)
  return Math.min(most, text.length)
}
