/** What is read as a patch, and that its schema says the same. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compile } from '../../schemas/ajv.ts'
import type { Json, JsonObject } from '../json.ts'
import { planSchemaFor } from '../plan/plan-schema.ts'
import { factLimits } from './memory.fixture.ts'
import { patchSchema } from './patch-schema.ts'
import { readPatch } from './read-patch.ts'

const limits = { maxFactCharacters: 40 }

function problemOf(value: Json): string {
  const read = readPatch(value, limits)
  if (read.type === 'patch') throw new Error(`expected a problem, found ${JSON.stringify(read.patch)}`)
  return read.message
}

const plan = { goal: 'Refund A-1.', tasks: [{ id: 'refund' }] }

describe('a patch', () => {
  test('of all parts is read as it is, its plan with what a plan has by default', () => {
    const patch = {
      append_known_facts: [{ key: 'order.id', value: { id: 'A-1' }, kind: 'decision', priority: 0, confidence: 0.5 }],
      replace_plan: plan,
      open_questions: ['Which account?'],
      answer_questions: [{ questionId: 'q1', answer: 'The first.' }],
    }
    expect(readPatch(patch, limits)).toEqual({
      type: 'patch',
      patch: {
        ...patch,
        replace_plan: { goal: 'Refund A-1.', tasks: [{ id: 'refund', name: 'refund', dependsOn: [] }] },
      },
    })
  })

  test('that changes nothing is one', () => {
    expect(readPatch({}, limits)).toEqual({ type: 'patch', patch: {} })
    expect(readPatch({ append_known_facts: [] }, limits)).toEqual({ type: 'patch', patch: { append_known_facts: [] } })
  })

  test('has no part where a form has null, and a value that is null', () => {
    const fact = { key: 'a', value: null, kind: null, priority: null, confidence: null }
    const nulls = { append_known_facts: [fact], replace_plan: null, open_questions: null, answer_questions: null }
    expect(readPatch(nulls, limits)).toEqual({
      type: 'patch',
      patch: { append_known_facts: [{ key: 'a', value: null }] },
    })
    const task = { id: 'a', name: null, dependsOn: null, tool: 'close', input: null, cap: null }
    expect(readPatch({ replace_plan: { goal: 'g', notes: null, tasks: [task] } }, limits)).toEqual({
      type: 'patch',
      patch: {
        replace_plan: { goal: 'g', tasks: [{ id: 'a', name: 'a', dependsOn: [], tool: 'close', input: null }] },
      },
    })
  })

  test.each<[Json, string]>([
    [null, '$: expected an object, found null.'],
    [['a'], '$: expected an object, found ["a"].'],
    [
      { append_known_fact: [] },
      '$: "append_known_fact" is not a known field. Did you mean "append_known_facts"? Leave it out.',
    ],
    [{ version: null }, '$: "version" is not a known field. Leave it out.'],
    [{ open_questions: 'Why?' }, '$.open_questions: expected a list of at most 100, found "Why?".'],
    [
      { open_questions: [' \n'] },
      '$.open_questions[0]: expected a text of 1 to 40 characters that is not blank, found " \\n".',
    ],
    [{ append_known_facts: ['a'] }, '$.append_known_facts[0]: expected an object, found "a".'],
    [
      { append_known_facts: [{ key: null, value: 1 }] },
      '$.append_known_facts[0].key: expected letters, digits, "_", "-" and ".", at most 64, found null.',
    ],
    [{ append_known_facts: [{ key: 'a' }] }, '$.append_known_facts[0]: "value" is missing.'],
    [
      { append_known_facts: [{ key: 'a', value: 1, confidense: 1 }] },
      '$.append_known_facts[0]: "confidense" is not a known field. Did you mean "confidence"? Leave it out.',
    ],
    [
      { append_known_facts: [{ key: 'a', value: 1, kind: 'rule' }] },
      '$.append_known_facts[0].kind: expected "fact" or "decision" or "constraint", found "rule".',
    ],
    [
      { append_known_facts: [{ key: 'a', value: 'x'.repeat(39) }] },
      `$.append_known_facts[0].value: expected at most 40 characters as JSON, found "${'x'.repeat(39)}".`,
    ],
    [
      {
        append_known_facts: [
          { key: 'a', value: 1 },
          { key: 'b', value: 1 },
          { key: 'a', value: 1 },
        ],
      },
      '$.append_known_facts[2].key: "a" stands twice: give each key once.',
    ],
    [
      { answer_questions: [{ questionId: 'q1', answer: '' }] },
      '$.answer_questions[0].answer: expected a text of 1 to 40 characters that is not blank, found "".',
    ],
    [
      { replace_plan: { goal: 'g', tasks: [] } },
      '$.replace_plan: 1. empty_plan: The plan has no tasks. Give it at least one, or work without a plan.',
    ],
    [{ replace_plan: 'none' }, '$.replace_plan: 1. malformed: $: expected an object, found "none".'],
  ])('%j is none, for a reason that can be mended', (value, message) => {
    expect(problemOf(value)).toBe(message)
  })

  test.each([
    '',
    'a b',
    'a/b',
    'é',
    'a\n',
    'a'.repeat(65),
    'compressed_context',
    '__proto__',
    'constructor',
    'prototype',
  ])('has no key %j', (key) =>
    expect(problemOf({ append_known_facts: [{ key, value: 1 }] })).toContain('$.append_known_facts[0].key: expected'))

  test.each([
    ['priority', [0, 1, 100], [-1, 101, 50.5, '50', true]],
    ['confidence', [0, 0.5, 1], [-0.1, 1.1, '1', true]],
  ] as const)('has a %s within its bounds', (field, good, bad) => {
    for (const part of good)
      expect(readPatch({ append_known_facts: [{ key: 'a', value: 1, [field]: part }] }, limits).type).toBe('patch')
    for (const part of bad)
      expect(problemOf({ append_known_facts: [{ key: 'a', value: 1, [field]: part }] })).toContain(
        `.${field}: expected`,
      )
  })

  test('with much that is wrong is told the first problems, and how many there are besides', () => {
    const facts = Array.from({ length: 100 }, () => ({ key: 'a b', value: 1, ['x'.repeat(10_000)]: 1 }))
    const message = problemOf({ append_known_facts: facts })
    // Two of each, 99 keys that stood before, and 10 are told.
    expect(message).toMatch(/ And 289 more\.$/)
    expect(message.length).toBeLessThan(3_000)
    expect(problemOf({ append_known_facts: [...facts, ...facts] })).toMatch(
      /^\$\.append_known_facts: expected a list of at most 100/,
    )
  })
})

const text = fc.constantFrom(
  'a',
  'q1',
  'b c',
  '',
  ' ',
  '\u00a0',
  'é',
  'x'.repeat(40),
  'x'.repeat(41),
  'x'.repeat(64),
  'x'.repeat(65),
)
const key = fc.constantFrom(
  'a',
  'b.c',
  'd_e-f',
  'G',
  '9',
  '__proto__',
  'constructor',
  'prototype',
  'compressed_context',
  'a\n',
)
const anyJson = fc.constantFrom<Json[]>(null, 0, 'x', '', false, [], [1, [null]], { a: { b: [0] } }, 'x'.repeat(38))
const soundFact = fc.record(
  {
    key: fc.constantFrom('a', 'b.c', 'd_e-f', 'G', '9', 'x'.repeat(64)),
    value: anyJson,
    kind: fc.constantFrom('fact', 'decision', 'constraint', null),
    priority: fc.constantFrom(0, 50, 100, null),
    confidence: fc.constantFrom(0, 0.25, 1, null),
  },
  { requiredKeys: ['key', 'value'] },
)
const soundText = fc.constantFrom('a', 'Which one?', 'é', 'x'.repeat(40))
const soundAnswer = fc.record({ questionId: fc.constantFrom('q1', 'x'.repeat(40)), answer: soundText })
const soundPatch = fc.record(
  {
    append_known_facts: fc.option(fc.uniqueArray(soundFact, { maxLength: 3, selector: (fact) => fact.key })),
    replace_plan: fc.option(fc.constant(plan)),
    open_questions: fc.option(fc.array(soundText, { maxLength: 2 })),
    answer_questions: fc.option(fc.array(soundAnswer, { maxLength: 2 })),
  },
  { requiredKeys: [] },
)
const odd: fc.Arbitrary<Json> = fc.oneof(
  text,
  key,
  fc.constantFrom<Json[]>(0, 1, 100, 101, -1, 0.5, true, null, [], {}, [1], ['a'], [{}], [null]),
)
const names = [
  'key',
  'value',
  'kind',
  'priority',
  'confidence',
  'questionId',
  'answer',
  'append_known_facts',
  'replace_plan',
  'open_questions',
  'answer_questions',
  'goal',
  'tasks',
  'id',
  'name',
  'other',
  '0',
]

/** A sound patch with up to three members set, added or taken away anywhere. */
const anyPatch = fc
  .tuple(
    soundPatch,
    fc.array(fc.record({ at: fc.nat(), key: fc.constantFrom(...names), value: fc.option(odd, { nil: undefined }) }), {
      maxLength: 3,
    }),
  )
  .map(([patch, changes]) => {
    // A copy, as JSON has it.
    const copy: Json = JSON.parse(JSON.stringify(patch))
    for (const { at, key: name, value } of changes) {
      const places = placesIn(copy)
      const place = places[at % places.length]
      // Null in a plan is for readers that fill in forms: the schema of a plan has none.
      if (place === undefined || (value === null && place.isOfPlan)) continue
      if (Array.isArray(place.value) ? name !== '0' : name === '0') continue
      if (value === undefined && !Array.isArray(place.value)) Reflect.deleteProperty(place.value, name)
      else if (value !== undefined) Reflect.set(place.value, name, structuredClone(value))
    }
    return copy
  })

