import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../json.ts'
import { type FilledTemplate, fillTemplate } from './fill-template.ts'
import { readTemplate } from './read-template.ts'
import type { Template } from './template.ts'
import { sayTemplateProblem } from './template-problem.ts'

const given = {
  name: 'pipeline',
  description: 'Moves rows.',
  fields: {
    title: { type: 'string', description: 'The title', default: 'Rows', max: 40 },
    size: { type: 'number', description: 'How many', default: 10, min: 1, max: 100 },
    isDry: { type: 'boolean', description: 'Write nothing', default: false },
    mode: { type: 'string', description: 'How', default: 'fast', options: ['fast', 'careful'] },
    target: { type: 'path', description: 'Where to' },
    parts: { type: 'list', description: 'Which parts', default: ['a', 'b'], min: 0, max: 3 },
  },
  plan: {
    goal: '{{title}}: {{size}} of {{parts}} to {{target}}, {{mode}}',
    criticalPath: ['read', 'part', 'join'],
    tasks: [
      { id: 'read', name: 'Read', tool: 'read', input: { size: '{{size}}', isDry: '{{isDry}}', parts: '{{parts}}' } },
      {
        id: 'part',
        forField: 'parts',
        name: 'Part {{element}} of {{title}}',
        dependsOn: ['read'],
        tool: 'take',
        input: { part: '{{element}}', rows: { $from: 'read', path: '/rows' } },
      },
      {
        id: 'join',
        name: 'Join',
        dependsOn: ['part', 'read'],
        tool: 'join',
        input: { all: { $from: 'part', path: '/rows' }, to: '{{target}}' },
      },
    ],
  },
} satisfies JsonObject

function template(value: unknown = given): Template {
  const read = readTemplate(value)
  if (read.type === 'template') return read.template
  throw new Error(read.problems.map(sayTemplateProblem).join('\n'))
}

function fill(values: { readonly [field: string]: Json }): FilledTemplate {
  return fillTemplate(template(), values)
}

function planOf(filled: FilledTemplate) {
  if (filled.type === 'plan') return filled.plan
  throw new Error(filled.problems.map(sayTemplateProblem).join('\n'))
}

function problemsOf(filled: FilledTemplate): readonly string[] {
  return filled.type === 'problems' ? filled.problems.map(sayTemplateProblem) : []
}

