/**
 * A plan with blanks, as JSON. `{{field}}` stands in any text of its plan for what a field is filled in with; a text that is nothing
 * but `{{field}}` becomes the value itself, so that `"{{size}}"` is a number and `"{{columns}}"` a list. What was filled in is never
 * read again: a value that says `{{other}}` or `{"$from": …}` stays text.
 *
 * A task with `"forField": "topics"` stands once for each element of that list, under the ids `T2-1`, `T2-2`, …; `{{element}}` in
 * it is the element. Whoever depends on `T2` depends on all of them, and a reference to `T2` becomes the list of references to
 * each, in order.
 */
import type { JsonObject } from '../json.ts'

export type Template = {
  /** Lower-case words with dashes; the name of its file, without ".json". */
  readonly name: string
  /** What it is for, and when to take it. */
  readonly description: string
  readonly fields: { readonly [name: string]: TemplateField }
  readonly plan: TemplatePlan
}

/** `path` is text on one line. A `list` holds texts. */
export type FieldType = (typeof fieldTypes)[number]
export const fieldTypes = ['string', 'number', 'boolean', 'path', 'list'] as const

export type FieldValue = string | number | boolean | readonly string[]

export type TemplateField = {
  readonly type: FieldType
  readonly description: string
  /** A field without one has to be filled in. */
  readonly default?: FieldValue
  /** What may be chosen; of a list, what each element may be. */
  readonly options?: readonly (string | number)[]
  /** The least and the most: of a number its value, of text its characters, of a list its elements. 1 where it is no number. */
  readonly min?: number
  readonly max?: number
}

/** A proposed plan in which placeholders stand, also where the plan has a number or a list. Checked when it has been filled in. */
export type TemplatePlan = JsonObject & { readonly goal: string; readonly tasks: readonly JsonObject[] }

export const templateLimits = {
  maxBytes: 262_144,
  maxDepth: 64,
  maxFields: 50,
  /** Of a list, and so of the tasks that one task can become. */
  maxElements: 100,
  /** Of all that is filled in, wherever it stands. */
  maxFilledCharacters: 1_048_576,
  /** Of the ids that stand for a repeated task, wherever it is named: those of 2,500 places that name one of 100. */
  maxCopiedIds: 250_000,
} as const

/** What the element of a repeated task is called in its placeholders. No field can have this name. */
export const ELEMENT = 'element'
