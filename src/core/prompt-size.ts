/** How many tokens the next request of a task is, estimated; settled later by the provider's usage. */
import { besidesCharacters, CHARACTERS_PER_MESSAGE, entryCharacters, tokensOf } from './memory/history-size.ts'
import { summaryText } from './memory/memory-text.ts'
import { isOfMemory } from './memory/purposes.ts'
import { foldedCharacters } from './memory/request-size.ts'
import { requestText } from './plan/request-text.ts'
import { windowOf } from './prompt.ts'
import type { State, TaskState } from './state.ts'

/** Estimated tokens of the messages that the next request would carry. */
export function promptTokens(state: State, task: TaskState): number {
  if (task.purpose === 'plan') return tokensOf(plannerCharacters(state))
  if (isOfMemory(task.purpose)) return tokensOf(foldedCharacters(state, task))
  let characters = besidesCharacters(state, task)
  const summary = summaryText(task)
  if (summary !== null) characters += CHARACTERS_PER_MESSAGE + summary.length
  for (const entry of windowOf(state, state.seq, task)) characters += entryCharacters(state, task, entry)
  return tokensOf(characters)
}

/** A planner reads the request, and for a replan the plan in force with what came of it; its tools stand in its terms. */
function plannerCharacters(state: State): number {
  const { plan } = state
  const version =
    plan?.request?.cause.type === 'planned' ? undefined : plan?.versions.findLast(({ status }) => status === 'adopted')
  return (
    BRIEF_CHARACTERS + requestText(state).length + (version === undefined ? 0 : JSON.stringify(version.tasks).length)
  )
}

/** The estimate of everything in a planner's prompt that is not the plan itself. */
const BRIEF_CHARACTERS = 2_000
