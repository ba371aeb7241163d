/** How long the prompts of memory's own requests are, estimated. */
import type { State, TaskState } from '../state.ts'

/** Of a result, or of turns, that a request about them shows. */
export const MAX_SHOWN_CHARACTERS = 60_000
/** Instructions, the goal, and what quoting adds. */
const FRAME_CHARACTERS = 8_000
/** Key, source and numbers of a fact. */
const FACT_CHARACTERS = 200

/** The most that the next request of memory can be. An agent's own words for its processor stand in its terms. */
export function foldedCharacters(state: State, { purpose }: TaskState): number {
  const { facts, questions, plan } = state
  let characters = FRAME_CHARACTERS + (purpose === 'compress' ? 0 : MAX_SHOWN_CHARACTERS)
  for (const { value } of facts.values()) characters += FACT_CHARACTERS + JSON.stringify(value).length
  if (purpose !== 'process') return characters
  for (const { text, answer } of questions.values()) characters += FACT_CHARACTERS + text.length + (answer?.length ?? 0)
  const inForce = plan?.versions.find(({ version }) => version === plan.version)
  return characters + (inForce === undefined ? 0 : JSON.stringify(inForce.tasks).length)
}
