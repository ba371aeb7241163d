/** The public schema of a plan against the reader of plans: whoever writes by the one is read by the other, and no one else. */
import fc from 'fast-check'
import { admit, type Json, planSchema, planSchemaFor, readPlan } from 'pawl/core'
import { jsonSchema } from 'pawl/tools'
import { describe, expect, test } from 'vitest'

function fits(schema: ReturnType<typeof jsonSchema>, value: unknown): boolean {
  const result = schema['~standard'].validate(value)
  if (result instanceof Promise) throw new Error('the schema answers at once')
  return result.issues === undefined
}

const text = fc.constantFrom(
  'a',
  'T1',
  'b c',
  '',
  '__proto__',
  'constructor',
  '$item',
  'root',
  'd-c7',
  'd-c',
  'a'.repeat(64),
  'a'.repeat(65),
  'é',
)
const sound = fc.constantFrom('a', 'T1', 'x.y-z_0')
const number = fc.constantFrom(0, 1, 5, -1, 1.5, 1e15)
const reference = fc.record({ $from: sound, path: fc.constantFrom('', '/x') }, { requiredKeys: ['$from'] })
/** The border's own rules come first: integers that a double cannot hold, keys that mean something to the language. */
const anyJson = fc
  .jsonValue()
  .filter((value) => admit(value, { maxDepth: 32, maxBytes: 100_000 }, 'refuse').type === 'ok')
const taskFields = {
  id: sound,
  name: sound,
  description: text,
  dependsOn: fc.array(text),
  needs: fc.constantFrom('completed', 'settled'),
  parent: text,
  specialist: text,
  tools: fc.array(text),
  tool: text,
  input: anyJson,
  timeoutMs: fc.constantFrom(1, 500),
  expectedMs: fc.nat(),
  cap: fc.record({ turns: fc.constant(3), tokens: fc.constant(9), costMicroUsd: fc.constant(1) }, { requiredKeys: [] }),
  accept: fc.oneof(fc.record({ schema: fc.constantFrom({}, { type: 'object' }) }), fc.record({ checker: text })),
  exclusive: fc.boolean(),
  optional: fc.boolean(),
  forEach: reference,
} as const
const soundTask = fc.record(taskFields, { requiredKeys: ['id', 'name'] })
const soundPlan = fc.record(
  {
    goal: sound,
    notes: text,
    criticalPath: fc.array(text),
    tasks: fc.array(soundTask, { minLength: 1, maxLength: 3 }),
  },
  { requiredKeys: ['goal', 'tasks'] },
)
const odd: fc.Arbitrary<Json> = fc.oneof(
  text,
  number,
  fc.boolean(),
  fc.constant(null),
  fc.constant([]),
  fc.constant({}),
  fc.constant({ schema: 1 }),
  fc.constant({ schema: {}, checker: 'a' }),
  fc.constant({ $from: 'a', other: 1 }),
  fc.constant({ turns: 0 }),
  fc.constant([1]),
  fc.constant('settled'),
)

/** A sound plan with one to three members set, added or taken away anywhere. */
const anyPlan = fc
  .tuple(
    soundPlan,
    fc.array(
      fc.record({
        at: fc.nat(),
        key: fc.constantFrom(
          ...Object.keys(taskFields),
          'goal',
          'tasks',
          'version',
          'status',
          'turns',
          '$from',
          'path',
          'schema',
        ),
        value: fc.option(odd, { nil: undefined }),
      }),
      { maxLength: 3 },
    ),
  )
  .map(([plan, changes]) => {
    // A copy, as JSON has it.
    const copy: Json = JSON.parse(JSON.stringify(plan))
    for (const { at, key, value } of changes) {
      const places = objectsIn(copy)
      const place = places[at % places.length]
      if (place === undefined) continue
      if (value === undefined) Reflect.deleteProperty(place, key)
      else Reflect.set(place, key, structuredClone(value))
    }
    return copy
  })

/** The plan, its tasks, and the objects in these. */
function objectsIn(value: unknown): readonly object[] {
  if (typeof value !== 'object' || value === null) return []
  const inner = Object.values(value).flatMap(objectsIn)
  return Array.isArray(value) ? inner : [value, ...inner]
}

describe('the schema of a plan', () => {
  const schema = jsonSchema(planSchema)

  test('says of generated plans what the reader says', () => {
    const counts = { read: 0, refused: 0 }
    fc.assert(
      fc.property(anyPlan, (value) => {
        const read = readPlan(value)
        counts[read.type === 'read' ? 'read' : 'refused'] += 1
        expect(fits(schema, value), JSON.stringify(read)).toBe(read.type === 'read')
      }),
      { numRuns: 2_000 },
    )
    expect(Math.min(counts.read, counts.refused), 'both were seen often').toBeGreaterThan(200)
  })

  test('is of values: the reader fills `dependsOn` in, and changes nothing else', () => {
    fc.assert(
      fc.property(soundPlan, (value) => {
        const read = readPlan(value)
        const filled = { ...value, tasks: value.tasks.map((task) => ({ dependsOn: [], ...task })) }
        expect(read).toEqual({ type: 'read', plan: JSON.parse(JSON.stringify(filled)) })
      }),
    )
  })

  test('for a planner has only names that there are', () => {
    const own = jsonSchema(planSchemaFor({ tools: ['search'], specialists: ['reader'], checkers: ['is_table'] }))
    const planWith = (fields: object) => ({ goal: 'g', tasks: [{ id: 'a', name: 'n', ...fields }] })
    for (const [fields, expected] of [
      [{ tool: 'search', input: 1 }, true],
      [{ tool: 'other' }, false],
      [{ tools: ['search'] }, true],
      [{ tools: ['other'] }, false],
      [{ specialist: 'reader' }, true],
      [{ specialist: 'other' }, false],
      [{ accept: { checker: 'is_table' } }, true],
      [{ accept: { checker: 'other' } }, false],
      [{ accept: { schema: {} } }, true],
    ] as const)
      expect([fields, fits(own, planWith(fields))]).toEqual([fields, expected])
    const bare = jsonSchema(planSchemaFor({ tools: [], specialists: [], checkers: [] }))
    for (const fields of [{ tool: 'a' }, { tools: [] }, { specialist: 'a' }, { accept: { checker: 'a' } }])
      expect(fits(bare, planWith(fields))).toBe(false)
    expect(fits(bare, planWith({ accept: { schema: {} } }))).toBe(true)
  })
})
