/** What a model is shown of a result that a processor has looked at. */
import { artifactId } from '../artifact/artifact.ts'
import type { JsonObject } from '../json.ts'
import type { CallState, State } from '../state.ts'
import { isForProcessor } from './for-processor.ts'
import type { IgnoredPart } from './memory-events.ts'

/** Null: the result itself. What a person has answered is shown, processed or not. What its processor could not look at is not shown either. */
export function processedNote(state: State, call: CallState): JsonObject | null {
  const { processed, outcome, terms, artifact } = call
  if (outcome?.type !== 'ok' || terms === null) return null
  if (processed === null && !isForProcessor(state, call)) return null
  const { noted, ignored, problem } = processed ?? UNSEEN
  return {
    status: 'ok',
    noted: [...noted],
    ...(ignored.length > 0 && { ignored: ignoredTexts(ignored) }),
    ...(problem !== null && { problem: `its result could not be put into memory: ${problem}` }),
    ...(artifact !== null && { artifact: artifactId(artifact) }),
  }
}

const UNSEEN = { noted: [], ignored: [], problem: 'the work ended before' } as const

/** What was not done of a patch, as sentences; the rest is counted. */
const SHOWN_IGNORED = 10

function ignoredTexts(ignored: readonly IgnoredPart[]): readonly string[] {
  const shown = ignored.slice(0, SHOWN_IGNORED).map(({ message }) => message)
  const more = ignored.length - shown.length
  return more > 0 ? [...shown, `And ${more} more.`] : shown
}
