/** What the tools that come with the runtime take in. By hand, so that an agent without tools of its own loads no schema library. */
import type { StandardJSONSchemaV1, StandardSchemaV1 } from '@standard-schema/spec'
import type { SliceRequest } from '../core/artifact/slice.ts'
import { didYouMean } from '../core/index.ts'

export type ReadArtifactInput = SliceRequest & { readonly artifact: string }

export type SearchArtifactInput = {
  readonly query: string
  readonly artifact?: string
  /** How many matches at most. */
  readonly k?: number
}

type Field = {
  readonly type: 'string' | 'integer'
  /** Of a text its characters, of a number itself. */
  readonly min: number
  readonly max: number
  readonly description: string
  readonly isRequired?: true
}
type Fields<Input> = { readonly [Name in keyof Input]-?: Field }
type InputSchema<Input> = StandardSchemaV1<unknown, Input> & StandardJSONSchemaV1<unknown, Input>

const MAX_ID = 100
const MAX_POINTER = 10_000
const MAX_QUERY = 2_000

function text(min: number, max: number, description: string): Field {
  return { type: 'string', min, max, description }
}

function whole(min: number, description: string): Field {
  return { type: 'integer', min, max: Number.MAX_SAFE_INTEGER, description }
}

export const readArtifactInput: InputSchema<ReadArtifactInput> = schemaOf<ReadArtifactInput>({
  artifact: { ...text(1, MAX_ID, 'The id of the artifact, as its preview names it.'), isRequired: true },
  pointer: text(
    0,
    MAX_POINTER,
    'What to read in it, as a JSON Pointer: "/rows/3". Left out: all of it, from its beginning.',
  ),
  offset: whole(0, 'Where to begin, from 0: at this row of a list, member of an object, or character of a text.'),
  limit: whole(1, 'How many rows, members or characters at most. Left out: as many as fit.'),
  line: whole(1, 'Of a text, instead of offset: the line to begin at, from 1.'),
  lines: whole(1, 'Of a text: how many lines at most. Left out: as many as fit.'),
})

export function searchArtifactInput(maxMatches: number): InputSchema<SearchArtifactInput> {
  const k = { ...whole(1, `How many matches at most. Left out: ${maxMatches}.`), max: maxMatches }
  return schemaOf<SearchArtifactInput>({
    query: {
      ...text(1, MAX_QUERY, 'Words to find: names, ids, topics. Any of them matches; rare words count most.'),
      isRequired: true,
    },
    artifact: text(1, MAX_ID, 'The id of the artifact to search. Left out: all artifacts of this session.'),
    k,
  })
}

export const searchToolsInput: InputSchema<{ readonly query: string }> = schemaOf<{ readonly query: string }>({
  query: { ...text(1, MAX_QUERY, 'What the tool has to do, in some words.'), isRequired: true },
})

function schemaOf<Input>(fields: Fields<Input>): InputSchema<Input> {
  const byName = new Map<string, Field>(Object.entries(fields))
  const describe = (): Record<string, unknown> => description(byName)
  return {
    '~standard': {
      version: 1,
      vendor: 'pawl',
      validate: (value) => {
        const issues = issuesOf(value, byName)
        // Every field has been looked at, and there are no others.
        return issues.length === 0 ? { value: value as Input } : { issues }
      },
      jsonSchema: { input: describe, output: describe },
    },
  }
}

/** Says the same in every draft. */
function description(fields: ReadonlyMap<string, Field>): Record<string, unknown> {
  const entries = [...fields].map(([name, { type, min, max, description: words }]) => {
    const bounds = type === 'string' ? { minLength: min, maxLength: max } : { minimum: min, maximum: max }
    return [name, { type, ...bounds, description: words }]
  })
  return {
    type: 'object',
    properties: Object.fromEntries(entries),
    required: [...fields].filter(([, field]) => field.isRequired).map(([name]) => name),
    additionalProperties: false,
  }
}

function issuesOf(value: unknown, fields: ReadonlyMap<string, Field>): readonly StandardSchemaV1.Issue[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [{ message: 'must be an object' }]
  const found = new Map<string, unknown>(Object.entries(value))
  const unknown = [...found.keys()].filter((name) => !fields.has(name))
  return [
    ...[...fields].flatMap(([name, field]) => issueOf(name, field, found.get(name))),
    ...unknown.map((name) => ({ message: `is not a known field.${didYouMean(name, fields.keys())}`, path: [name] })),
  ]
}

function issueOf(
  name: string,
  { type, min, max, isRequired }: Field,
  value: unknown,
): readonly StandardSchemaV1.Issue[] {
  if (value === undefined) return isRequired ? [{ message: 'is required', path: [name] }] : []
  if (type === 'string') {
    const isFine = typeof value === 'string' && value.length >= min && value.length <= max
    return isFine ? [] : [{ message: `must be text of ${min} to ${max} characters`, path: [name] }]
  }
  const isFine = typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max
  const most = max === Number.MAX_SAFE_INTEGER ? '' : ` to ${max}`
  return isFine ? [] : [{ message: `must be a whole number from ${min}${most}`, path: [name] }]
}
