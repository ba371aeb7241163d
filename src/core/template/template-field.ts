/** The fields of a template: what a value has to be, and how it is read from the command line. */

import { parseJson } from '../border-parse.ts'
import { isStorable } from '../border-text.ts'
import type { Json } from '../json.ts'
import { type FieldType, type FieldValue, type TemplateField, templateLimits } from './template.ts'
import { sayFound, type TemplateProblem } from './template-problem.ts'

export type ReadValue =
  | { readonly type: 'value'; readonly value: FieldValue }
  | { readonly type: 'problem'; readonly problem: TemplateProblem }

/** A value that was filled in. Text for a field of another type (from a command line) is read as that type. */
export function readFieldValue(name: string, field: TemplateField, given: Json): ReadValue {
  const value = typeof given === 'string' ? parsers[field.type](given) : given
  // A text that cannot be read as the type stays text, and is said to be the wrong type.
  return checkFieldValue(field, value, ['fields', name])
}

/** The same for a value that has its type already, such as a default. */
export function checkFieldValue(field: TemplateField, value: Json, path: TemplateProblem['path']): ReadValue {
  const { is, says, measures } = shapes[field.type]
  if (!is(value)) return problem(path, { code: 'wrong_type', expected: says, found: sayFound(value) })
  // `is` has seen that it is what the type holds.
  const typed = value as FieldValue
  const stray = strayOf(field, typed)
  if (stray !== undefined) {
    const expected = `one of ${(field.options ?? []).join(', ')}`
    return problem(path, { code: 'not_an_option', expected, found: sayFound(stray) })
  }
  if (measures === null) return { type: 'value', value: typed }
  const size = measures.size(typed)
  const { min, max } = rangeOf(field)
  if (size >= min && size <= max) return { type: 'value', value: typed }
  const { unit } = measures
  return problem(path, { code: 'out_of_range', expected: sayRange(min, max, unit), found: sized(size, unit) })
}

/** `1 to 8 elements`, `at least 5`. */
export function sayRange(min: number, max: number, unit: string): string {
  if (!Number.isFinite(max)) return `at least ${sized(min, unit)}`
  return Number.isFinite(min) ? `${min} to ${sized(max, unit)}` : `at most ${sized(max, unit)}`
}

function sized(size: number, unit: string): string {
  return unit === '' ? String(size) : `${size} ${size === 1 ? unit : `${unit}s`}`
}

/** What `min` and `max` mean where they are not said. */
export function rangeOf({ type, min, max }: TemplateField): { readonly min: number; readonly max: number } {
  const most = type === 'list' ? templateLimits.maxElements : Number.POSITIVE_INFINITY
  return {
    min: min ?? (type === 'number' ? Number.NEGATIVE_INFINITY : 1),
    max: Math.min(max ?? most, most),
  }
}

/** What `min` and `max` count; null: nothing. */
export function unitOf(type: FieldType): string | null {
  return shapes[type].measures?.unit ?? null
}

type Shape = {
  readonly says: string
  is(value: Json): boolean
  readonly measures: { readonly unit: string; size(value: FieldValue): number } | null
}

const lengthOf = (value: FieldValue): number => (typeof value === 'string' || Array.isArray(value) ? value.length : 0)
const isText = (value: Json): value is string => typeof value === 'string' && isStorable(value)

const shapes: { readonly [T in FieldType]: Shape } = {
  string: { says: 'text', is: isText, measures: { unit: 'character', size: lengthOf } },
  path: {
    says: 'a path: text on one line',
    is: (value) => isText(value) && !/[\n\r]/.test(value),
    measures: { unit: 'character', size: lengthOf },
  },
  number: { says: 'a number', is: Number.isFinite, measures: { unit: '', size: Number } },
  boolean: { says: 'true or false', is: (value) => typeof value === 'boolean', measures: null },
  list: {
    says: 'a list of texts, such as a,b or ["a","b"]',
    is: (value) => Array.isArray(value) && value.every((each) => isText(each) && each !== ''),
    measures: { unit: 'element', size: lengthOf },
  },
}

const same = (text: string): Json => text

const parsers: { readonly [T in FieldType]: (text: string) => Json } = {
  string: same,
  path: same,
  number: parseNumber,
  boolean: (text) => (text === 'true' ? true : text === 'false' ? false : text),
  list: parseList,
}

/** As JSON writes numbers; `10_000` too. */
function parseNumber(text: string): Json {
  const digits = text.replaceAll(/(?<=\d)_(?=\d)/g, '')
  const read = /^-?\d/.test(digits) ? parseJson(digits, templateLimits) : null
  return read?.type === 'ok' && typeof read.value === 'number' ? read.value : text
}

/** A JSON array, or elements between commas. */
function parseList(text: string): Json {
  if (text.trimStart().startsWith('[')) {
    const read = parseJson(text, templateLimits, 'refuse')
    return read.type === 'ok' ? read.value : text
  }
  return text.trim() === '' ? [] : text.split(',').map((element) => element.trim())
}

/** The first part of a value that is no option. */
function strayOf({ options }: TemplateField, value: FieldValue): Json | undefined {
  if (options === undefined) return undefined
  const parts: readonly Json[] = typeof value === 'object' ? value : [value]
  return parts.find((part) => !options.some((option) => option === part))
}

function problem(path: TemplateProblem['path'], what: Pick<TemplateProblem, 'code' | 'expected' | 'found'>): ReadValue {
  return { type: 'problem', problem: { path, ...what, mend: 'Give another value.' } }
}
