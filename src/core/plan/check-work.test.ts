import { describe, expect, test } from 'vitest'
import type { Json } from '../json.ts'
import { context, plan, problemsOf, shown, task } from './plan-context.fixture.ts'
import type { InputProblem } from './plan-context.ts'

describe('an input with references', () => {
  const before = task('b')
  const withInput = (input: Json) => plan(before, task('a', { dependsOn: ['b'], tool: 'search', input }))
  const reference = { $from: 'b', path: '/x' }

  test('is not blamed for what the references will be', () => {
    expect(problemsOf(withInput({ query: reference }))).toEqual([])
    expect(problemsOf(withInput({ query: { deep: reference } })), 'also above it, where a union may fail').toEqual([])
    expect(problemsOf(withInput(reference))).toEqual([])
  })

  test('is blamed for what no value of them can mend', () => {
    expect(shown(problemsOf(withInput({ limit: reference })))).toEqual(['invalid_input a'])
    expect(problemsOf(withInput({ query: reference, limit: 'many' }))[0]?.message).toContain('limit must be number')
    expect(problemsOf(withInput({ query: 'x', colour: reference }))[0]?.message).toContain(
      'colour is not a known field',
    )
  })

  /** As ajv blames `{ kind: 'a', x: string } | { kind: 'b', y: number }`: every branch, then the union. */
  const branches: readonly InputProblem[] = [
    { path: ['to', 'x'], message: 'must be string' },
    { path: ['to', 'kind'], message: 'must be "b"' },
    { path: ['to', 'y'], message: 'is missing' },
    { path: ['to', 'x'], message: 'is not a known field', isUnknownField: true },
    { path: ['to'], message: 'must match a schema in anyOf' },
  ]

  function unionOf(issues: readonly InputProblem[], input: Json): readonly string[] {
    const tools = new Map([['send', { effect: 'unsafe' as const, checkInput: () => issues }]])
    return shown(problemsOf(plan(before, task('a', { dependsOn: ['b'], tool: 'send', input })), context({ tools })))
  }

  test('is not blamed for the branches of a union that hold one', () => {
    expect(unionOf(branches, { to: { kind: 'a', x: reference } })).toEqual([])
    expect(unionOf(branches, { to: { kind: 'a', x: 1 } }), 'without one it is').toEqual(['invalid_input a'])
    const beside: InputProblem = { path: ['subject'], message: 'is missing' }
    expect(unionOf([...branches, beside], { to: { kind: 'a', x: reference } })).toEqual(['invalid_input a'])
  })

  test('is not blamed as a whole, where one without any is', () => {
    const whole = [{ path: [], message: 'must match a schema in anyOf' }]
    expect(unionOf(whole, { kind: 'a', x: reference })).toEqual([])
    expect(unionOf(whole, { kind: 'c', x: 'y' })).toEqual(['invalid_input a'])
  })

  test('is not refused because the check fails on what it did not expect', () => {
    const tools = new Map([
      [
        'send',
        {
          effect: 'unsafe' as const,
          checkInput: () => {
            throw new TypeError('no text')
          },
        },
      ],
    ])
    expect(problemsOf(plan(task('a', { tool: 'send', input: {} })), context({ tools }))).toEqual([])
  })
})
