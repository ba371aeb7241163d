/** What `ask_human` takes in. By hand, so that a question to people loads no schema library. */
import type { StandardJSONSchemaV1, StandardSchemaV1 } from '@standard-schema/spec'

export type AskHumanInput = {
  readonly question: string
  /** Answers to choose from, numbered from 1. */
  readonly options?: readonly string[]
  /** The field that the answer is for, where there is one. */
  readonly field?: string
}

const MAX_QUESTION = 2_000
const MAX_OPTIONS = 20
const MAX_OPTION = 200
const MAX_FIELD = 100

export const askHumanInput: StandardSchemaV1<unknown, AskHumanInput> & StandardJSONSchemaV1<unknown, AskHumanInput> = {
  '~standard': {
    version: 1,
    vendor: 'pawl',
    validate: (value) => {
      const issues = issuesOf(value)
      // Every field has been looked at, and there are no others.
      return issues.length === 0 ? { value: value as AskHumanInput } : { issues }
    },
    jsonSchema: { input: describe, output: describe },
  },
}

/** Says the same in every draft. */
function describe(): Record<string, unknown> {
  const text = (maxLength: number, description: string): object => ({
    type: 'string',
    minLength: 1,
    maxLength,
    description,
  })
  return {
    type: 'object',
    properties: {
      question: text(MAX_QUESTION, 'One question, complete enough for somebody who has read nothing else.'),
      options: {
        type: 'array',
        maxItems: MAX_OPTIONS,
        items: { type: 'string', minLength: 1, maxLength: MAX_OPTION },
        description: 'The possible answers, where they are few.',
      },
      field: text(MAX_FIELD, 'The name of the field that the answer is for.'),
    },
    required: ['question'],
    additionalProperties: false,
  }
}

function issuesOf(value: unknown): readonly StandardSchemaV1.Issue[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return [{ message: 'must be an object with a question' }]
  const {
    question,
    options = [],
    field = 'any',
    ...others
  }: { readonly [key in keyof AskHumanInput]?: unknown } = value
  return [
    ...textIssues(question, ['question'], MAX_QUESTION),
    ...textIssues(field, ['field'], MAX_FIELD),
    ...optionIssues(options),
    ...Object.keys(others).map((key) => ({ message: 'is not a known field', path: [key] })),
  ]
}

function optionIssues(options: unknown): readonly StandardSchemaV1.Issue[] {
  if (!Array.isArray(options)) return [{ message: 'must be a list of texts', path: ['options'] }]
  if (options.length > MAX_OPTIONS) return [{ message: `must be at most ${MAX_OPTIONS}`, path: ['options'] }]
  return options.flatMap((option, index) => textIssues(option, ['options', index], MAX_OPTION))
}

function textIssues(text: unknown, path: readonly PropertyKey[], max: number): readonly StandardSchemaV1.Issue[] {
  if (typeof text === 'string' && text !== '' && text.length <= max) return []
  return [{ message: `must be text of 1 to ${max} characters`, path }]
}
