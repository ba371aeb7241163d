import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PlanTask, ProposedPlan } from './plan.ts'
import { diffPlans } from './plan-diff.ts'
import { deployPlan } from './plan-view.fixture.ts'

function planOf(ids: readonly string[]): ProposedPlan {
  return { goal: 'g', tasks: ids.map((id) => ({ id, name: `task ${id}`, dependsOn: [] })) }
}

const ids = fc.uniqueArray(fc.constantFrom(...'abcdefg'), { maxLength: 7 })

/** The length of the longest rising subsequence, by looking at every subsequence. */
function longestByTrying(values: readonly number[]): number {
  let longest = 0
  for (let chosen = 0; chosen < 1 << values.length; chosen += 1) {
    const picked = values.filter((_, index) => chosen & (1 << index))
    if (picked.every((value, index) => index === 0 || value > (picked[index - 1] ?? 0)))
      longest = Math.max(longest, picked.length)
  }
  return longest
}

describe('the difference of two plans', () => {
  test('names what was added, removed and changed, and how', () => {
    const [vm, deps, , app, monitoring] = deployPlan.tasks
    if (!vm || !deps || !app || !monitoring) throw new Error('the plan has five tasks')
    const open: PlanTask = {
      id: 'open',
      name: 'Open another port',
      dependsOn: ['vm'],
      tool: 'open_port',
      input: { port: 8443 },
    }
    const { description: _, ...plain } = app
    const diff = diffPlans(deployPlan, {
      ...deployPlan,
      goal: 'Deploy to the second staging',
      tasks: [vm, deps, open, { ...plain, dependsOn: ['deps', 'open'] }, monitoring],
    })
    expect(diff.fields).toEqual([
      { field: 'goal', before: 'Deploy the orders service to staging', after: 'Deploy to the second staging' },
    ])
    expect(diff.added).toEqual([open])
    expect(diff.removed.map(({ id }) => id)).toEqual(['network'])
    expect(diff.changed.map(({ task, fields }) => [task.id, fields])).toEqual([
      [
        'app',
        [
          { field: 'description', before: 'Deploy orders 2.4.1 and wait until /health answers.', after: undefined },
          { field: 'dependsOn', before: ['deps', 'network'], after: ['deps', 'open'] },
        ],
      ],
    ])
    expect(diff.unchanged.map(({ id }) => id)).toEqual(['vm', 'deps', 'monitoring'])
    expect(diff.moved).toEqual([])
    expect(diff.order).toEqual(['vm', 'deps', 'network', 'open', 'app', 'monitoring'])
  })

  test('does not look at the order of keys, and does look at that of elements', () => {
    const before = {
      goal: 'g',
      tasks: [{ id: 'a', name: 'a', dependsOn: [], input: { x: [1, 2], y: { z: 1, w: 2 } } }],
    }
    const turned = {
      goal: 'g',
      tasks: [{ name: 'a', id: 'a', input: { y: { w: 2, z: 1 }, x: [1, 2] }, dependsOn: [] }],
    }
    const other = { goal: 'g', tasks: [{ id: 'a', name: 'a', dependsOn: [], input: { x: [2, 1], y: { z: 1, w: 2 } } }] }
    expect(diffPlans(before, turned).changed).toEqual([])
    expect(diffPlans(before, other).changed.map(({ fields }) => fields.map(({ field }) => field))).toEqual([['input']])
  })

  test('sees a change of any field of a task', () => {
    const task: Required<PlanTask> = {
      id: 'a',
      name: 'a',
      description: 'd',
      dependsOn: [],
      needs: 'completed',
      parent: 'p',
      specialist: 's',
      tools: [],
      tool: 't',
      input: 1,
      cap: {},
      timeoutMs: 1,
      expectedMs: 1,
      accept: { checker: 'c' },
      exclusive: true,
      optional: true,
      forEach: { $from: 'b' },
    }
    for (const field of Object.keys(task).filter((key) => key !== 'id')) {
      const changed = { ...task, [field]: 'another' }
      const { changed: found } = diffPlans({ goal: 'g', tasks: [task] }, { goal: 'g', tasks: [changed] })
      expect(found.map(({ fields }) => fields.map((change) => change.field))).toEqual([[field]])
    }
  })

  test('names one task where one was put elsewhere, with its places among the tasks that stayed', () => {
    const { moved } = diffPlans(planOf(['x', 'a', 'b', 'c', 'd']), planOf(['d', 'a', 'n', 'b', 'c']))
    expect(moved).toEqual([{ taskId: 'd', before: 4, after: 1 }])
  })

  test('puts every task into one list, and moves as few as can be', () => {
    fc.assert(
      fc.property(ids, ids, (before, after) => {
        const diff = diffPlans(planOf(before), planOf(after))
        const common = after.filter((id) => before.includes(id))
        expect(diff.added.map(({ id }) => id)).toEqual(after.filter((id) => !before.includes(id)))
        expect(diff.removed.map(({ id }) => id)).toEqual(before.filter((id) => !after.includes(id)))
        expect(diff.unchanged.map(({ id }) => id)).toEqual(common)
        expect(diff.order.filter((id) => after.includes(id))).toEqual(after)
        expect([...diff.order].sort()).toEqual([...new Set([...before, ...after])].sort())
        const places = common.map((id) => before.indexOf(id))
        expect(diff.moved).toHaveLength(common.length - longestByTrying(places))
        const still = common.filter((id) => !diff.moved.some(({ taskId }) => taskId === id))
        expect(still).toEqual(before.filter((id) => still.includes(id)))
      }),
    )
  })
})
