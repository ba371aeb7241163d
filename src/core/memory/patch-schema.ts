/** The fields of a patch, each as a rule for the reader and as JSON Schema: one table, so that the two cannot drift. */
import { forbiddenKeys } from '../border-rules.ts'
import type { Json, JsonObject } from '../json.ts'
import { anything, type Field, oneOf } from '../plan/plan-fields.ts'
import { planSchema } from '../plan/plan-schema.ts'
import { COMPRESSED_KEY, DECISION_PRIORITY, DEFAULT_PRIORITY, factKinds } from './fact.ts'
import type { FactLimits } from './memory-terms.ts'
import type { PatchFact, StatePatch } from './state-patch.ts'

/** Facts of one patch; and its questions, and its answers. */
export const MAX_PATCH_ITEMS = 100
const MAX_KEY_CHARACTERS = 64
const MAX_PRIORITY = 100

/** `problem`: what was expected, or null where the value is that. `schema` says the same. */
export type PatchField = Field & { readonly schema: JsonObject }
export type PatchFields = Readonly<Record<string, PatchField>>

type Answer = NonNullable<StatePatch['answer_questions']>[number]
type Limits = Pick<FactLimits, 'maxFactCharacters'>

/** JSON Schema (2020-12) for a model that answers with a patch. `plan` is the schema of a plan; null: it cannot replace one. */
export function patchSchema(limits: Limits, plan: JsonObject | null = planSchema): JsonObject {
  const { replace_plan, ...others } = patchFields(limits, plan ?? planSchema)
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'StatePatch',
    ...schemaOf(
      plan === null ? others : { ...others, replace_plan },
      'What is to be remembered of a result. Leave out what does not change.',
    ),
  }
}

/** `plan`: the schema of a plan, which `readPlan` reads. */
export function patchFields(
  limits: Limits,
  plan: JsonObject = planSchema,
): Readonly<Record<keyof StatePatch, PatchField>> {
  const { $schema: _, ...planPart } = plan
  return {
    append_known_facts: listRule(
      schemaOf(factFields(limits), 'Something that is known now.'),
      'What the result says that later work needs. No two share a key.',
    ),
    replace_plan: { problem: anything, schema: planPart },
    open_questions: listRule(questionRule(limits).schema, 'What the result leaves open and somebody has to find out.'),
    answer_questions: listRule(
      schemaOf(answerFields(limits), 'An open question, and its answer.'),
      'Open questions that the result answers.',
    ),
  }
}

/** A field that may be left out may be null. */
function schemaOf(fields: PatchFields, description: string): JsonObject {
  const properties = Object.entries(fields).map(([key, { isRequired, schema }]) => [
    key,
    isRequired ? schema : { anyOf: [schema, { type: 'null' }] },
  ])
  return {
    type: 'object',
    properties: Object.fromEntries(properties),
    required: Object.keys(fields).filter((key) => fields[key]?.isRequired),
    additionalProperties: false,
    description,
  }
}

/** Of an item of `append_known_facts`. */
export function factFields(limits: Limits): Readonly<Record<keyof PatchFact, PatchField>> {
  return {
    key: { isRequired: true, ...keyRule },
    value: { isRequired: true, ...valueRule(limits) },
    kind: kindRule,
    priority: priorityRule,
    confidence: confidenceRule,
  }
}

/** Of an item of `answer_questions`. */
export function answerFields(limits: Limits): Readonly<Record<keyof Answer, PatchField>> {
  return {
    questionId: { isRequired: true, ...textRule(MAX_KEY_CHARACTERS, 'The id of an open question, as "q3".') },
    answer: { isRequired: true, ...textRule(limits.maxFactCharacters, 'What the answer is.') },
  }
}

/** What an item of `open_questions` has to be. */
export function questionRule({ maxFactCharacters }: Limits): PatchField {
  return textRule(maxFactCharacters, 'What has to be found out, as one question.')
}

/** What the lists hold is read item by item. */
function listRule(items: JsonObject, description: string): PatchField {
  return {
    problem: (value) =>
      Array.isArray(value) && value.length <= MAX_PATCH_ITEMS ? null : `a list of at most ${MAX_PATCH_ITEMS}`,
    schema: { type: 'array', items, maxItems: MAX_PATCH_ITEMS, description },
  }
}

const takenKeys: readonly string[] = [COMPRESSED_KEY, ...forbiddenKeys]
const keyPattern = `^[A-Za-z0-9_.-]{1,${MAX_KEY_CHARACTERS}}$`
const keyForm = new RegExp(keyPattern)

const keyRule: PatchField = {
  problem: keyProblem,
  schema: {
    type: 'string',
    pattern: keyPattern,
    not: { enum: takenKeys },
    description: `Names the fact: letters, digits, "_", "-" and ".", at most ${MAX_KEY_CHARACTERS}. The same key replaces what was known under it.`,
  },
}

function keyProblem(value: Json): string | null {
  if (typeof value !== 'string' || !keyForm.test(value))
    return `letters, digits, "_", "-" and ".", at most ${MAX_KEY_CHARACTERS}`
  return takenKeys.includes(value) ? 'another key, since this one is taken' : null
}

function valueRule({ maxFactCharacters }: Limits): PatchField {
  return {
    problem: (value) =>
      JSON.stringify(value).length <= maxFactCharacters ? null : `at most ${maxFactCharacters} characters as JSON`,
    schema: {
      description: `What is known: any JSON of at most ${maxFactCharacters} characters, ids and amounts verbatim.`,
    },
  }
}

const kindRule: PatchField = {
  problem: oneOf(...factKinds),
  schema: {
    type: 'string',
    enum: factKinds,
    description:
      '"decision": what was decided. "constraint": what has to be kept to. These are never summed up. Absent: "fact".',
  },
}

const priorityRule: PatchField = {
  problem: (value) =>
    Number.isSafeInteger(value) && isWithin(value, MAX_PRIORITY) ? null : `a whole number from 0 to ${MAX_PRIORITY}`,
  schema: {
    type: 'integer',
    minimum: 0,
    maximum: MAX_PRIORITY,
    description: `How much it matters: the lowest are summed up first. Absent: ${DEFAULT_PRIORITY}, of decisions and constraints ${DECISION_PRIORITY}.`,
  },
}

const confidenceRule: PatchField = {
  problem: (value) => (isWithin(value, 1) ? null : 'a number from 0 to 1'),
  schema: {
    type: 'number',
    minimum: 0,
    maximum: 1,
    description: 'How sure it is. A fact never replaces one that is surer. Absent: 1.',
  },
}

/** Counted in UTF-16 units, as everywhere; JSON Schema counts a character beyond the basic plane once. */
function textRule(maxCharacters: number, description: string): PatchField {
  return {
    problem: (value) =>
      typeof value === 'string' && /\S/.test(value) && value.length <= maxCharacters
        ? null
        : `a text of 1 to ${maxCharacters} characters that is not blank`,
    schema: { type: 'string', minLength: 1, maxLength: maxCharacters, pattern: '\\S', description },
  }
}

function isWithin(value: Json, most: number): boolean {
  return typeof value === 'number' && value >= 0 && value <= most
}
