/** Rules for the fields of a plan. Each says what it expected, or null where the value is that. */
import { previewOf } from '../border-text.ts'
import type { Json } from '../json.ts'
import { isJsonObject } from './same-json.ts'

export type Field = {
  readonly isRequired?: true
  /** What was expected; null: the value is that. */
  readonly problem: (value: Json) => string | null
}

export const text = (value: Json): string | null =>
  typeof value === 'string' && value.length > 0 ? null : 'a text that is not empty'

export const textOrNothing = (value: Json): string | null => (typeof value === 'string' ? null : 'a text')

export const listOfTexts = (value: Json): string | null =>
  Array.isArray(value) && value.every((item) => typeof item === 'string') ? null : 'a list of texts'

export const flag = (value: Json): string | null => (typeof value === 'boolean' ? null : 'true or false')

export const anything = (): null => null

export function wholeNumber(least: number): (value: Json) => string | null {
  const expected = `a whole number from ${least} up`
  return (value) => (typeof value === 'number' && Number.isSafeInteger(value) && value >= least ? null : expected)
}

export function oneOf(...words: readonly string[]): (value: Json) => string | null {
  const expected = words.map((word) => JSON.stringify(word)).join(' or ')
  return (value) => (typeof value === 'string' && words.includes(value) ? null : expected)
}

/** A sentence without an end, made where it is told: an object may have a million fields that nobody knows. */
export type Said = () => string

/** All that is wrong with an object of these fields and no others. */
export function objectOf(
  fields: Readonly<Record<string, Field>>,
  hint: (key: string) => string = () => '',
): (value: Json, path: string) => readonly Said[] {
  const required = Object.keys(fields).filter((key) => fields[key]?.isRequired)
  return (value, path) => {
    if (!isJsonObject(value)) return [() => `${path}: expected an object, found ${found(value)}`]
    const missing = required.filter((key) => !Object.hasOwn(value, key))
    const wrong = Object.entries(value).flatMap(([key, part]): Said | [] => {
      const field = Object.hasOwn(fields, key) ? fields[key] : undefined
      if (field === undefined) return () => `${path}: ${found(key)} is not a known field.${hint(key)} Leave it out`
      const expected = field.problem(part)
      return expected === null ? [] : () => `${path}.${key}: expected ${expected}, found ${found(part)}`
    })
    return [
      ...missing.map(
        (key): Said =>
          () =>
            `${path}: "${key}" is missing`,
      ),
      ...wrong,
    ]
  }
}

/** The same for a field: what is wrong first. */
export function nested(fields: Readonly<Record<string, Field>>): (value: Json) => string | null {
  const check = objectOf(fields)
  const names = Object.keys(fields).map((key) => (fields[key]?.isRequired ? key : `${key}?`))
  const expected = `an object { ${names.join(', ')} }`
  return (value) => {
    const [first] = check(value, '')
    return first === undefined
      ? null
      : `${expected} (${first()
          .replace(/^[.:\s]+/, '')
          .replace(/ Leave it out$/, '')})`
  }
}

const MAX_FOUND_CHARACTERS = 60

export function found(value: Json): string {
  const written = JSON.stringify(value)
  return written.length <= MAX_FOUND_CHARACTERS ? written : `${previewOf(written, MAX_FOUND_CHARACTERS)}…`
}
