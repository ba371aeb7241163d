/** What is wrong with a template, or with what was filled in, and how it is said. */
import type { Json } from '../json.ts'
import { didYouMean } from '../plan/near-names.ts'

/** Something wrong with a template, or with what was filled in. */
export type TemplateProblem = {
  readonly code: TemplateProblemCode
  /** Keys and indexes from the root of the template; of a value its field, as `fields`, name. */
  readonly path: readonly (string | number)[]
  readonly expected: string
  readonly found: string
  /** What to do. */
  readonly mend: string
}

export type TemplateProblemCode =
  | 'malformed'
  | 'unknown_placeholder'
  | 'misplaced_placeholder'
  | 'unused_field'
  | 'unknown_field'
  | 'missing_field'
  | 'wrong_type'
  | 'not_an_option'
  | 'out_of_range'
  | 'too_large'
  | 'invalid_repeat'
  | 'invalid_plan'

/** One sentence: where, what was expected, what was found, what to do. */
export function sayTemplateProblem({ path, expected, found, mend }: TemplateProblem): string {
  const where = path.length === 0 ? '' : `${sayPath(path)}: `
  return `${where}expected ${expected}; found ${found}. ${mend}`
}

/** `plan.tasks[2].input`. */
export function sayPath(path: readonly (string | number)[]): string {
  return path.map((step, index) => (typeof step === 'number' ? `[${step}]` : index === 0 ? step : `.${step}`)).join('')
}

/** A value from outside in a sentence: as JSON, and never longer than the sentence around it. */
export function sayFound(value: Json | undefined): string {
  if (value === undefined) return 'nothing'
  const text = JSON.stringify(value)
  return text.length <= MAX_FOUND ? text : `${[...text.slice(0, MAX_FOUND)].slice(0, -1).join('')}…`
}

/** A member that does not exist, most likely one mistyped. */
export function strangeMember(path: TemplateProblem['path'], known: readonly string[]): TemplateProblem {
  const name = String(path.at(-1))
  return {
    code: 'malformed',
    path,
    expected: `only ${known.join(', ')}`,
    found: JSON.stringify(name),
    mend: `Remove it, or rename it.${didYouMean(name, known)}`,
  }
}

type Malformed = (expected: string, found: Json | undefined, mend: string) => TemplateProblem

export function malformedBy(path: TemplateProblem['path']): Malformed {
  return (expected, found, mend) => ({ code: 'malformed', path, expected, found: sayFound(found), mend })
}

const MAX_FOUND = 80
