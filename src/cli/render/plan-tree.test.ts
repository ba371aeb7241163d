/** Goldens of plans as people see them, and what holds for any plan: no line is too long, no task is lost, no meaning is in a colour alone. */
import { stripVTControlCharacters } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PlanTask } from '../../core/plan/plan.ts'
import {
  deployDone,
  deployFailed,
  deployRunning,
  deploySkipped,
  FIXTURE_START,
  viewOfPlan,
} from '../../core/plan/plan-view.fixture.ts'
import type { PlanView, ShownStatus, TaskView } from '../../core/plan/plan-view.ts'
import { createStyle } from '../style.ts'
import { renderPlanTree } from './plan-tree.ts'
import { planMarks } from './plan-words.ts'
import { widthOf } from './text.ts'

type Asked = {
  readonly width: number
  readonly maxLines?: number
  readonly isColoured?: boolean
  readonly doing?: ReadonlyMap<string, string>
}

function treeOf(view: PlanView, { width, isColoured = false, ...more }: Asked): readonly string[] {
  const now = FIXTURE_START + 260_000
  return renderPlanTree(view, { style: createStyle(isColoured), width, textWidth: Math.min(width, 100), now, ...more })
}

describe('a plan in a terminal', () => {
  test('of 80 columns', () => {
    expect(treeOf(deployFailed, { width: 80 })).toEqual([
      'Deploy the orders service to staging',
      'plan 2 · strict · 2 of 5 done · 1 failed · 2 unreachable · 1.9 min',
      '',
      '✓ vm          Create the virtual machine     42 s',
      '✓ deps        Install the dependencies    1.2 min',
      '✗ network     Open the network               12 s',
      '              tool_terminal after 3 attempts: the security group sg-9 has no',
      '              free rule',
      '⊘ app         Deploy the application      unreachable: network failed',
      '⊘ monitoring  Set up monitoring           unreachable: network failed',
    ])
    expect(treeOf(deployRunning, { width: 80 }).slice(1)).toEqual([
      'plan 1 · strict · 2 of 5 done · 1 running · 4.3 min',
      '',
      '✓ vm          Create the virtual machine     42 s',
      '▸ deps        Install the dependencies    3.6 min',
      '✓ network     Open the network               12 s',
      '· app         Deploy the application      after deps',
      '· monitoring  Set up monitoring           after app',
    ])
    const doing = new Map([['deps', 'install waits for a person: a1']])
    expect(treeOf(deployRunning, { width: 80, doing }).slice(1, 6)).toEqual([
      'plan 1 · strict · 2 of 5 done · 1 waiting · 4.3 min',
      '',
      '✓ vm          Create the virtual machine     42 s',
      '‖ deps        Install the dependencies    3.6 min',
      '              install waits for a person: a1',
    ])
    expect(treeOf(deployDone, { width: 80 }).slice(1)).toEqual([
      'plan 1 · strict · 5 of 5 done · 4.2 min · 14,584 tok · $0.044',
      '',
      '✓ vm          Create the virtual machine     42 s',
      '✓ deps        Install the dependencies    1.2 min',
      '✓ network     Open the network               12 s',
      '✓ app         Deploy the application      2.1 min  12,480 tok   $0.037',
      '✓ monitoring  Set up monitoring              11 s   2,104 tok  $0.0063',
    ])
  })

  test('of 40 columns: by name, without ids and tokens', () => {
    expect(treeOf(deploySkipped, { width: 40 })).toEqual([
      'Deploy the orders service to staging',
      'plan 1 · strict · 2 of 5 done',
      '1 running · 1 skipped · 4.3 min',
      '4,200 tok · $0.013',
      '',
      '✓ Create the virtual m…     42 s',
      '✓ Install the dependen…  1.2 min',
      '» Open the network          12 s',
      '  skipped: ada: the port is open already',
      '▸ Deploy the applicati…  2.4 min  $0.013',
      '  attempt 2, retry after a failure',
      '· Set up monitoring      after Deploy t…',
    ])
  })

  test('with parts: under their task, behind what they depend on, with the sums of its parts', () => {
    const done = { status: 'completed', startedAt: FIXTURE_START, endedAt: FIXTURE_START + 3_000, tokens: 40 } as const
    const plan = {
      goal: 'Report',
      tasks: [
        { id: 'report', name: 'Write it', dependsOn: ['research'] },
        { id: 'research', name: 'Research', dependsOn: [] },
        { id: 'docs', name: 'Read the docs', dependsOn: ['list'], parent: 'research' },
        { id: 'list', name: 'List the docs', dependsOn: [], parent: 'research' },
      ],
    }
    const standings = {
      research: { status: 'in_progress', startedAt: FIXTURE_START, blockedBy: [] },
      list: done,
      docs: { ...done, status: 'failed', failure: { failure: 'timeout', message: 'took more than 300 s' } },
    } as const
    expect(treeOf(viewOfPlan(plan, standings), { width: 80 }).slice(3)).toEqual([
      '▸ research  Research       3 s  80 tok',
      '├ ✓ list    List the docs  3 s  40 tok',
      '└ ✗ docs    Read the docs  3 s  40 tok',
      '            timeout: took more than 300 s',
      '· report    Write it       after research',
    ])
  })

  test('of many tasks that failed at length: what runs is still to be seen', () => {
    const ids = Array.from({ length: 9 }, (_, index) => `t${index}`)
    const failure = { failure: 'timeout', message: `it took ${'too '.repeat(40)}long` } as const
    const failed = { status: 'failed', failure, startedAt: FIXTURE_START, endedAt: FIXTURE_START + 1_000 } as const
    const running = { status: 'in_progress', startedAt: FIXTURE_START, blockedBy: [] } as const
    const view = viewOfPlan(
      { goal: 'g', tasks: [...ids, 'last'].map((id) => ({ id, name: id, dependsOn: [] })) },
      { ...Object.fromEntries(ids.map((id) => [id, failed])), last: running },
    )
    const lines = treeOf(view, { width: 80, maxLines: 24 })
    expect(lines.filter((line) => line.startsWith('▸ last'))).toHaveLength(1)
    expect(lines.length).toBeLessThanOrEqual(24)
  })

  test('of 183 tasks: what goes well and what has not begun is told in one line, what runs and what failed is not', () => {
    expect(treeOf(longView(), { width: 80 })).toEqual([
      'Sum up ninety sources',
      'plan 1 · strict · 137 of 181 done · 3 running · 2 failed · 4.3 min · 59,000 tok',
      '',
      '✓ fetch      Fetch · 90 of 90 done  1.6 min   9,000 tok',
      '▸ read       Read                   4.3 min  50,000 tok',
      '├ ✓ 47 completed: read.1 … read.49     52 s  47,000 tok',
      '├ ✗ read.17  Read 17                    3 s',
      '│            invalid_output after 2 attempts: it is no JSON',
      '├ ✗ read.20  Read 20                    3 s',
      '│            invalid_output after 2 attempts: it is no JSON',
      '├ ▸ read.50  Read 50                2.8 min   1,000 tok',
      '├ ▸ read.51  Read 51                2.8 min   1,000 tok',
      '├ ▸ read.52  Read 52                2.8 min   1,000 tok',
      '└ ○ 38 ready: read.53 … read.90',
      '· report     Write the report       after read',
    ])
  })

  test('of 9,000 tasks under 300 others: the one that runs is still seen', () => {
    const tasks = Array.from({ length: 9_300 }, (_, index): PlanTask => {
      const parent = index % 31 === 0 ? {} : { parent: `t${index - (index % 31)}` }
      return { id: `t${index}`, name: `Task ${index}`, dependsOn: [], ...parent }
    })
    const running = { status: 'in_progress', startedAt: FIXTURE_START } as const
    const lines = treeOf(viewOfPlan({ goal: 'Much', tasks }, { t6200: running, t6201: running }), { width: 80 })
    expect(lines.slice(3)).toEqual([
      '○ 299 ready: t0 … t9269',
      '▸ t6200    Task 6200         4.3 min',
      '├ ▸ t6201  Task 6201         4.3 min',
      '└ ○ 29 ready: t6202 … t6230',
    ])
  })

  test('cannot be spoken to by what others wrote', () => {
    const name = '\u001b[2Jgone\nand \u202eturned'
    const lines = treeOf(viewOfPlan({ goal: name, tasks: [{ id: 'a', name, dependsOn: [] }] }), { width: 80 })
    expect(lines).toEqual(['gone and ·turned', 'plan 1 · strict · 0 of 1 done', '', '○ a  gone and ·turned'])
  })

  test('without tasks is a heading', () => {
    expect(treeOf(viewOfPlan({ goal: 'Nothing', tasks: [] }), { width: 80 })).toEqual([
      'Nothing',
      'plan 1 · strict · 0 of 0 done',
      '',
    ])
  })
})

