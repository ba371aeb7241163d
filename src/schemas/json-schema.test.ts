import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../core/index.ts'
import { describeSchema } from '../ports/index.ts'
import { InvalidJsonSchemaError, jsonSchema } from './json-schema.ts'

type Order = {
  readonly id: string
  readonly items: readonly { readonly sku: string; readonly count: number }[]
}
const orderSchema = {
  type: 'object',
  properties: {
    id: { type: 'string', pattern: '^W\\d+$' },
    items: {
      type: 'array',
      maxItems: 3,
      items: {
        type: 'object',
        properties: { sku: { enum: ['red', 'blue'] }, count: { type: 'integer', minimum: 1 } },
        required: ['sku'],
        additionalProperties: false,
      },
    },
    'a/b~c': { const: true },
  },
  required: ['id'],
} as const satisfies JsonObject
const order = jsonSchema<Order>(orderSchema)

/** `path: message` of each issue, or the value. */
function said(value: unknown, schema = order): unknown {
  const result = schema['~standard'].validate(value)
  if (result instanceof Promise) throw new Error('answers at once')
  if (result.issues === undefined) return result.value
  return result.issues.map(({ path = [], message }) => `${path.map(String).join('.')}: ${message}`)
}

describe('jsonSchema', () => {
  test('an issue says where no value would do: the field is none of the schema’s', () => {
    const result = order['~standard'].validate({ id: 'W1', items: [{ sku: 'green', colour: 1 }] })
    if (result instanceof Promise || result.issues === undefined) throw new Error('answers at once, with issues')
    expect(result.issues.map((issue) => [issue.path?.at(-1), Reflect.get(issue, 'isUnknownField')])).toEqual([
      ['colour', true],
      ['sku', undefined],
    ])
  })

  test('a value that fits passes as it is', () => {
    const value = { id: 'W1', items: [{ sku: 'red', count: 2 }], more: null }
    expect(said(value)).toBe(value)
  })

  test('everything that is wrong is said at once, each with its path', () => {
    expect(said({ items: [{ sku: 'green', count: 1.5, colour: 1 }, 'x', { count: 0 }], 'a/b~c': false })).toEqual([
      'id: is missing',
      'items.0.colour: is not a known field',
      'items.0.sku: must be one of ["red","blue"], found "green"',
      'items.0.count: must be integer, found number',
      'items.1: must be object, found string',
      'items.2.sku: is missing',
      'items.2.count: must be >= 1',
      'a/b~c: must be true, found false',
    ])
    expect(said(null)).toEqual([': must be object, found null'])
    expect(said({ id: 'x' })).toEqual(['id: must match pattern "^W\\d+$"'])
  })

  test('the path into a list is a number, as other Standard Schemas have it', () => {
    const result = order['~standard'].validate({ id: 'W1', items: [7] })
    expect(result).toMatchObject({ issues: [{ path: ['items', 0] }] })
  })

  test('a hundred mistakes make ten issues', () => {
    const strict = jsonSchema<unknown>({ additionalProperties: false })
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`f${index}`, index]))
    expect(said(many, strict as typeof order)).toHaveLength(10)
  })

  test('what an object only inherits does not count as there', () => {
    const named = jsonSchema<Order>({ type: 'object', required: ['toString'] })
    expect(said({}, named)).toEqual(['toString: is missing'])
  })

  test('it describes itself as it was written, with its draft, and cannot be changed from outside', () => {
    const schema: Record<string, Json> = { type: 'object', properties: { a: { type: 'string' } } }
    const made = jsonSchema(schema)
    schema['type'] = 'array'
    const described = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      properties: { a: { type: 'string' } },
    }
    expect(describeSchema(made)).toEqual(described)
    made['~standard'].jsonSchema.input({ target: 'draft-2020-12' })['type'] = 'array'
    expect(describeSchema(made)).toEqual(described)
  })

  test('draft 7 is chosen by option or by $schema, and describes itself as draft 7', () => {
    const tuple = { items: [{ type: 'string' }], additionalItems: false }
    const dialect = 'http://json-schema.org/draft-07/schema#'
    for (const schema of [jsonSchema(tuple, { draft: '7' }), jsonSchema({ ...tuple, $schema: dialect })]) {
      expect(schema['~standard'].validate(['a', 'b'])).toHaveProperty('issues')
      expect(schema['~standard'].validate(['a'])).toHaveProperty('value')
      expect(describeSchema(schema)).toEqual({ $schema: dialect, ...tuple })
    }
    expect(() => jsonSchema(tuple)).toThrow(InvalidJsonSchemaError)
  })

  test.each<[string, JsonObject, string]>([
    ['a word that is no type', { type: 'strin' }, 'must be equal to one of the allowed values'],
    ['a pattern that is none', { pattern: '(' }, 'Invalid regular expression'],
    ['a reference to the outside', { $ref: 'https://example.com/other.json' }, "can't resolve reference"],
    [
      'another draft',
      { $schema: 'http://json-schema.org/draft-04/schema#' },
      'expected a schema of draft 2020-12 or 7',
    ],
    ['a dynamic reference', { items: { $dynamicRef: '#node' } }, '$dynamicRef is not supported, use $ref'],
    ['an answer that comes later', { $async: true, type: 'object' }, '$async'],
  ])('%s is refused where the schema is made', (_what, schema, why) => {
    expect(() => jsonSchema(schema)).toThrow(InvalidJsonSchemaError)
    expect(() => jsonSchema(schema)).toThrow(why)
  })

  test('keywords and formats that nobody knows are annotations, and two schemas may share an $id', () => {
    const foreign = {
      $id: 'https://example.com/tool',
      type: 'object',
      'x-order': 3,
      properties: { at: { format: 'moon-phase' } },
    }
    expect(() => [jsonSchema(foreign), jsonSchema({ ...foreign, maxProperties: 2 })]).not.toThrow()
  })

  test('a schema without an end refuses every value, and does not throw', () => {
    const endless = jsonSchema<Order>({ allOf: [{ $ref: '#' }] })
    expect(said({}, endless)).toEqual([': could not be checked: Maximum call stack size exceeded'])
  })

  test('a pattern that goes back over its text for longer than it may is an issue, and the process goes on', () => {
    const slow = jsonSchema<Order>({ properties: { a: { pattern: '^(a+)+$' } } })
    expect(said({ a: `${'a'.repeat(40)}!` }, slow)).toEqual([': could not be checked: it took longer than 1000 ms'])
    expect(said({ a: 'aaa' }, slow)).toEqual({ a: 'aaa' })
    expect(said({ a: 'b' }, slow)).toEqual(['a: must match pattern "^(a+)+$"'])
  })

  test('so is a long list whose items have to differ: they are compared two by two', () => {
    const unique = jsonSchema<Order>({ uniqueItems: true })
    const pairs = Array.from({ length: 30_000 }, (_, index) => [index])
    expect(said(pairs, unique)).toEqual([': could not be checked: it took longer than 1000 ms'])
    expect(said([[1], [2]], unique)).toEqual([[1], [2]])
    expect(said([[1], [1]], unique)).toEqual([expect.stringContaining('must NOT have duplicate items')])
  })

  test('a quote of what was found is never cut within a character', () => {
    const kind = jsonSchema<Order>({ enum: ['a'] })
    expect(JSON.stringify(said(`${'x'.repeat(78)}😀`, kind))).not.toContain('\\ud83d')
  })

  test('values are never changed: a default is an annotation', () => {
    const withDefault = jsonSchema<Order>({ properties: { a: { default: 1, type: 'integer' } } })
    expect(said({}, withDefault)).toEqual({})
    expect(said({ a: '1' }, withDefault)).toEqual(['a: must be integer, found string'])
  })
})
