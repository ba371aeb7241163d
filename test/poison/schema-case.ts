/** Cases of the JSON Schemas of foreign tools: whatever is one compiles, whatever is none is refused, and nothing is thrown later. */
import type { JsonObject } from '../../src/core/index.ts'
import { type Chance, chanceOf } from '../../src/testing/simulator/chance.ts'
import { InvalidJsonSchemaError, type JsonSchema } from '../../src/tools/index.ts'
import { type Complaint, guarded } from './border-case.ts'
import { pickOf, textCase } from './generate-text.ts'
import { hostileText } from './generate-value.ts'
import { tryParse } from './reference.ts'
import type { Subject } from './subject.ts'

/** Values that a schema is asked about. */
const VALUES_OF_A_SCHEMA = 8

/** `values`: how many it was asked about; none, where it was refused. */
export type SchemaChecked = { readonly complaint: Complaint; readonly values: number }

export function checkSchema(subject: Subject, number: number): SchemaChecked {
  const chance = chanceOf(number)
  let values = 0
  const complaint = guarded(() => {
    const schema = made(subject, schemaOf(chance, 0))
    while (schema !== null && values < VALUES_OF_A_SCHEMA) {
      values += 1
      const found = answerComplaint(schema['~standard'].validate(someValue(chance)))
      if (found !== null) return found
    }
    return null
  })
  return { complaint: complaint === null ? null : `schema ${number}: ${complaint}`, values }
}

/** Null where it is refused, and said so. */
function made({ jsonSchema }: Subject, schema: JsonObject): JsonSchema<unknown> | null {
  try {
    return jsonSchema(schema)
  } catch (error) {
    if (error instanceof InvalidJsonSchemaError) return null
    throw error
  }
}

function answerComplaint(result: ReturnType<JsonSchema<unknown>['~standard']['validate']>): Complaint {
  if (result instanceof Promise) return 'it answers later'
  const isText = ({ message }: { readonly message: unknown }) => typeof message === 'string' && message.isWellFormed()
  return result.issues?.every(isText) === false ? 'an issue that is no text' : null
}

const patterns = ['^(a+)+$', '(', '[', '^\\p{L}+$', '(?<n>a)\\k<n>', '(a|a)*$', '\\u{110000}', '^(W\\d+)+$', '']
const types = ['object', 'string', 'integer', 'array', 'null', 'nonsense', ['string', 'null'], []]

function schemaOf(chance: Chance, depth: number): JsonObject {
  const made: [string, unknown][] = []
  const sub = () => (depth > 2 ? chance.happens(0.5) : schemaOf(chance, depth + 1))
  const members: readonly (() => [string, unknown])[] = [
    () => ['type', pickOf(chance, types)],
    () => ['properties', { a: sub(), [hostileText(chance)]: sub() }],
    () => ['required', pickOf(chance, [['a'], ['a', 'a'], 'a', [1], ['toString']])],
    () => ['pattern', pickOf(chance, patterns)],
    () => ['patternProperties', { [pickOf(chance, patterns)]: sub() }],
    () => ['enum', pickOf(chance, [[], [1, 1], ['😀'.repeat(60)], 'x'])],
    () => ['anyOf', [sub(), sub()]],
    () => ['not', sub()],
    () => ['items', sub()],
    () => [
      '$ref',
      pickOf(chance, ['#', '#/properties/a', 'https://poison.invalid/x', '#/nowhere', hostileText(chance)]),
    ],
    () => ['maximum', pickOf(chance, [1, -1, 1e308, '1'])],
    () => ['multipleOf', pickOf(chance, [0, 0.1, 1e-308, -1])],
    () => ['minLength', pickOf(chance, [0, -1, 1.5, 1e9])],
    () => [
      pickOf(chance, ['$id', '$anchor', '$defs', '$async', '$schema', 'format', 'dependentRequired']),
      hostileText(chance),
    ],
    () => [hostileText(chance), hostileText(chance)],
  ]
  for (let times = 1 + chance.below(3); times > 0; times -= 1) made.push(pickOf(chance, members)())
  // Anything that a foreign server can send as JSON.
  return Object.fromEntries(made) as JsonObject
}

function someValue(chance: Chance): unknown {
  if (chance.happens(0.3)) return { a: hostileText(chance), [hostileText(chance)]: [1, null] }
  if (chance.happens(0.1)) return `${'a'.repeat(40)}!`
  return tryParse(textCase(chance.below(100_000)).text) ?? hostileText(chance)
}