describe('any plan in any terminal', () => {
  const maxLines = fc.integer({ min: 3, max: 400 })

  test('has no line that is longer than the terminal, and no more lines than it may have', () => {
    fc.assert(
      fc.property(views(), fc.integer({ min: 40, max: 160 }), maxLines, (view, width, most) => {
        const lines = treeOf(view, { width, maxLines: most })
        expect(lines.filter((line) => widthOf(line) > width)).toEqual([])
        expect(lines.length).toBeLessThanOrEqual(most)
        expect(lines.filter((line) => line !== line.trimEnd())).toEqual([])
      }),
    )
  })

  test('reads the same with and without colours', () => {
    fc.assert(
      fc.property(views(), fc.integer({ min: 40, max: 160 }), (view, width) => {
        const coloured = treeOf(view, { width, isColoured: true })
        expect(coloured.map(stripVTControlCharacters)).toEqual(treeOf(view, { width }))
      }),
    )
    expect(new Set(Object.values(planMarks).map(({ mark }) => mark)).size).toBe(Object.keys(planMarks).length)
  })

  test('shows every task once where there is room, and each behind what it depends on among its neighbours', () => {
    fc.assert(
      fc.property(views(), (view) => {
        const shown = shownIds(treeOf(view, { width: 200, maxLines: Number.POSITIVE_INFINITY }))
        expect([...shown].sort()).toEqual(view.tasks.map(({ task }) => task.id).sort())
        for (const { task } of view.tasks) {
          const neighbours = task.dependsOn.filter((id) => parentOf(view, id) === task.parent)
          for (const id of neighbours) expect(shown.indexOf(id)).toBeLessThan(shown.indexOf(task.id))
        }
      }),
    )
  })

  test('takes a plan that nobody has looked at: circles of dependencies and of parents, and parents that are not there', () => {
    const id = fc.constantFrom('a', 'b', 'c', 'd', 'e')
    const task = (taskId: string) =>
      fc.record(
        { id: fc.constant(taskId), name: fc.constant('n'), dependsOn: fc.array(id), parent: id },
        { requiredKeys: ['id', 'name', 'dependsOn'] },
      )
    const tasks = fc.tuple(task('a'), task('b'), task('c'), task('d'))
    fc.assert(
      fc.property(tasks, (some) => {
        const view = viewOfPlan({ goal: 'g', tasks: some })
        expect([...shownIds(treeOf(view, { width: 80 }))].sort()).toEqual(['a', 'b', 'c', 'd'])
      }),
    )
  })
})