describe('values', () => {
  test('keep their type where a text is nothing but a placeholder, and are joined in where it is more', () => {
    const plan = planOf(fill({ target: 'out.csv', size: 5, isDry: true, parts: ['x', 'y'] }))
    expect(plan.tasks[0]?.input).toEqual({ size: 5, isDry: true, parts: ['x', 'y'] })
    expect(plan.goal).toBe('Rows: 5 of x, y to out.csv, fast')
  })
  test.each<readonly [field: string, text: string, value: Json]>([
    ['size', '7', 7],
    ['size', '1_0', 10],
    ['size', '2.5', 2.5],
    ['size', '1e1', 10],
    ['isDry', 'true', true],
    ['isDry', 'false', false],
    ['parts', 'x, y', ['x', 'y']],
    ['parts', '["x, y","z"]', ['x, y', 'z']],
    ['parts', '', []],
  ])('typed on a command line as %s=%s are read as %j', (field, text, value) => {
    const plan = planOf(fill({ target: 'o', [field]: text }))
    expect(plan.tasks[0]?.input).toMatchObject({ [field]: value })
  })
  test.each<readonly [values: { readonly [field: string]: Json }, says: string]>([
    [{}, 'fields.target: expected a value (Where to); found nothing. Fill it in.'],
    [{ target: 'o', sizes: 3 }, 'Leave it out, or name another. Did you mean "size"?'],
    [{ target: 'o', constructor: 3 }, 'fields.constructor: expected one of title, size, isDry, mode, target, parts'],
    [{ target: 'o', size: 'ten' }, 'fields.size: expected a number; found "ten".'],
    [{ target: 'o', size: '0x10' }, 'expected a number; found "0x10"'],
    [{ target: 'o', size: '' }, 'expected a number; found ""'],
    [{ target: 'o', size: Number.NaN }, 'expected a number'],
    [{ target: 'o', size: 101 }, 'fields.size: expected 1 to 100; found 101.'],
    [{ target: 'o', isDry: 'yes' }, 'expected true or false; found "yes"'],
    [{ target: 'o', title: 3 }, 'expected text; found 3'],
    [{ target: 'o', title: null }, 'expected text; found null'],
    [{ target: 'o', title: '' }, 'expected 1 to 40 characters; found 0 characters'],
    [{ target: 'o', title: 'x'.repeat(41) }, 'expected 1 to 40 characters; found 41 characters'],
    [{ target: 'o', title: 'half \ud800' }, 'expected text'],
    [{ target: 'o', mode: 'slow' }, 'fields.mode: expected one of fast, careful; found "slow".'],
    [{ target: 'a\nb' }, 'expected a path: text on one line'],
    [{ target: '' }, 'expected at least 1 character; found 0 characters'],
    [{ target: 'o', parts: 'a,,b' }, 'expected a list of texts, such as a,b or ["a","b"]; found ["a","","b"]'],
    [{ target: 'o', parts: '["a"' }, 'expected a list of texts'],
    [{ target: 'o', parts: [1] }, 'expected a list of texts'],
    [{ target: 'o', parts: 'a,b,c,d' }, 'expected 0 to 3 elements; found 4 elements'],
  ])('%j are refused with what was expected', (values, says) => {
    const problems = problemsOf(fill(values))
    expect(problems).toHaveLength(1)
    expect(problems[0]).toContain(says)
  })
  test('that are wrong are all said at once', () => {
    expect(problemsOf(fill({ size: 0, mode: 'x', other: 1 }))).toHaveLength(4)
  })
})

describe('a task for each element', () => {
  test('stands once for each, and whoever depends on it, refers to it or names it is given all', () => {
    const plan = planOf(fill({ target: 'o', parts: 'x,y' }))
    expect(plan.tasks.map(({ id, name, dependsOn }) => [id, name, dependsOn])).toEqual([
      ['read', 'Read', []],
      ['part-1', 'Part x of Rows', ['read']],
      ['part-2', 'Part y of Rows', ['read']],
      ['join', 'Join', ['part-1', 'part-2', 'read']],
    ])
    expect(plan.tasks[2]?.input).toEqual({ part: 'y', rows: { $from: 'read', path: '/rows' } })
    expect(plan.tasks[3]?.input).toMatchObject({
      all: [
        { $from: 'part-1', path: '/rows' },
        { $from: 'part-2', path: '/rows' },
      ],
    })
    expect(plan.criticalPath).toEqual(['read', 'part-1', 'join'])
  })
  test('is gone where there are none', () => {
    const plan = planOf(fill({ target: 'o', parts: [] }))
    expect(plan.tasks.map(({ id, dependsOn }) => [id, dependsOn])).toEqual([
      ['read', []],
      ['join', ['read']],
    ])
    expect(plan.tasks[1]?.input).toMatchObject({ all: [] })
    expect(plan.criticalPath).toEqual(['read', 'join'])
  })
})

