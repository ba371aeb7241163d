/** A template, for editors and for whoever generates one: `"$schema"` may stand in a template. */
import type { JsonObject } from '../json.ts'
import { fieldTypes, templateLimits } from './template.ts'

const text: JsonObject = { type: 'string', minLength: 1 }
const texts: JsonObject = { type: 'array', items: { type: 'string' } }

const field: JsonObject = {
  type: 'object',
  properties: {
    type: { enum: fieldTypes, description: 'A path is text on one line; a list holds texts.' },
    description: { ...text, description: 'What to fill in.' },
    default: {
      type: ['string', 'number', 'boolean', 'array'],
      items: { type: 'string' },
      description: 'Has the type of the field. A field without one has to be filled in.',
    },
    options: {
      type: 'array',
      items: { type: ['string', 'number'] },
      minItems: 1,
      description: 'What may be chosen; of a list, what each element may be.',
    },
    min: { type: 'number', description: 'Of a number its value, of text its characters, of a list its elements.' },
    max: { type: 'number', description: 'Of a number its value, of text its characters, of a list its elements.' },
  },
  required: ['type', 'description'],
  additionalProperties: false,
}

const task: JsonObject = {
  type: 'object',
  properties: {
    id: { type: 'string', pattern: '^[A-Za-z0-9_.-]{1,64}$' },
    name: text,
    dependsOn: texts,
    forField: {
      type: 'string',
      description: 'A field of type list: the task stands once for each of its elements, which is {{element}} in it.',
    },
  },
  required: ['id', 'name'],
}

/**
 * JSON Schema (draft 2020-12) of the form of a template. A placeholder may stand where the plan has a number or a list, so that the
 * plan itself is described only in outline; `readTemplate` and `fillTemplate` look at the rest.
 */
export const templateSchema: JsonObject = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'A template of a plan',
  type: 'object',
  properties: {
    $schema: { type: 'string' },
    name: { type: 'string', pattern: '^[a-z][a-z0-9-]{0,63}$', description: 'The name of its file, without ".json".' },
    description: { ...text, description: 'What the plan is for, and when to take it.' },
    fields: {
      type: 'object',
      propertyNames: { pattern: '^[a-zA-Z][a-zA-Z0-9_-]{0,63}$', not: { const: 'element' } },
      additionalProperties: field,
      maxProperties: templateLimits.maxFields,
    },
    plan: {
      type: 'object',
      properties: {
        goal: { type: 'string' },
        notes: { type: 'string' },
        criticalPath: texts,
        tasks: { type: 'array', items: task },
      },
      required: ['goal', 'tasks'],
      additionalProperties: false,
    },
  },
  required: ['name', 'description', 'fields', 'plan'],
  additionalProperties: false,
}
