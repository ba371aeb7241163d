/** A schema of the user's, asked: whatever it does, its answer is one of two things, or it throws. */
import { type Json, previewOf, storable } from '../core/index.ts'
import type { Schema } from '../ports/index.ts'
import { isThenable } from './policy-check.ts'

export type Validated =
  | { readonly type: 'valid'; readonly value: unknown }
  /** `message`: what it breaks, and where; whoever asks says what it is that does not fit. */
  | { readonly type: 'invalid'; readonly message: string }

/** What may be told of a value. */
export type Telling = {
  /** The value without what has to be hidden; the same where there is nothing. */
  readonly shown: Json
  readonly text: (text: string) => string
}

/**
 * Answers at once where the schema does. Throws, or rejects, where it fails or answers with what is no result.
 *
 * A schema may quote what it was given, and cut the quote, so that a part of a hidden value stands in the middle of a sentence, where
 * nobody could find it any more. So a value that does not fit is validated again as it may be told, and only what the schema says of
 * that too is told; of the rest, the place.
 */
export function validate(schema: Schema, value: Json, telling: () => Telling): Validated | Promise<Validated> {
  return after(ask(schema, value), (asked) => {
    if (asked.type === 'valid') return asked
    const { shown, text } = telling()
    const said = (issue: Issue) => text(sentenceOf(issue))
    const issues = asked.issues.slice(0, MAX_ISSUES)
    if (shown === value) return invalid(issues.map(said))
    return after(ask(schema, shown), (again) => {
      const tellable = new Set(again.type === 'valid' ? [] : again.issues.slice(0, MAX_COMPARED).map(said))
      const untold = (issue: Issue) => said({ ...issue, message: UNTOLD })
      return invalid(issues.map((issue) => (tellable.has(said(issue)) ? said(issue) : untold(issue))))
    })
  })
}

const MAX_ISSUES = 8
/** What hides may break other rules than what was hidden, and those come first. */
const MAX_COMPARED = 100
export const UNTOLD = 'does not fit; what the schema says of it is not told, since it holds what is redacted'

type Asked = Extract<Validated, { type: 'valid' }> | { readonly type: 'issues'; readonly issues: readonly Issue[] }
type Issue = { readonly place: string; readonly message: string }
type SchemaResult = Awaited<ReturnType<Schema['~standard']['validate']>>

function ask(schema: Schema, value: unknown): Asked | Promise<Asked> {
  return after(schema['~standard'].validate(value), asAsked)
}

function after<From, To>(given: From | PromiseLike<From>, go: (from: From) => To | Promise<To>): To | Promise<To> {
  // What is no promise is what it promises.
  return isThenable(given) ? Promise.resolve(given as PromiseLike<From>).then(go) : go(given as From)
}

function asAsked(result: SchemaResult): Asked {
  if (result.issues === undefined) {
    if (!('value' in result)) throw new TypeError('its schema answered with neither a value nor issues')
    return { type: 'valid', value: result.value }
  }
  const issues = result.issues.map(({ message, path }) => {
    const place = (path ?? []).map((part) => String(typeof part === 'object' ? part.key : part)).join('.')
    return { place, message: String(message) }
  })
  return { type: 'issues', issues }
}

function sentenceOf({ place, message }: Issue): string {
  return place === '' ? message : `${place}: ${message}`
}

const MAX_ISSUE_CHARACTERS = 1_000

/** A schema may quote all that it was given, or half of a character. What is cut here is clean already. */
function invalid(sentences: readonly string[]): Validated {
  return { type: 'invalid', message: sentences.map(issueText).join('; ') }
}

export function issueText(text: string): string {
  return storable(previewOf(text, MAX_ISSUE_CHARACTERS))
}
