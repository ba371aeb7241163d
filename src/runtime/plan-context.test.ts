import { expect, test } from 'vitest'
import { z } from 'zod'
import type { InputProblem, Json, JsonObject, PlanLimits } from '../core/index.ts'
import { validatePlan } from '../core/index.ts'
import { scripted } from '../models/scripted.ts'
import { open } from '../policies/index.ts'
import type { Schema } from '../ports/index.ts'
import { jsonSchema } from '../schemas/json-schema.ts'
import { agent, tool } from './define.ts'
import { planContextOf } from './plan-context.ts'

const limits: PlanLimits = { maxTasks: 100, maxSteps: 50, maxDepth: 4, eventsLeft: null }

const pay = z.strictObject({
  amount: z.number(),
  lines: z.array(z.union([z.object({ sku: z.string() }), z.string()])),
})

function contextOf(input: Schema, effect: 'read' | 'unsafe' = 'unsafe') {
  const only = tool({ name: 'pay', description: 'Pays.', effect, input, run: () => null })
  const agentOf = agent({
    name: 'payer',
    instructions: 'Pay.',
    model: scripted([]),
    tools: [only],
    policies: [open('pay')],
  })
  return planContextOf(agentOf, { mode: 'strict', limits })
}

function problemsOf(schema: Schema, input: Json): readonly InputProblem[] | undefined {
  return contextOf(schema).tools.get('pay')?.checkInput(input)
}

/** The description of another schema, with a `validate` of its own. */
function validating(validate: (value: unknown) => unknown): Schema {
  const schema = z.object({})
  // A schema of a stranger: what it answers is only known when it has answered.
  return { '~standard': { ...schema['~standard'], validate } } as unknown as Schema
}

test('tools are known with their effect class, in the mode and under the limits that were asked for', () => {
  const context = contextOf(pay, 'read')
  expect([...context.tools].map(([name, { effect }]) => [name, effect])).toEqual([['pay', 'read']])
  expect(context).toMatchObject({ mode: 'strict', limits })
})

test('every issue of an input is told with its path, also one of a union', () => {
  expect(problemsOf(pay, { amount: 3, lines: [{ sku: 'a' }, 'b'] })).toEqual([])
  const problems = problemsOf(pay, { amount: 'much', lines: ['b', { sku: 3 }], colour: 'red' })
  expect(problems?.map(({ path }) => path)).toEqual([['amount'], ['lines', 1], ['colour']])
  const many = Array.from({ length: 30 }, (_, index) => index)
  expect(problemsOf(pay, { amount: 3, lines: many })).toHaveLength(30)
})

test('a path may be written with objects, and what an issue quotes is cut', () => {
  const issues = [{ message: 'x'.repeat(5_000), path: [{ key: 'a' }, 0, { key: 1 }] }]
  const [problem] =
    problemsOf(
      validating(() => ({ issues })),
      {},
    ) ?? []
  expect(problem?.path).toEqual(['a', 0, 1])
  expect(problem?.message.length).toBeLessThan(1_100)
})

test.each<readonly [how: string, validate: () => unknown]>([
  ['waits', () => new Promise(() => {})],
  ['waits and fails', () => Promise.reject(new Error('late'))],
  [
    'fails',
    () => {
      throw new Error('a refine met a reference')
    },
  ],
])('a schema that %s has said nothing, and harms nobody', (_how, validate) => {
  expect(problemsOf(validating(validate), { amount: 'x' })).toEqual([])
})

test('a hand-written schema tells every issue: a union of many has more of them than a person reads', () => {
  const kinds = Array.from({ length: 12 }, (_, index) => ({
    type: 'object',
    properties: { kind: { const: `k${index}` }, [`f${index}`]: { type: 'string' } },
    required: ['kind', `f${index}`],
  }))
  const numbers = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`n${index}`, { type: 'number' }]))
  const schema = jsonSchema({ type: 'object', properties: { ...numbers, block: { anyOf: kinds } } })
  const codesOf = (input: JsonObject) => {
    const tasks = [
      { id: 'a', name: 'A' },
      { id: 'b', name: 'B', dependsOn: ['a'], tool: 'pay', input },
    ]
    return validatePlan({ goal: 'Pay', tasks }, contextOf(schema)).problems.map(({ code }) => code)
  }
  const from = { $from: 'a' }
  expect(codesOf({ block: { kind: 'k11', f11: from } })).toEqual([])
  const references = Object.fromEntries(Object.keys(numbers).map((name) => [name, from]))
  expect(codesOf(references)).toEqual([])
  expect(codesOf({ ...references, n11: 'text' })).toEqual(['invalid_input'])
})

test('a plan is refused for what its tool cannot take, and not for references', () => {
  const task = (input: Json) => ({
    goal: 'Pay',
    tasks: [
      { id: 'a', name: 'A' },
      { id: 'b', name: 'B', dependsOn: ['a'], tool: 'pay', input },
    ],
  })
  const codesOf = (input: Json) => validatePlan(task(input), contextOf(pay)).problems.map(({ code }) => code)
  expect(codesOf({ amount: { $from: 'a', path: '/amount' }, lines: [{ $from: 'a' }] })).toEqual([])
  expect(codesOf({ amount: { $from: 'a', path: '/amount' }, lines: 'none' })).toEqual(['invalid_input'])
})
