import { previewOf } from '../core/index.ts'

const MAX_CHARACTERS = 4_000
/**
 * The fewest at which this package cuts a message that has not been cleaned, and then at its end: adapters of models at 500, problems at
 * 4,000. What stands in the middle of a sentence is whole (`quoted` of the border), or was cleaned before it was cut: what a schema
 * says, in `validate`.
 */
export const CUT_MESSAGE_CHARACTERS = 500

/**
 * What was thrown, as text that can stand in a log, whatever it was: well-formed, without NUL, at most 4,000 characters. `clean` is
 * given the whole of it, before it is cut.
 */
export function problemText(problem: unknown, clean: (text: string) => string = (text) => text): string {
  try {
    const text = problem instanceof Error ? problem.message : String(problem)
    return previewOf(clean(text), MAX_CHARACTERS).toWellFormed().replaceAll('\0', '\uFFFD')
  } catch {
    return 'something was thrown that cannot be read'
  }
}

/** `instanceof`, also of what throws when it is looked at: a proxy that was revoked is a problem like any other. */
export function isA<Kind>(problem: unknown, kind: new (...given: never[]) => Kind): problem is Kind {
  try {
    return problem instanceof kind
  } catch {
    return false
  }
}
