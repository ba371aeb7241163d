import { describe, expect, test } from 'vitest'
import type { ToolContext } from '../ports/index.ts'
import { describeSchema } from '../ports/index.ts'
import { type AskHumanInput, askHuman, jsonSchema } from './index.ts'

const tool = askHuman()

function issuesOf(value: unknown): unknown {
  const result = tool.input['~standard'].validate(value)
  if (result instanceof Promise) throw new Error('answers at once')
  return result.issues?.map(({ path = [], message }) => `${path.map(String).join('.')}: ${message}`) ?? 'fits'
}

describe('ask_human', () => {
  test('a question without options, with options, and for a field', () => {
    expect(tool.asks?.({ question: 'Which account?' })).toEqual({ text: 'Which account?', options: [] })
    expect(tool.asks?.({ question: 'Which one?', options: ['a', 'b'], field: 'accountId' })).toEqual({
      text: 'Which one?',
      options: ['a', 'b'],
      field: 'accountId',
    })
  })

  test('it reads, has the name that is given, and never runs', () => {
    expect(tool).toMatchObject({ name: 'ask_human', effect: 'read' })
    expect(askHuman({ name: 'ask_billing' }).name).toBe('ask_billing')
    const context = {} as ToolContext
    expect(() => tool.run({ question: 'Why?' }, context)).toThrow(expect.objectContaining({ code: 'never_runs' }))
  })

  const values: readonly (readonly [value: unknown, issues: unknown])[] = [
    [{ question: 'Why?' }, 'fits'],
    [{ question: 'Why?', options: [] }, 'fits'],
    [{ question: 'Why?', options: ['a', 'b'], field: 'reason' }, 'fits'],
    [{}, ['question: must be text of 1 to 2000 characters']],
    [{ question: '' }, ['question: must be text of 1 to 2000 characters']],
    [{ question: 'x'.repeat(2_001) }, ['question: must be text of 1 to 2000 characters']],
    [{ question: 'Why?', options: 'a' }, ['options: must be a list of texts']],
    [{ question: 'Why?', options: ['a', 7] }, ['options.1: must be text of 1 to 200 characters']],
    [{ question: 'Why?', options: Array(21).fill('a') }, ['options: must be at most 20']],
    [{ question: 'Why?', field: null }, ['field: must be text of 1 to 100 characters']],
    [{ question: 'Why?', urgency: 'high' }, ['urgency: is not a known field']],
    [null, [': must be an object with a question']],
    [['Why?'], [': must be an object with a question']],
  ]

  test.each(values)('the input %j comes to %j', (value, issues) => {
    expect(issuesOf(value)).toEqual(issues)
  })

  test('what it checks by hand is what it describes', () => {
    const described = jsonSchema<AskHumanInput>(describeSchema(tool.input))
    for (const [value, issues] of values) {
      expect('value' in described['~standard'].validate(value)).toBe(issues === 'fits')
    }
  })
})