function parentOf({ tasks }: PlanView, id: string): string | undefined {
  return tasks.find(({ task }) => task.id === id)?.task.parent
}

/** The ids at the beginnings of lines, behind the lines of the tree and the mark. */
function shownIds(lines: readonly string[]): readonly string[] {
  return lines.slice(lines.indexOf('') + 1).flatMap((line) => /^[│├└ ]*[^│├└ ] ([a-z]\d*) {2}/.exec(line)?.[1] ?? [])
}

/** Plans as they are validated: dependencies and parents stand before, and parents do nothing themselves. */
function views(): fc.Arbitrary<PlanView> {
  const status = fc.constantFrom<ShownStatus>(
    ...(['pending', 'ready', 'in_progress', 'completed', 'failed', 'skipped', 'cancelled', 'unreachable'] as const),
  )
  const seed = fc.record({
    status,
    name: fc.oneof(fc.lorem(), fc.constant('日本語の長い名前がここにあります'), fc.string()),
    dependsOn: fc.array(fc.nat(), { maxLength: 3 }),
    parent: fc.option(fc.nat(4), { freq: 1 }),
    tokens: fc.nat(2_000_000),
    took: fc.nat(10_000_000),
  })
  return fc.tuple(fc.array(seed, { minLength: 1, maxLength: 30 }), fc.lorem({ maxCount: 20 })).map(([seeds, goal]) => {
    const tasks = seeds.map(({ name, dependsOn, parent }, index): PlanTask => {
      const before = [...new Set(dependsOn.map((place) => place % Math.max(1, index)))].filter((place) => place < index)
      const part = index > 5 && parent !== null ? { parent: `t${parent}` } : {}
      const allowed = before.filter((place) => index > 5 && place > 5)
      return { id: `t${index}`, name: name || 'n', dependsOn: allowed.map((place) => `t${place}`), ...part }
    })
    const standings = seeds.map((each, index): [string, Partial<TaskView>] => [`t${index}`, standingOf(each)])
    return viewOfPlan({ goal, tasks }, Object.fromEntries(standings))
  })
}