type Place = { readonly value: object; readonly isOfPlan: boolean }

function placesIn(value: unknown, isOfPlan = false): readonly Place[] {
  if (typeof value !== 'object' || value === null) return []
  return [
    { value, isOfPlan },
    ...Object.entries(value).flatMap(([name, part]) => placesIn(part, isOfPlan || name === 'replace_plan')),
  ]
}

/** What no schema says: no key twice, and no value that is long as JSON. */
function isBeyondSchema(value: Json): boolean {
  const { append_known_facts: facts } = value as { append_known_facts?: Json }
  if (!Array.isArray(facts)) return false
  const keys = facts.flatMap((fact: { key?: Json } | null) => (typeof fact?.key === 'string' ? fact.key : []))
  const isLong = facts.some((fact: { value?: Json } | null) => (JSON.stringify(fact?.value) ?? '').length > 40)
  return isLong || new Set(keys).size < keys.length
}

describe('the schema of a patch', () => {
  // Without the bound on time that schemas of others get: it costs more than the check.
  const fits = (schema: JsonObject) => {
    const check = compile(schema, '2020-12')
    return (value: Json) => check(value) === true
  }

  test('says of generated patches what the reader says', () => {
    const isFitting = fits(patchSchema(limits))
    const counts = { patch: 0, problem: 0 }
    fc.assert(
      fc.property(anyPatch, (value) => {
        fc.pre(!isBeyondSchema(value))
        const read = readPatch(value, limits)
        counts[read.type] += 1
        if (isFitting(value) !== (read.type === 'patch'))
          throw new Error(`the schema says otherwise: ${JSON.stringify(read)}`)
      }),
      { numRuns: 2_000 },
    )
    expect(Math.min(counts.patch, counts.problem), 'both were seen often').toBeGreaterThan(500)
  })

  test('with a planner`s names takes plans of these alone, and without a schema of plans none', () => {
    const names = planSchemaFor({ tools: ['close'], specialists: [], checkers: [] })
    const planWith = (tool: string) => ({
      replace_plan: { goal: 'g', tasks: [{ id: 'a', name: 'a', tool, input: {} }] },
    })
    expect(fits(patchSchema(factLimits, names))(planWith('close'))).toBe(true)
    expect(fits(patchSchema(factLimits, names))(planWith('open'))).toBe(false)
    expect(fits(patchSchema(factLimits, null))(planWith('close'))).toBe(false)
    expect(fits(patchSchema(factLimits, null))({ open_questions: ['Why?'] })).toBe(true)
  })

  test('has a limit on every list, as the reader has', () => {
    const isFitting = fits(patchSchema(limits))
    for (const [count, type] of [
      [100, 'patch'],
      [101, 'problem'],
    ] as const) {
      const facts = Array.from({ length: count }, (_, index) => ({ key: `f${index}`, value: index }))
      const answers = facts.map(() => ({ questionId: 'q1', answer: 'Yes.' }))
      for (const part of [
        { append_known_facts: facts },
        { answer_questions: answers },
        { open_questions: facts.map(({ key }) => `${key}?`) },
      ])
        expect([isFitting(part), readPatch(part, limits).type]).toEqual([type === 'patch', type])
    }
  })

  test('is found out where it takes any key', () => {
    const loose = JSON.parse(JSON.stringify(patchSchema(limits)).replace(/"pattern":"\^\[A-Za-z0-9[^"]*",/, ''))
    expect(fits(loose)({ append_known_facts: [{ key: 'a b', value: 1 }] })).toBe(true)
    expect(readPatch({ append_known_facts: [{ key: 'a b', value: 1 }] }, limits).type).toBe('problem')
  })
})