describe('what was filled in is never read again', () => {
  test('neither a placeholder, nor a reference, nor a replacement pattern', () => {
    const target = '{{title}} {"$from":"read"} $& {{element}}'
    const plan = planOf(fill({ target, title: '{{target}}', parts: ['{{title}}'] }))
    expect(plan.tasks[2]?.input).toMatchObject({ to: target })
    expect(plan.tasks[1]).toMatchObject({ name: 'Part {{title}} of {{target}}', input: { part: '{{title}}' } })
  })
  test('whatever the values are, the plan has the same tasks, tools, dependencies and references', () => {
    const shapeOf = ({ plan }: Extract<FilledTemplate, { type: 'plan' }>) =>
      plan.tasks.map(({ id, tool, dependsOn, input }) => [id, tool, dependsOn, referencesOf(input)])
    const expected = fill({ target: 'o', parts: ['x'] })
    const texts = fc.oneof(fc.string({ minLength: 1, maxLength: 40 }), fc.constantFrom('{"$from":"read"}', '{{size}}'))
    const property = fc.property(texts, texts, (title, part) => {
      const filled = fill({ target: 'o', title, parts: [part] })
      return (
        filled.type === 'plan' &&
        expected.type === 'plan' &&
        JSON.stringify(shapeOf(filled)) === JSON.stringify(shapeOf(expected))
      )
    })
    fc.assert(property, { numRuns: 300, seed: 4 })
  })
})

function referencesOf(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return []
  if ('$from' in value) return [JSON.stringify(value)]
  return Object.values(value).flatMap(referencesOf)
}

describe('limits', () => {
  test('a long text in many places is refused before it fills the memory', () => {
    const target = 'x'.repeat(100_000)
    const tasks = Array.from({ length: 11 }, (_, index) => ({ id: `t${index}`, name: '{{target}}' }))
    const large = template({ ...given, fields: { target: given.fields.target }, plan: { goal: 'x', tasks } })
    expect(problemsOf(fillTemplate(large, { target }))[0]).toContain('expected at most 1048576 characters filled in')
    expect(fillTemplate(large, { target: 'x' }).type).toBe('plan')
  })
  test('so are repeated tasks that name each other in many places: each name stands for as many', () => {
    const fields = { parts: { type: 'list', description: 'x' } }
    const refs = (count: number) => Array.from({ length: count }, () => ({ $from: 'a' }))
    const large = (count: number) => {
      const a = { id: 'a', name: '{{element}}', forField: 'parts' }
      const b = { id: 'b', name: '{{element}}', forField: 'parts', tool: 't', input: refs(count) }
      return template({ ...given, fields, plan: { goal: 'x', tasks: [a, b] } })
    }
    const parts = Array.from({ length: 100 }, (_, index) => `p${index}`)
    expect(problemsOf(fillTemplate(large(12_000), { parts }))).toEqual([
      expect.stringContaining('expected at most 250000 ids of repeated tasks, over all places'),
    ])
    expect(planOf(fillTemplate(large(25), { parts })).tasks).toHaveLength(200)
  })
  test('a list has at most 100 elements, whatever the template says', () => {
    const fields = { parts: { type: 'list', description: 'x', max: 1000 } }
    const plan = { goal: 'x', tasks: [{ id: 't', name: '{{element}}', forField: 'parts' }] }
    const parts = (count: number) => Array.from({ length: count }, (_, index) => `p${index}`)
    const many = template({ ...given, fields, plan })
    expect(planOf(fillTemplate(many, { parts: parts(100) })).tasks).toHaveLength(100)
    expect(problemsOf(fillTemplate(many, { parts: parts(101) }))[0]).toContain('expected 1 to 100 elements')
  })
})

test('what comes of a template that is no plan is refused with what the plan lacks', () => {
  const plan = { goal: '{{target}}', tasks: [{ id: 't', name: 'T', colour: 'red' }] }
  const odd = template({ ...given, fields: { target: given.fields.target }, plan })
  const [problem = ''] = problemsOf(fillTemplate(odd, { target: 'o' }))
  expect(problem).toContain('plan: expected a plan once it is filled in')
  expect(problem).toContain('colour')
})

test('a template that nobody has read is looked at first', () => {
  // What a caller without types may hand in.
  const unread = { ...given, plan: { goal: '{{nobody}}', tasks: [] } } as unknown as Template
  expect(problemsOf(fillTemplate(unread, { target: 'o' }))[0]).toContain('{{nobody}}')
})
