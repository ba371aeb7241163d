import { describe, expect, test } from 'vitest'
import { whyGodTask } from './god-task.ts'
import type { PlanTask, ProposedPlan } from './plan.ts'
import { context, plan, shown, task } from './plan-context.fixture.ts'
import { validatePlan } from './validate-plan.ts'

function warningsOf(value: ProposedPlan): readonly string[] {
  const { problems, warnings } = validatePlan(value, context())
  expect(problems).toEqual([])
  return shown(warnings)
}

describe('a god task', () => {
  /** Names, with whether a person would make several tasks of them. */
  test.each<[string, boolean]>([
    ['Fetch the rows and send the report', true],
    ['Validate and clean rows', true],
    ['Download, parse and load the feed', true],
    ['Analyze logs then write a summary', true],
    ['Build & deploy the service', true],
    ['Search the docs and draft an answer', true],
    ['Refund the order, notify the customer', true],
    ['Collect numbers; compute the mean; render a chart', true],
    ['Fetch the rows', false],
    ['Search and replace the name', false],
    ['Find and list flights', false],
    ['Check and confirm the date', false],
    ['Research and development costs', false],
    ['Terms and conditions', false],
    ['Test report and log review', false],
    ['Order and delivery status', false],
    ['Read names, mails and phone numbers', false],
    ['Write the title, the body and the footer', false],
    ['Summarize "fetch and send" in a line', false],
    ['Translate to French and German', false],
    ['cpuhog_forkjoin_00000001', false],
  ])('%j: %s', (name, expected) => {
    expect(whyGodTask(name) !== null).toBe(expected)
  })

  /** Descriptions say how a thing is done, and what of it matters. */
  test.each<[string, boolean]>([
    ['Fetch the rows, remove the duplicates, and upload the table.', true],
    ['Download the file. Extract the keys. Then send the report to finance.', true],
    ['Read the file, find the key and return it.', false],
    ['Search the docs for the error. Look at the newest pages first, and note the address of each.', false],
    ['Write a summary of at most 200 words; include the dates and the names.', false],
    ['Fetch the rows, and describe them in a sentence.', false],
  ])('described as %j: %s', (description, expected) => {
    expect(whyGodTask('Step', description) !== null).toBe(expected)
  })

  test('is seen where a noun is a verb as well, and nobody can tell: it is a warning', () => {
    expect(whyGodTask('Compare build and deploy times')).toEqual(['compare', 'deploy'])
  })

  test('is a warning that names its verbs', () => {
    const { warnings } = validatePlan(plan(task('a', { name: 'Fetch the rows and send the report' })), context())
    expect(warnings).toMatchObject([
      { code: 'god_task', tasks: ['a'], message: expect.stringContaining('fetch, send') },
    ])
  })
})

describe('an implicit dependency', () => {
  const first = task('T1', { name: 'Fetch the rows', tool: 'search', input: { query: 'x' } })
  const word = task('report', { name: 'Weekly report' })

  test.each<[string, Partial<PlanTask>, readonly string[]]>([
    ['an id that nobody would write by chance', { description: 'Use what T1 found.' }, ['implicit_dependency a T1']],
    [
      'a result by the name of its task',
      { description: 'Compare the result of “Fetch the rows” with last week.' },
      ['implicit_dependency a T1'],
    ],
    [
      'an output by an id that is a plain word',
      { description: 'Mail the output of report to all.' },
      ['implicit_dependency a report'],
    ],
    [
      'a placeholder of other systems',
      { tool: 'send_mail', input: { body: 'Dear all, {{T1.rows}}' } },
      ['implicit_dependency a T1'],
    ],
    ['a reference: it makes the dependency explicit', { tool: 'search', input: { query: { $from: 'T1' } } }, []],
    ['both', { tool: 'search', input: { query: { $from: 'T1' } }, description: 'Ask with T1' }, []],
    ['what it waits for', { description: 'Use what T1 found.', dependsOn: ['T1'] }, []],
    ['a plain word', { description: 'Send the report to all.' }, []],
    ['a part of a longer word', { description: 'The limit is T100, not T1x.' }, []],
    ['a value that looks like an id', { tool: 'search', input: { query: 'T1' } }, []],
    ['itself', { description: 'a is done when a.txt stands.' }, []],
  ])('is warned of where a task names %s', (_, fields, expected) => {
    expect(warningsOf(plan(first, word, task('a', fields)))).toEqual(expected)
  })

  test('is none towards a relative, or a task that waits for this one', () => {
    const value = plan(
      task('p_1', { description: 'Made of c_1 and c_2.' }),
      task('c_1', { parent: 'p_1', description: 'For p_1; d_1 will need it.' }),
      task('c_2', { parent: 'p_1' }),
      task('d_1', { dependsOn: ['c_1'] }),
    )
    expect(warningsOf(value)).toEqual([])
  })
})

describe('roots', () => {
  const free = (count: number) => Array.from({ length: count }, (_, index) => task(`t${index}`))

  test('are warned of from the eleventh on', () => {
    expect(warningsOf(plan(...free(10)))).toEqual([])
    expect(warningsOf(plan(...free(11)))).toEqual([
      `many_roots ${free(11)
        .map(({ id }) => id)
        .join(' ')}`,
    ])
  })

  test('are tasks that nothing holds: not the parts of one that waits, nor what has parts', () => {
    const held = Array.from({ length: 20 }, (_, index) => task(`h${index}`, { parent: 'group' }))
    expect(warningsOf(plan(task('a'), task('group', { dependsOn: ['a'] }), ...held))).toEqual([])
    expect(warningsOf(plan(task('group'), ...held))).toHaveLength(1)
  })
})

