/** `{{name}}` in texts of a template. */
import type { Json, JsonObject } from '../json.ts'
import { isJsonObject } from '../plan/same-json.ts'
import type { FieldValue } from './template.ts'

/** Nothing in it can be matched in two ways: a text is read once. */
const PLACEHOLDER = /\{\{([^{}]*)\}\}/g

/** The names of the placeholders in a text, in order. */
export function placeholdersIn(text: string): readonly string[] {
  return [...text.matchAll(PLACEHOLDER)].map(([, name = '']) => name.trim())
}

/**
 * The text with values in place of its placeholders, or the value itself where the text is nothing but one. A list within a text is
 * joined with ", ". Values are not read again. A name without a value stays as it is.
 */
export function fillText(text: string, lookUp: (name: string) => FieldValue | undefined): FieldValue {
  const [first] = text.matchAll(PLACEHOLDER)
  if (first?.[0] === text) return lookUp((first[1] ?? '').trim()) ?? text
  return text.replaceAll(PLACEHOLDER, (whole, name: string) => {
    const value = lookUp(name.trim())
    return value === undefined ? whole : typeof value === 'object' ? value.join(', ') : String(value)
  })
}

/** A text of a template, or a key, and where it stands. */
export type PlacedText = {
  readonly text: string
  readonly path: readonly (string | number)[]
  /** It decides the shape of the plan, so that no value may change it: a key, an id, a dependency, a reference. */
  readonly isShape: boolean
}

/** Members of a task, or of the plan, that decide the shape of the plan. */
const shapeMembers: ReadonlySet<string> = new Set(['id', 'dependsOn', 'parent', 'forField', 'forEach'])

/** Every text of a plan of a template: goal, notes and tasks. */
export function* textsOfPlan({ tasks, ...plan }: JsonObject): Generator<PlacedText> {
  yield* textsOfMembers(plan, ['plan'], new Set(['criticalPath']))
  if (!Array.isArray(tasks)) return
  for (const [index, task] of tasks.entries()) yield* textsOfTask(task, index)
}

function* textsOfTask(task: Json, index: number): Generator<PlacedText> {
  if (isJsonObject(task)) yield* textsOfMembers(task, ['plan', 'tasks', index], shapeMembers)
}

function* textsOfMembers(
  members: JsonObject,
  path: PlacedText['path'],
  shapes: ReadonlySet<string>,
): Generator<PlacedText> {
  for (const [key, value] of Object.entries(members)) {
    yield { text: key, path: [...path, key], isShape: true }
    yield* textsOf(value, [...path, key], shapes.has(key))
  }
}

function* textsOf(value: Json, path: PlacedText['path'], isShape: boolean): Generator<PlacedText> {
  if (typeof value === 'string') yield { text: value, path, isShape }
  if (typeof value !== 'object' || value === null) return
  // The members of a reference decide the shape as well, one with a mistake in it too.
  const isOfShape = isShape || Object.hasOwn(value, '$from')
  for (const [key, member] of Object.entries(value)) {
    const step = Array.isArray(value) ? Number(key) : key
    if (typeof step === 'string') yield { text: key, path: [...path, key], isShape: true }
    yield* textsOf(member, [...path, step], isOfShape)
  }
}
