import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { describeSchema, UndescribableSchemaError } from './describe-schema.ts'
import type { Schema } from './schema.ts'

const refundInput = z.object({
  caseId: z.string(),
  amountUsd: z.number().min(0).default(10),
  note: z.string().optional(),
})

describe('describing a schema', () => {
  test('a zod object is described by what it takes in', () => {
    expect(describeSchema(refundInput)).toEqual({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      properties: {
        caseId: { type: 'string' },
        amountUsd: { type: 'number', minimum: 0, default: 10 },
        note: { type: 'string' },
      },
      required: ['caseId'],
    })
  })

  test('defaults, catches, optional parts of tuples, unions and recursive schemas are no transforms', () => {
    const accepted: readonly Schema[] = [
      z.object({ a: z.string().default('x'), b: z.number().prefault(3), c: z.number().catch(1) }),
      z.tuple([z.string(), z.string().default('q')]),
      z.array(z.object({ a: z.string().default('x') })).readonly(),
      z.discriminatedUnion('type', [
        z.object({ type: z.literal('a') }),
        z.object({ type: z.literal('b'), n: z.int() }),
      ]),
      z.json(),
      z.strictObject({ required: z.boolean(), default: z.string().trim() }),
      z.record(z.string(), z.coerce.number()),
    ]
    for (const schema of accepted) expect(describeSchema(schema)).toBeTypeOf('object')
  })

  const isoDate = z.codec(z.iso.date(), z.number(), {
    decode: Date.parse,
    encode: (at) => new Date(at).toISOString(),
  })

  test.each([
    ['a date', z.object({ day: z.date() }), 'Date cannot be represented'],
    [
      'a transform',
      z.object({ name: z.string().transform((name) => name.length) }),
      'Transforms cannot be represented',
    ],
    ['a codec', z.object({ day: isoDate }), 'a transform or a codec'],
    ['text read as a boolean', z.stringbool(), 'a transform or a codec'],
    ['a pipe to another type', z.object({ n: z.string().pipe(z.coerce.number()) }), 'a transform or a codec'],
    ['a bigint', z.bigint(), 'BigInt cannot be represented'],
    ['a map', z.map(z.string(), z.string()), 'Map cannot be represented'],
  ])('%s is refused, and the message says why and what to do', (_what, schema: Schema, why) => {
    expect(() => describeSchema(schema)).toThrow(UndescribableSchemaError)
    expect(() => describeSchema(schema)).toThrow(why)
    expect(() => describeSchema(schema)).toThrow(/convert (it|them) inside the tool/)
  })

  test('a library that describes only draft 7 is asked for draft 7', () => {
    const jsonSchema = (options: { readonly target: string }): Record<string, unknown> => {
      if (options.target !== 'draft-07') throw new Error('draft 7 only')
      return { type: 'object' }
    }
    const standard = { version: 1, vendor: 'old', validate: (value: unknown) => ({ value }) } as const
    const schema = { '~standard': { ...standard, jsonSchema: { input: jsonSchema, output: jsonSchema } } }
    expect(describeSchema(schema)).toEqual({ type: 'object' })
  })

  test('a Standard Schema that cannot describe itself is refused by its vendor', () => {
    const schema: Schema = { '~standard': { version: 1, vendor: 'older', validate: (value) => ({ value }) } }
    expect(() => describeSchema(schema)).toThrow(
      'found one of older without it: use zod 4, or jsonSchema({...}) of pawl/tools',
    )
  })
})