function standingOf(seed: { status: ShownStatus; tokens: number; took: number }): Partial<TaskView> {
  const { status, tokens, took } = seed
  const hasBegun = !['pending', 'ready', 'unreachable'].includes(status)
  if (!hasBegun) return { status, blockedBy: ['t0', 't1'] }
  return {
    status,
    attempt: 2,
    startedAt: FIXTURE_START,
    endedAt: status === 'in_progress' ? null : FIXTURE_START + took,
    tokens,
    costMicroUsd: tokens * 3,
    blockedBy: [],
    ...(status === 'failed' && { failure: { failure: 'timeout', message: `it took ${'too '.repeat(40)}long` } }),
    ...(status === 'skipped' && { reason: 'because somebody said so, at length, and with many a word' }),
  }
}

/** Ninety sources, fetched and half read. */
function longView(): PlanView {
  const numbers = Array.from({ length: 90 }, (_, index) => index + 1)
  const parts = (parent: string, name: string) =>
    numbers.map((number) => ({ id: `${parent}.${number}`, name: `${name} ${number}`, dependsOn: [], parent }))
  const tasks: readonly PlanTask[] = [
    { id: 'fetch', name: 'Fetch', dependsOn: [] },
    ...parts('fetch', 'Fetch'),
    { id: 'read', name: 'Read', dependsOn: ['fetch'] },
    ...parts('read', 'Read'),
    { id: 'report', name: 'Write the report', dependsOn: ['read'] },
  ]
  const at = (number: number) => FIXTURE_START + number * 1_000
  const done = (number: number, tokens: number): Partial<TaskView> => ({
    status: 'completed',
    startedAt: at(number),
    endedAt: at(number + 4),
    tokens,
  })
  const failed: Partial<TaskView> = {
    status: 'failed',
    startedAt: at(1),
    endedAt: at(4),
    attempt: 2,
    failure: { failure: 'invalid_output', message: 'it is no JSON' },
  }
  const readOf = (number: number): Partial<TaskView> => {
    if (number === 17 || number === 20) return failed
    if (number < 50) return done(number, 1_000)
    return number < 53 ? { status: 'in_progress', startedAt: at(90), tokens: 1_000 } : { status: 'ready' }
  }
  return viewOfPlan(
    { goal: 'Sum up ninety sources', tasks },
    {
      fetch: { status: 'completed' },
      read: { status: 'in_progress', startedAt: at(90), blockedBy: [] },
      ...Object.fromEntries(numbers.map((number) => [`fetch.${number}`, done(number, 100)])),
      ...Object.fromEntries(numbers.map((number) => [`read.${number}`, readOf(number)])),
    },
  )
}
