/** What is told of a value that breaks its schema, where a part of it has to be hidden. */
import { expect, test } from 'vitest'
import { z } from 'zod'
import type { JsonObject } from '../core/index.ts'
import type { Schema } from '../ports/index.ts'
import { jsonSchema } from '../schemas/json-schema.ts'
import { tool } from './define.ts'
import { anyTool, calls, world } from './world.fixture.ts'

const KEY = 'pk-3fa9c1d7e5b28460a1f39c72'
const secrets = () => KEY

/** Every six letters of it: no fewer are hidden anywhere. */
const piecesOf = (value: string) => Array.from({ length: value.length - 5 }, (_, at) => value.slice(at, at + 6))

function expectNoPiece(found: unknown, value: string): void {
  const text = JSON.stringify(found)
  expect(piecesOf(value).filter((piece) => text.includes(piece))).toEqual([])
}

/** What the log says of the end of the one call of a tool. */
async function finished(output: Schema, answer: unknown, more: JsonObject = {}) {
  const { effect = 'read', ...others } = more
  const say = anyTool('say', effect as 'read', () => answer, { output, ...others } as object)
  const { start, find } = world({ script: [calls('say'), 'done'], tools: [say], secrets })
  const [event] = await find(await start(), 'call_finished')
  return event
}

const kind = jsonSchema({ properties: { kind: { enum: ['a', 'b'] }, count: { type: 'integer' } } })
/** Cut behind 80 characters: 19 of the secret's would be left. */
const leaking = { kind: `${'x'.repeat(60)}${KEY} and more` }

test.each([
  'read',
  'unsafe',
])('a quote that is cut within a secret is not told: of a tool that is %s', async (effect) => {
  const event = await finished(kind, leaking, { effect, secrets: ['PAY_KEY'] })
  expectNoPiece(event, KEY)
  expect(JSON.stringify(event)).toContain('kind: does not fit; what the schema says of it is not told')
})

test('what the schema says of the rest is told', async () => {
  const event = await finished(kind, { ...leaking, count: 'many' }, { secrets: ['PAY_KEY'] })
  expectNoPiece(event, KEY)
  expect(event?.outcome).toMatchObject({
    type: 'terminal_error',
    message: expect.stringContaining('count: must be integer, found string'),
  })
})

test.each([
  ['that is long', `card-${'0123456789'.repeat(9)}`],
  ['that is too short to be looked for', '4711'],
])('nor is a sensitive field of an output %s', async (_, pin) => {
  const event = await finished(
    jsonSchema({ properties: { pin: { enum: ['none'] } } }),
    { pin },
    { sensitive: ['/pin'] },
  )
  expect(JSON.stringify(event)).not.toContain(pin.slice(0, 4))
  expect(event?.outcome).toMatchObject({ message: expect.stringContaining('pin: does not fit') })
})

test('nor what a schema of another kind has cut, or thrown together with others', async () => {
  const cutting = z.object({
    kind: z.string().refine(() => false, { error: ({ input }) => `"${String(input).slice(0, 80)}…" is none` }),
  })
  expectNoPiece(await finished(cutting, leaking, { secrets: ['PAY_KEY'] }), KEY)
  const quoting = (at: number) => ({
    error: ({ input }: { readonly input?: unknown }) => `${'y'.repeat(at)}${String(input)}`,
  })
  // What a schema says is cut behind 1,000 characters, and the next sentence follows.
  const long = z.object({ kind: z.string().refine(() => false, quoting(925)), z: z.string('is missing') })
  const event = await finished(long, leaking, { secrets: ['PAY_KEY'] })
  expectNoPiece(event, KEY)
  expect(JSON.stringify(event)).toContain('z: is missing')
})

test('nor is a part of a secret with which a schema fails', async () => {
  const throwing = z.object({}).refine(() => {
    throw new Error(`${'y'.repeat(3_980)}${KEY} and more`)
  })
  const event = await finished(throwing, {}, { effect: 'unsafe', secrets: ['PAY_KEY'] })
  expectNoPiece(event, KEY)
  expect(JSON.stringify(event)).toContain('its schema failed: yyy')
})

test('nor is the sensitive field of an input that is refused, and it says that it is an input', async () => {
  const card = `card-${'0123456789'.repeat(9)}`
  const pay = tool({
    name: 'pay',
    description: 'Pays.',
    effect: 'unsafe',
    input: jsonSchema({
      type: 'object',
      properties: { card: { enum: ['none'], 'x-sensitive': true }, amount: { type: 'integer' } },
    }),
    run: () => 1,
  })
  const script = [{ calls: [{ tool: 'pay', input: { card, amount: 'ten' } }] }, 'done']
  const { start, find } = world({ script, tools: [pay] })
  const [event] = await find(await start(), 'call_judged')
  expectNoPiece(event, card)
  expect(event?.judgement).toMatchObject({
    type: 'invalid',
    message: expect.stringMatching(
      /^the input does not fit the tool's schema: .*amount: must be integer, found string$/,
    ),
  })
})

test('of an output nothing is said of an input', async () => {
  const event = await finished(kind, { kind: 'c' })
  expect(event?.outcome).toMatchObject({
    message: 'its output is not what it promises: kind: must be one of ["a","b"], found "c"',
  })
})
