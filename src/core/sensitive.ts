/**
 * Fields marked sensitive. A mark stands in the schema (`x-sensitive: true` in JSON Schema, `.meta({ sensitive: true })` in zod) or
 * in a tool's list of JSON Pointers (RFC 6901), in which the step `*` means every member or item.
 *
 * In what a tool puts out such a field is redacted before it is stored: nobody reads it afterwards, the model neither. In an input
 * it is kept, since what is judged, approved and hashed has to be what runs; every view shows it masked.
 */
import type { Json, JsonObject } from './json.ts'
import { type References, referencesWithin, stepsOf } from './sensitive-refs.ts'

/** Stands where a sensitive field stood. */
export const SENSITIVE_MARK = '[redacted:sensitive]'

/** What is sensitive in a value: the places, and the schemas that speak of it. */
export type SensitiveShape = {
  readonly references: References
  /** Schemas that hold for this value. */
  readonly schemas: readonly JsonObject[]
  /** Steps that are left of pointers that lead through it. */
  readonly paths: readonly (readonly string[])[]
}

/** Null where nothing is marked: then there is nothing to look through. */
export function sensitiveShape(schema: JsonObject | null, pointers: readonly string[] = []): SensitiveShape | null {
  const isMarked = schema !== null && marks(schema)
  if (!isMarked && pointers.length === 0) return null
  const root = schema ?? {}
  const references = isMarked ? referencesWithin(root) : () => []
  return { references, schemas: isMarked ? [root] : [], paths: pointers.map(stepsOf) }
}

/** Whether a pointer can be one: `''`, or steps that each begin with "/". */
export function isPointer(pointer: string): boolean {
  return pointer === '' || pointer.startsWith('/')
}

/** The value with a mark in place of each sensitive field. `onMasked` is given what was there. The same value where nothing was. */
export function maskSensitive(value: Json, shape: SensitiveShape, onMasked: (masked: Json) => void = () => {}): Json {
  const schemas = expand(shape)
  if (shape.paths.some((path) => path.length === 0) || schemas.some(isSensitive)) {
    if (value === null || value === SENSITIVE_MARK) return value
    onMasked(value)
    return SENSITIVE_MARK
  }
  if (typeof value !== 'object' || value === null) return value
  const child = (key: string, isItem: boolean) => childShape(shape, schemas, { key, isItem })
  if (Array.isArray(value)) return maskItems(value, child, onMasked)
  // Not a list, not null: an object.
  return maskMembers(value as JsonObject, child, onMasked)
}

/** Every text and number of a value, as text. */
export function leavesOf(value: Json): readonly string[] {
  if (typeof value === 'string') return [value]
  if (typeof value === 'number') return [String(value)]
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(leavesOf)
}

type ChildOf = (key: string, isItem: boolean) => SensitiveShape | null
type OnMasked = (masked: Json) => void

function maskItems(items: readonly Json[], child: ChildOf, onMasked: OnMasked): Json {
  const masked = items.map((item, index) => maskChild(item, child(String(index), true), onMasked))
  return masked.some((item, index) => item !== items[index]) ? masked : items
}

function maskMembers(members: JsonObject, child: ChildOf, onMasked: OnMasked): Json {
  const masked = Object.entries(members).map(
    ([key, member]) => [key, maskChild(member, child(key, false), onMasked)] as const,
  )
  return masked.some(([key, member]) => member !== members[key]) ? Object.fromEntries(masked) : members
}

function maskChild(value: Json, shape: SensitiveShape | null, onMasked: OnMasked): Json {
  return shape === null ? value : maskSensitive(value, shape, onMasked)
}

type Step = { readonly key: string; readonly isItem: boolean }

function childShape(
  { references, paths }: SensitiveShape,
  schemas: readonly JsonObject[],
  step: Step,
): SensitiveShape | null {
  const left = paths.flatMap(([first, ...rest]) => (first === step.key || first === '*' ? [rest] : []))
  const below = schemas.flatMap((schema) =>
    step.isItem ? itemSchemas(schema, Number(step.key)) : memberSchemas(schema, step.key),
  )
  return left.length === 0 && below.length === 0 ? null : { references, schemas: below, paths: left }
}

function memberSchemas(schema: JsonObject, key: string): readonly JsonObject[] {
  const named = asObject(schema['properties'])
  const byPattern = Object.entries(asObject(schema['patternProperties'])).flatMap(([pattern, below]) =>
    matches(pattern, key) ? [below] : [],
  )
  const own = Object.hasOwn(named, key) ? [named[key]] : []
  const others =
    own.length + byPattern.length === 0 ? [schema['additionalProperties'], schema['unevaluatedProperties']] : []
  return [...own, ...byPattern, ...others].filter(isObject)
}

/** A pattern that cannot be read matches: a mark is rather put on too much than on too little. */
function matches(pattern: string, key: string): boolean {
  try {
    return new RegExp(pattern, 'u').test(key)
  } catch {
    return true
  }
}

/** `items` is a list in draft 7, where 2020-12 has `prefixItems`. */
function itemSchemas(schema: JsonObject, index: number): readonly JsonObject[] {
  const prefix =
    [schema['prefixItems'], schema['items']].find((each): each is readonly Json[] => Array.isArray(each)) ?? []
  const own = prefix[index]
  const rest = [schema['items'], schema['additionalItems'], schema['unevaluatedItems']]
  return [...(own === undefined ? rest : [own]), schema['contains']].filter(isObject)
}

/** What nobody can look at may be marked. */
const unknownSchema: JsonObject = { 'x-sensitive': true }

/** The schemas with all that they are made of: whichever branch holds, its marks count. */
function expand({ references, schemas }: SensitiveShape): readonly JsonObject[] {
  const found = new Set<JsonObject>(schemas)
  for (const schema of found) {
    const parts = [
      ...['allOf', 'anyOf', 'oneOf'].flatMap((key) => (Array.isArray(schema[key]) ? schema[key] : [])),
      ...['if', 'then', 'else', 'not'].map((key) => schema[key]),
      ...Object.values(asObject(schema['dependentSchemas'])),
      ...references(schema).map((referred) => referred ?? unknownSchema),
    ]
    for (const part of parts) if (isObject(part)) found.add(part)
  }
  return [...found]
}

function isSensitive(schema: JsonObject): boolean {
  return schema['x-sensitive'] === true || schema['sensitive'] === true
}

/** Whether a mark may stand anywhere in it. `properties: { sensitive: true }` is none, and only makes us look. */
function marks(value: Json): boolean {
  if (Array.isArray(value)) return value.some(marks)
  if (!isObject(value)) return false
  return isSensitive(value) || Object.values(value).some(marks)
}

function asObject(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {}
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
