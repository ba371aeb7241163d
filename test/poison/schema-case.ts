/** Cases of the JSON Schemas of foreign tools: whatever is one compiles, whatever is none is refused, and nothing is thrown later. */
import type { JsonObject } from '../../src/core/index.ts'
import { type Chance, chanceOf } from '../../src/testing/simulator/chance.ts'
import { InvalidJsonSchemaError, jsonSchema } from '../../src/tools/index.ts'
import { type Complaint, pollution } from './border-case.ts'
import { pickOf, textCase } from './generate-text.ts'
import { hostileText } from './generate-value.ts'
import { tryParse } from './reference.ts'

/** Values that each schema is asked about. */
export const VALUES_OF_A_SCHEMA = 8

export function schemaComplaint(number: number): Complaint {
  const chance = chanceOf(number)
  try {
    const schema = jsonSchema(schemaOf(chance, 0))
    for (let values = 0; values < VALUES_OF_A_SCHEMA; values += 1) {
      const result = schema['~standard'].validate(someValue(chance))
      if (result instanceof Promise) return `schema ${number}: it answers later`
      if (result.issues?.some(({ message }) => typeof message !== 'string' || !message.isWellFormed()) === true)
        return `schema ${number}: an issue that is no text`
    }
  } catch (error) {
    if (!(error instanceof InvalidJsonSchemaError)) return `schema ${number}: it threw ${String(error)}`.slice(0, 300)
  }
  return pollution()
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
