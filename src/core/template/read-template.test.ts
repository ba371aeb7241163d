import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../json.ts'
import { readTemplate } from './read-template.ts'
import { sayTemplateProblem, type TemplateProblem } from './template-problem.ts'

const sound = {
  name: 'greet',
  description: 'Greets people.',
  fields: {
    people: { type: 'list', description: 'Who is greeted' },
    words: { type: 'number', description: 'How many words', default: 3, min: 1, max: 9 },
  },
  plan: {
    goal: 'Greet in {{words}} words',
    tasks: [
      { id: 'hello', forField: 'people', name: 'Greet {{element}}', dependsOn: [] },
      { id: 'end', name: 'End', dependsOn: ['hello'] },
    ],
  },
}

function problemsOf(value: unknown): readonly TemplateProblem[] {
  const read = readTemplate(value)
  return read.type === 'problems' ? read.problems : []
}

/** The sound template with one thing changed, at a path such as `plan.tasks.0.id`. */
function changed(path: string, value: Json | undefined): JsonObject {
  const copy = structuredClone(sound)
  const steps = path.split('.')
  const last = steps.pop() ?? ''
  let at: object = copy
  for (const step of steps) at = Reflect.get(at, step)
  if (value === undefined) Reflect.deleteProperty(at, last)
  else Reflect.set(at, last, value)
  return copy
}

test('a sound template is read, without the pointer to its schema', () => {
  expect(readTemplate({ $schema: './template.schema.json', ...sound })).toEqual({ type: 'template', template: sound })
})

describe('what a template cannot say is a problem at its path', () => {
  test.each<readonly [path: string, value: Json | undefined, code: string, at: string]>([
    ['name', 'Greet me', 'malformed', 'name'],
    ['name', undefined, 'malformed', 'name'],
    ['description', ' ', 'malformed', 'description'],
    ['feilds', {}, 'malformed', 'feilds'],
    ['fields', [], 'malformed', 'fields'],
    ['fields.element', { type: 'string', description: 'x' }, 'malformed', 'fields.element'],
    ['fields.2nd', { type: 'string', description: 'x' }, 'malformed', 'fields.2nd'],
    ['fields.people', 'list', 'malformed', 'fields.people'],
    ['fields.people.type', 'lists', 'malformed', 'fields.people.type'],
    ['fields.people.description', '', 'malformed', 'fields.people.description'],
    ['fields.people.optional', true, 'malformed', 'fields.people.optional'],
    ['fields.people.options', [], 'malformed', 'fields.people.options'],
    ['fields.words.options', ['three'], 'malformed', 'fields.words.options'],
    ['fields.words.min', '1', 'malformed', 'fields.words.min'],
    ['fields.words.max', 0, 'malformed', 'fields.words.max'],
    ['fields.words.default', '3', 'wrong_type', 'fields.words.default'],
    ['fields.words.default', 10, 'out_of_range', 'fields.words.default'],
    ['fields.words.options', [1, 2], 'not_an_option', 'fields.words.default'],
    ['fields.people.default', [], 'out_of_range', 'fields.people.default'],
    ['plan', undefined, 'malformed', 'plan'],
    ['plan.goal', 3, 'malformed', 'plan.goal'],
    ['plan.tasks', {}, 'malformed', 'plan.tasks'],
    ['plan.tasks.1.id', 7, 'malformed', 'plan.tasks[1]'],
  ])('%s = %j is %s', (path, value, code, at) => {
    const [problem] = problemsOf(changed(path, value))
    expect(problem).toMatchObject({ code })
    expect(problem && sayTemplateProblem(problem)).toMatch(new RegExp(`^${at.replaceAll(/[[\]]/g, '\\$&')}: expected `))
  })
  test('all of them are said at once', () => {
    expect(problemsOf({ ...sound, name: '', description: '' })).toHaveLength(2)
  })
  test('a mistyped name is told what it may have meant', () => {
    expect(problemsOf(changed('feilds', {}))[0]?.mend).toContain('Did you mean "fields"?')
    expect(problemsOf(changed('plan.goal', 'In {{word}} words'))[0]?.mend).toContain('Did you mean "words"?')
  })
  test.each([
    [null],
    ['{}'],
    [[]],
    [undefined],
    [() => 0],
    [new Date(0)],
    [{ ...sound, x: 1n }],
  ])('something else is none, case %$', (value) => {
    expect(problemsOf(value).length).toBeGreaterThan(0)
  })
  test('more than the limits', () => {
    const field = { type: 'string', description: 'x' }
    const fields = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`f${index}`, field]))
    expect(problemsOf({ ...sound, fields })[0]).toMatchObject({ expected: 'at most 50 fields', found: '51' })
    const large = { ...sound, description: 'x'.repeat(262_144) }
    expect(problemsOf(large)[0]).toMatchObject({ code: 'malformed', path: [] })
  })
})

describe('placeholders', () => {
  test.each<readonly [path: string, value: Json, code: string]>([
    ['plan.goal', '{{people}} in {{words}}, {{nobody}}', 'unknown_placeholder'],
    ['plan.goal', '{{words}} for {{element}}', 'unknown_placeholder'],
    ['plan.goal', 'Greet', 'unused_field'],
    ['plan.tasks.1.id', '{{words}}', 'misplaced_placeholder'],
    ['plan.tasks.1.dependsOn', ['{{words}}'], 'misplaced_placeholder'],
    ['plan.tasks.1.parent', '{{words}}', 'misplaced_placeholder'],
    ['plan.criticalPath', ['{{words}}'], 'misplaced_placeholder'],
    ['plan.tasks.1.input', { '{{words}}': 1 }, 'misplaced_placeholder'],
    ['plan.tasks.1.input', { text: { $from: '{{words}}' } }, 'misplaced_placeholder'],
    ['plan.tasks.1.input', { text: { $from: 'hello', path: '/{{words}}' } }, 'misplaced_placeholder'],
    ['plan.tasks.1.forEach', { $from: '{{words}}' }, 'misplaced_placeholder'],
  ])('%s = %j is %s', (path, value, code) => {
    expect(problemsOf(changed(path, value)).map((problem) => problem.code)).toEqual([code])
  })
  test('a field is used wherever a value can stand', () => {
    expect(problemsOf(changed('plan.goal', 'x')).map(({ code }) => code)).toEqual(['unused_field'])
    for (const [path, value] of [
      ['plan.notes', 'at most {{ words }}'],
      ['plan.tasks.1.cap', { turns: '{{words}}' }],
      ['plan.tasks.1.accept', { schema: { maxItems: '{{words}}' } }],
      ['plan.tasks.1.tools', ['say_{{words}}']],
    ] as const) {
      const copy = changed(path, value)
      expect(problemsOf({ ...copy, plan: { ...Object(copy['plan']), goal: 'x' } })).toEqual([])
    }
  })
})

describe('a task for each element', () => {
  test.each<readonly [path: string, value: Json]>([
    ['plan.tasks.0.forField', 'words'],
    ['plan.tasks.0.forField', 'toString'],
    ['plan.tasks.0.forField', ['people']],
    ['plan.tasks.0.name', 'Greet'],
    ['plan.tasks.1.parent', 'hello'],
    ['plan.tasks.1.forEach', { $from: 'hello' }],
    ['plan.tasks.1.id', 'hello-2'],
  ])('%s = %j is no place for it', (path, value) => {
    const problems = problemsOf(changed(path, value))
    expect(problems.map(({ code }) => code)).toContain('invalid_repeat')
  })
})
