/** What a model is shown of a result that a processor has looked at. */
import { artifactId } from '../artifact/artifact.ts'
import type { JsonObject } from '../json.ts'
import type { CallState } from '../state.ts'

/** Null: the result itself. What a person has answered is shown, processed or not. */
export function processedNote({ processed, outcome, terms, artifact }: CallState): JsonObject | null {
  if (processed === null || outcome?.type !== 'ok' || terms === null) return null
  return {
    status: 'ok',
    noted: [...processed.noted],
    ...(processed.problem !== null && { problem: `its result could not be put into memory: ${processed.problem}` }),
    ...(artifact !== null && { artifact: artifactId(artifact) }),
  }
}
