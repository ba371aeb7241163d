import { describe, expect, test } from 'vitest'
import { type PlanTask, planProblemCodes } from './plan.ts'
import { context, plan, problemsOf, shown, task } from './plan-context.fixture.ts'
import type { PlanContext } from './plan-context.ts'
import { MAX_PROBLEMS_PER_CODE } from './problem-list.ts'
import { MAX_PART_CHARACTERS } from './validate-plan.ts'

const limits = context().limits
const search = { tool: 'search', input: { query: 'x' } } as const

/** Each defect with the code and the tasks it is told of, and what its sentence has to say. */
const defects: readonly [string, unknown, string, RegExp, Partial<PlanContext>?][] = [
  ['nothing', null, 'malformed', /expected an object/],
  ['a misspelt field', { goal: 'g', tasks: [{ id: 'a', name: 'n', depends_on: [] }] }, 'malformed a', /"dependsOn"/],
  ['no tasks', plan(), 'empty_plan', /at least one/],
  [
    'a task too many',
    plan(task('a'), task('b')),
    'too_many_tasks',
    /2 tasks.*at most 1/,
    { limits: { ...limits, maxTasks: 1 } },
  ],
  [
    'a step too many',
    plan(task('a'), task('b')),
    'too_many_steps',
    /2 steps.*at most 1/,
    { mode: 'flexible', limits: { ...limits, maxSteps: 1 } },
  ],
  [
    'no room for events',
    plan(task('a'), task('b')),
    'not_enough_events',
    /12 events.*11 left.*at most 1 /,
    { limits: { ...limits, eventsLeft: 11 } },
  ],
  [
    'a task that no event holds',
    plan(task('a', { description: 'x'.repeat(MAX_PART_CHARACTERS) })),
    'too_large a',
    /"a" is 262\d{3} characters long, and at most 262144.*file/,
  ],
  ['one id twice', plan(task('a'), task('b'), task('a')), 'duplicate_id a', /2 tasks have the id "a"/],
  ['an id with a space', plan(task('a b')), 'invalid_id a b', /letters, digits/],
  ['an id of 65 letters', plan(task('a'.repeat(65))), `invalid_id ${'a'.repeat(65)}`, /at most 64/],
  ['an id that means something to the language', plan(task('constructor')), 'invalid_id constructor', /not allowed/],
  ['a wait for itself', plan(task('a', { dependsOn: ['a'] })), 'self_dependency a', /waits for itself/],
  [
    'a wait for nobody',
    plan(task('fetch'), task('b', { dependsOn: ['fetsh'] })),
    'unknown_dependency b',
    /Did you mean "fetch"\?/,
  ],
  ['a parent that is none', plan(task('a', { parent: 'b' })), 'unknown_parent a', /part of "b"/],
  [
    'a depth of five',
    plan(task('a'), ...chain(['a', 'b', 'c', 'd', 'e'])),
    'too_deep e',
    /a › b › c › d › e.*at most 4/,
  ],
  ['a tool that is none', plan(task('a', { tool: 'serch', input: {} })), 'unknown_tool a', /Did you mean "search"\?/],
  ['tools that are none', plan(task('a', { tools: ['search', 'nope'] })), 'unknown_tool a', /"nope"/],
  ['a specialist who is none', plan(task('a', { specialist: 'writer' })), 'unknown_specialist a', /Name "reader"/],
  [
    'a tool of others',
    plan(task('a', { specialist: 'reader', tools: ['send_mail'] })),
    'tool_not_allowed a',
    /"reader" does not have.*Name "search"/,
  ],
  [
    'an input that does not fit',
    plan(task('a', { tool: 'search', input: { limit: 'x' } })),
    'invalid_input a',
    /query is missing; limit must be number/,
  ],
  ['no input where one is needed', plan(task('a', { tool: 'search' })), 'invalid_input a', /query is missing/],
  ['an input for nobody', plan(task('a', { input: { query: 'x' } })), 'input_without_tool a', /no tool/],
  [
    'a parent that works',
    plan(task('a', search), task('b', { parent: 'a' })),
    'parent_that_works a b',
    /"search".*another child/,
  ],
  [
    'a reference to nobody',
    plan(task('b1'), task('a', { tool: 'search', input: { query: { $from: 'b2' } } })),
    'invalid_reference a',
    /`query` in the input of "a" names "b2".*Did you mean "b1"\?/,
  ],
  [
    'a reference to itself',
    plan(task('a', { tool: 'search', input: { query: { $from: 'a' } } })),
    'invalid_reference a',
    /its own result/,
  ],
  [
    'a pointer that is none',
    plan(task('b'), task('a', { tool: 'search', input: { query: { $from: 'b', path: 'rows[0]' } } })),
    'invalid_reference a',
    /"rows\[0\]".*"\/rows\/0"/,
  ],
  [
    'an element of nothing',
    plan(task('a', { tool: 'search', input: { query: { $from: '$item' } } })),
    'invalid_reference a',
    /no `forEach`/,
  ],
  [
    'for each element of itself',
    plan(task('a', { forEach: { $from: '$item' } })),
    'invalid_reference a',
    /`forEach` of "a"/,
  ],
  [
    'a reference with a field too many',
    plan(task('b'), task('a', { tool: 'send_mail', input: { to: { $from: 'b', paht: '/x' } } })),
    'invalid_reference a',
    /`to` in the input of "a" has a "\$from" and is no reference/,
  ],
  [
    'a checker that is none',
    plan(task('a', { accept: { checker: 'is_tabel' } })),
    'unknown_checker a',
    /Did you mean "is_table"\?/,
  ],
  [
    'a schema that is none',
    { goal: 'g', tasks: [{ id: 'a', name: 'n', accept: { schema: 'object' } }] },
    'invalid_schema a',
    /Write an object/,
  ],
  [
    'a pinned task left out',
    plan(task('a')),
    'pinned_changed b',
    /"b" is missing.*unchanged: \{"id":"b"/,
    { pinned: new Map([['b', task('b')]]) },
  ],
  [
    'a pinned task changed',
    plan(task('b', { name: 'Other' })),
    'pinned_changed b',
    /`name` changed/,
    { pinned: new Map([['b', task('b')]]) },
  ],
  ['the plan that has failed', plan(task('a')), 'repeats_failed_plan', /word for word/, { failed: plan(task('a')) }],
  [
    'two that wait for each other',
    plan(task('a', { dependsOn: ['b'] }), task('b', { dependsOn: ['a'] })),
    'cycle a b a',
    /"a" waits for "b"; "b" waits for "a"/,
  ],
]

/** Each the parent of the next. */
function chain(ids: readonly string[]): readonly PlanTask[] {
  return ids.slice(1).map((id, index) => task(id, { parent: ids[index] ?? '' }))
}

describe('a plan', () => {
  test('that is sound has no problems', () => {
    const sound = plan(
      task('find', { ...search, expectedMs: 5 }),
      task('group', { dependsOn: ['find'] }),
      task('mail', {
        parent: 'group',
        tool: 'send_mail',
        forEach: { $from: 'find', path: '/rows' },
        input: { to: { $from: '$item', path: '/mail' } },
      }),
      task('read', { parent: 'group', specialist: 'reader', accept: { checker: 'is_table' }, cap: { turns: 3 } }),
      task('sum', { dependsOn: ['group'], needs: 'settled', accept: { schema: { type: 'object' } } }),
    )
    expect(problemsOf(sound)).toEqual([])
    expect(problemsOf({ goal: 'g', tasks: [{ id: 'a', name: 'n' }] }), '`dependsOn` may be left out').toEqual([])
  })

  test.each(defects)('with %s is refused for that and nothing else', (_, value, expected, says, changes) => {
    const found = problemsOf(value, context(changes))
    expect(shown(found)).toEqual([expected])
    expect(found[0]?.message).toMatch(says)
  })

  test('every code of a problem is among these', () => {
    const seen = new Set(
      defects.flatMap(([, value, , , changes]) => problemsOf(value, context(changes)).map(({ code }) => code)),
    )
    // The last two are said of a planner's answer, not of a plan.
    expect([...planProblemCodes].filter((code) => !seen.has(code))).toEqual(['rejected', 'no_answer'])
  })

  test('with several defects is told them all at once', () => {
    const value = plan(task('a', { dependsOn: ['x'], tool: 'nope' }), task('b', { specialist: 'who', input: 1 }))
    expect(shown(problemsOf(value))).toEqual([
      'unknown_dependency a',
      'unknown_tool a',
      'unknown_specialist b',
      'input_without_tool b',
    ])
  })

  test('with the same defect in every task is told some of them, and how many more there are', () => {
    const many = Array.from({ length: 100 }, (_, index) => task(`t${index}`, { dependsOn: ['nobody'] }))
    const found = problemsOf(plan(...many))
    expect(found).toHaveLength(MAX_PROBLEMS_PER_CODE + 1)
    expect(found.at(-1)).toMatchObject({ code: 'unknown_dependency', tasks: [], message: /^90 more/ })
  })

  test('with a goal, notes and a path that no event holds is refused', () => {
    const long = 'x'.repeat(MAX_PART_CHARACTERS)
    for (const words of [{ goal: long }, { notes: long }, { criticalPath: [long] }])
      expect(shown(problemsOf({ ...plan(task('a')), ...words }))).toEqual(['too_large'])
  })

  test('that names what is as long as itself is told so in a sentence that an event holds', () => {
    const long = 'x'.repeat(200_000)
    const references = Array.from({ length: 20 }, () => ({ $from: long, path: long }))
    const value = plan(task('a', { parent: long }), task(long), task('b', { tool: long, input: references }))
    for (const { tasks, message } of problemsOf(value)) {
      expect(message.length).toBeLessThan(1_600)
      expect(tasks.join().length).toBeLessThan(100)
    }
  })

  test('with an id that is empty is refused for that alone: what has no parent is no part of it', () => {
    expect(shown(problemsOf(plan(task('', { dependsOn: ['a'] }), task('a'))))).toEqual(['invalid_id '])
  })

  test('may name what comes from a task whose id stands twice: which one it means is the only question', () => {
    const value = plan(task('a'), task('a', { dependsOn: ['a'], tool: 'search', input: { query: { $from: 'a' } } }))
    expect(shown(problemsOf(value))).toEqual(['duplicate_id a'])
  })

  test.each<[string, readonly PlanTask[], string]>([
    [
      'uses a result of who waits for it',
      [task('a', { tool: 'search', input: { query: { $from: 'b' } } }), task('b', { dependsOn: ['a'] })],
      'cycle a b a',
    ],
    ['waits for its own part', [task('a', { dependsOn: ['b'] }), task('b', { parent: 'a' })], 'cycle a b a'],
    ['waits for what it is part of', [task('a'), task('b', { parent: 'a', dependsOn: ['a'] })], 'cycle a b a'],
    ['is part of its part', [task('a', { parent: 'b' }), task('b', { parent: 'a' })], 'cycle a b a'],
    [
      'with a part waits for who waits for it',
      [task('c', { parent: 'p' }), task('p', { dependsOn: ['a'] }), task('a', { dependsOn: ['p'] })],
      'cycle p a p',
    ],
    ['is part of itself', [task('a', { parent: 'a' })], 'cycle a a'],
    [
      'waits for the aunt that waits for its parent',
      [task('p'), task('c', { parent: 'p', dependsOn: ['x'] }), task('x', { dependsOn: ['p'] })],
      'cycle p c x p',
    ],
  ])('in which a task %s has a cycle', (_, tasks, expected) => {
    expect(shown(problemsOf(plan(...tasks))).filter((each) => each.startsWith('cycle'))).toEqual([expected])
  })

  test('may leave the order of keys in a pinned task as it likes, and of a failed plan only change a word', () => {
    const pinned = new Map([['a', task('a', { tool: 'search', input: { query: 'x', limit: 1 } })]])
    const same = {
      goal: 'g',
      tasks: [{ input: { limit: 1, query: 'x' }, tool: 'search', dependsOn: [], name: 'Step a', id: 'a' }],
    }
    expect(problemsOf(same, context({ pinned }))).toEqual([])
    expect(problemsOf(plan(task('a')), context({ failed: { ...plan(task('a')), notes: 'other' } }))).toEqual([])
    const inOrder = plan(task('a'), task('b'))
    const turned = plan(task('b'), task('a'))
    expect(shown(problemsOf(turned, context({ failed: inOrder }))), 'the order is no word of it').toEqual([
      'repeats_failed_plan',
    ])
    const inForce = { ...plan(task('a')), version: 3 }
    expect(shown(problemsOf(plan(task('a')), context({ failed: inForce })))).toEqual(['repeats_failed_plan'])
  })
})
