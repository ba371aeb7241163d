/** The three templates that ship: each is filled in, and looked at against tools as its example has them. */
import { readdirSync, readFileSync } from 'node:fs'
import {
  fillTemplate,
  type Json,
  type ProposedPlan,
  readTemplate,
  sayTemplateProblem,
  type Template,
  templateSchema,
  validatePlan,
} from 'pawl/core'
import { describe, expect, test } from 'vitest'
import { compile } from '../../src/schemas/ajv.ts'
import { contextFor } from './shipped.fixture.ts'

const folder = new URL('../../templates/', import.meta.url)
const names = readdirSync(folder).map((file) => file.replace(/\.json$/, ''))

const json = (name: string): unknown => JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8'))

function template(name: string): Template {
  const read = readTemplate(json(name))
  if (read.type === 'template') return read.template
  throw new Error(read.problems.map(sayTemplateProblem).join('\n'))
}

function filled(name: string, values: { readonly [field: string]: Json }): ProposedPlan {
  const result = fillTemplate(template(name), values)
  if (result.type === 'plan') return result.plan
  throw new Error(result.problems.map(sayTemplateProblem).join('\n'))
}

const question = 'How does a session survive a crash?'
const typed: { readonly [name: string]: { readonly [field: string]: Json } } = {
  'research-report': { question, topics: 'fences, the log, effect classes' },
  'code-review': { from: 'HEAD~1', checks: 'types,lint' },
  'data-pipeline': { source: 'in.csv', target: 'out.csv', columns: 'id,name', batchSize: '2', maxInvalid: '1' },
}

test('are these, each in a file of its name, as the README and the design name them', () => {
  expect(names).toEqual(['code-review', 'data-pipeline', 'research-report'])
  for (const name of names) expect(template(name).name).toBe(name)
})

describe.each(names)('%s', (name) => {
  test('makes a plan without problems or warnings, from values as they are typed', () => {
    expect(validatePlan(filled(name, typed[name] ?? {}), contextFor(name))).toEqual({ problems: [], warnings: [] })
  })
  test('would be refused by an agent without its tools', () => {
    const { problems } = validatePlan(filled(name, typed[name] ?? {}), { ...contextFor(name), tools: new Map() })
    expect(problems.map(({ code }) => code)).toContain('unknown_tool')
  })
  test('fits the public schema of templates', () => {
    const fits = compile(templateSchema, '2020-12')
    expect([fits(json(name)), fits.errors]).toEqual([true, null])
  })
  test('writes by direct calls only, whose inputs policy can look at, and ends in an answer that names what is missing', () => {
    const { tasks } = filled(name, typed[name] ?? {})
    const writers = tasks.filter(({ tools = [] }) => tools.some((tool) => tool.startsWith('write_')))
    expect(writers).toEqual([])
    const summing = tasks.filter(({ needs, accept }) => {
      const schema = accept !== undefined && 'schema' in accept ? accept.schema : {}
      return needs === 'settled' && JSON.stringify(schema['required']).includes('"missing"')
    })
    expect(summing).toHaveLength(1)
  })
})

test('research looks into the topics side by side, and hears of those that failed', () => {
  const { tasks, goal } = filled('research-report', typed['research-report'] ?? {})
  expect(goal).toBe(`Answer from the documents in docs: ${question}`)
  const topics = tasks.filter(({ id }) => id.startsWith('research-'))
  expect(topics.map(({ name, dependsOn }) => [name, dependsOn])).toEqual([
    ['Research: fences', ['list']],
    ['Research: the log', ['list']],
    ['Research: effect classes', ['list']],
  ])
  expect(tasks.find(({ id }) => id === 'analyze')).toMatchObject({
    dependsOn: ['research-1', 'research-2', 'research-3'],
    needs: 'settled',
  })
})

test('a review runs its checks beside its reviewers', () => {
  const { tasks } = filled('code-review', typed['code-review'] ?? {})
  expect(tasks.filter(({ dependsOn }) => dependsOn.length === 0).map(({ id }) => id)).toEqual([
    'diff',
    'check-1',
    'check-2',
  ])
  expect(tasks[1]?.input).toEqual({ check: 'types', from: 'HEAD~1', to: 'HEAD', paths: ['.'] })
})

test('a pipeline takes its numbers as numbers, and writes nothing where too many rows are invalid', () => {
  const { tasks } = filled('data-pipeline', typed['data-pipeline'] ?? {})
  const task = (id: string) => tasks.find((each) => each.id === id)
  expect(task('split')?.input).toEqual({ rows: { $from: 'clean' }, size: 2 })
  expect(task('transform')?.forEach).toEqual({ $from: 'split', path: '/batches' })
  const accept = task('validate')?.accept
  const fits = compile(accept !== undefined && 'schema' in accept ? accept.schema : {}, '2020-12')
  const valid = [{ id: '1' }]
  expect(fits({ counts: { valid: 1, invalid: 1 }, valid, invalid: [{}] })).toBe(true)
  expect(fits({ counts: { valid: 1, invalid: 1 }, valid, invalid: [{}, {}] })).toBe(false)
  expect(fits({ counts: { valid: 1, invalid: 2 }, valid, invalid: [{}] })).toBe(false)
  expect(fits({ counts: { valid: 1, invalid: 0 }, valid: [], invalid: [] })).toBe(false)
  expect(fits({ valid, invalid: [] })).toBe(false)
})

test('the schema of templates refuses what is none', () => {
  const fits = compile(templateSchema, '2020-12')
  for (const name of names) {
    const sound = template(name)
    expect(fits({ ...sound, name: 'Not A Name' })).toBe(false)
    expect(fits({ ...sound, fields: { x: { type: 'text', description: 'x' } } })).toBe(false)
    expect(fits({ ...sound, plan: { goal: 'x' } })).toBe(false)
    expect(fits({ ...sound, colour: 'red' })).toBe(false)
  }
})