describe('a critical path', () => {
  const wide = { ...context().limits, maxTasks: 1_000 }
  const tasks = [
    task('a', { expectedMs: 5 }),
    task('b', { dependsOn: ['a'], expectedMs: 9 }),
    task('c', { dependsOn: ['a'], expectedMs: 2 }),
    task('d', { dependsOn: ['b', 'c'], expectedMs: 1 }),
    task('other', { expectedMs: 10 }),
  ]

  test.each<[readonly string[], boolean]>([
    [['a', 'b', 'd'], true],
    [['a', 'c', 'd'], false],
    [['a', 'b'], false],
    [['b', 'd'], false],
    [['other'], false],
    [['a', 'b', 'nobody'], false],
    [[], false],
  ])('%j: %s', (criticalPath, isOne) => {
    const { warnings } = validatePlan({ ...plan(...tasks), criticalPath }, context())
    expect(warnings.map(({ code }) => code)).toEqual(isOne ? [] : ['no_critical_path'])
    if (!isOne) expect(warnings[0]?.message).toContain('["a","b","d"]')
  })

  test('is not told where it is too long to be told whole: half of it would be none', () => {
    const chained = (count: number) =>
      Array.from({ length: count }, (_, index) =>
        task(`t${index}`, { dependsOn: index === 0 ? [] : [`t${index - 1}`] }),
      )
    const said = (count: number) =>
      validatePlan({ ...plan(...chained(count)), criticalPath: [] }, context({ limits: wide })).warnings[0]?.message
    expect(said(100)).toContain('"t98","t99"]')
    expect(said(101)).toBe('`criticalPath` is not the longest way. Leave it out.')
  })

  test('may be any of several, and leads through the parts of a task', () => {
    const value = plan(
      task('a'),
      task('g', { dependsOn: ['a'] }),
      task('b', { parent: 'g' }),
      task('c', { parent: 'g' }),
      task('d', { dependsOn: ['g'] }),
    )
    for (const criticalPath of [
      ['a', 'b', 'd'],
      ['a', 'c', 'd'],
      ['a', 'g', 'c', 'd'],
    ])
      expect(warningsOf({ ...value, criticalPath })).toEqual([])
  })
})

describe('a fan-out', () => {
  const bounded = { schema: { type: 'object', properties: { rows: { type: 'array', maxItems: 20 } } } }

  test.each<[string, Partial<PlanTask>, Partial<PlanTask>, boolean]>([
    ['that mails to as many as are found', {}, { tool: 'send_mail', input: {} }, true],
    ['that reads', {}, { tool: 'search', input: { query: { $from: '$item' } } }, false],
    ['of loops without a cap', {}, {}, true],
    ['of loops with a cap', {}, { cap: { turns: 2 } }, false],
    ['over a list that its source bounds', { accept: bounded }, { tool: 'send_mail', input: {} }, false],
    [
      'over another list than the one that is bounded',
      { accept: bounded },
      { tool: 'send_mail', input: {}, forEach: { $from: 's', path: '/others' } },
      true,
    ],
  ])('%s: %s', (_, source, fields, isWarned) => {
    const value = plan(
      task('s', source),
      task('a', { dependsOn: ['s'], forEach: { $from: 's', path: '/rows' }, ...fields }),
    )
    expect(warningsOf(value)).toEqual(isWarned ? ['unbounded_fan_out a s'] : [])
  })
})

describe('a field that says nothing where it stands', () => {
  const parts = (fields: Partial<PlanTask>) => plan(task('group', fields), task('part', { parent: 'group' }))

  test.each<[string, Partial<PlanTask>]>([
    ['accept', { accept: { checker: 'is_table' } }],
    ['exclusive', { exclusive: true }],
    ['specialist', { specialist: 'reader' }],
    ['tools', { tools: ['search'] }],
    ['cap', { cap: { turns: 1 } }],
    ['timeoutMs', { timeoutMs: 1_000 }],
  ])('is warned of: `%s` of a task that is made of parts', (field, fields) => {
    const { problems, warnings } = validatePlan(parts(fields), context())
    expect([problems, shown(warnings)]).toEqual([[], ['idle_field group']])
    expect(warnings[0]?.message).toBe(
      `\`${field}\` of "group" says nothing: it is made of its parts. Give it to them, or leave it out.`,
    )
    expect(warningsOf(plan(task('group', fields)))).toEqual([])
  })

  test('is warned of: a call, or a judgement, of a step that the model goes through itself', () => {
    const steps = plan(task('a', { tool: 'search', input: { query: 'x' }, exclusive: true }), task('b'))
    const { problems, warnings } = validatePlan(steps, context({ mode: 'flexible' }))
    expect([problems, shown(warnings)]).toEqual([[], ['idle_field a']])
    expect(warnings[0]?.message).toContain('`tool` and `input` and `exclusive` of "a" say nothing')
  })

  test('is none that is false, nor what a parent hands on', () => {
    expect(warningsOf(parts({ exclusive: false, dependsOn: [], expectedMs: 1, optional: true }))).toEqual([])
  })
})
