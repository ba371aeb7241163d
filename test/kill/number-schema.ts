import type { StandardJSONSchemaV1 } from '@standard-schema/spec'
import type { JsonObject } from 'pawl/core'
import type { Schema } from 'pawl/ports'

export type NumberInput = { readonly n: number }

const description: JsonObject = {
  type: 'object',
  properties: { n: { type: 'integer' } },
  required: ['n'],
  additionalProperties: false,
}

/** `{ n: integer }`. A schema library would take half of a worker's start, and workers start hundreds of times. */
export const numberSchema: Schema<NumberInput> & StandardJSONSchemaV1<NumberInput, NumberInput> = {
  '~standard': {
    version: 1,
    vendor: 'kill-test',
    validate: (value) => {
      const n = typeof value === 'object' && value !== null && 'n' in value ? value.n : undefined
      return typeof n === 'number' && Number.isInteger(n)
        ? { value: { n } }
        : { issues: [{ message: 'expected { n: integer }' }] }
    },
    jsonSchema: { input: () => description, output: () => description },
  },
}
