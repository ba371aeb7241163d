/** Goldens of the difference of two plans, as `pawl plan diff` shows it. */
import { stripVTControlCharacters } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PlanTask, ProposedPlan } from '../../core/plan/plan.ts'
import { diffPlans } from '../../core/plan/plan-diff.ts'
import { deployPlan } from '../../core/plan/plan-view.fixture.ts'
import { createStyle } from '../style.ts'
import { renderPlanDiff } from './plan-diff.ts'
import { widthOf } from './text.ts'

function shown(before: ProposedPlan, after: ProposedPlan, width: number, isColoured = false): readonly string[] {
  return renderPlanDiff(diffPlans(before, after), { style: createStyle(isColoured), width })
}

function replanned(): ProposedPlan {
  const [vm, deps, , app, monitoring] = deployPlan.tasks
  if (!vm || !deps || !app || !monitoring) throw new Error('the plan has five tasks')
  const group: PlanTask = {
    id: 'group',
    name: 'Make a security group',
    dependsOn: ['vm'],
    tool: 'create_group',
    input: { rules: [443] },
  }
  return {
    ...deployPlan,
    notes: 'Nothing may touch production.',
    tasks: [
      vm,
      { ...deps, input: { host: { $from: 'vm', path: '/ip' }, playbook: 'dependencies-2' } },
      group,
      monitoring,
      { ...app, dependsOn: ['deps', 'group'], description: 'Deploy orders 2.4.1 and wait until /ready answers.' },
    ],
  }
}

describe('the difference of two plans in a terminal', () => {
  test('reads like that of two files', () => {
    expect(shown(deployPlan, replanned(), 80)).toEqual([
      'plan',
      '    notes  − Nothing may touch production. The machine is to be a small one.',
      '           + Nothing may touch production.',
      '',
      '  vm          Create the virtual machine',
      '~ deps        Install the dependencies',
      '    input.playbook  − dependencies',
      '                    + dependencies-2',
      '− network     Open the network',
      '+ group       Make a security group',
      '    dependsOn  + vm',
      '    tool       + create_group',
      '    input      + {"rules":[443]}',
      '↕ monitoring  Set up monitoring  (4 → 3)',
      '~ app         Deploy the application',
      '    description  − … wait until /health answers.',
      '                 + … wait until /ready answers.',
      '    dependsOn    − network',
      '                 + group',
      '',
      '+ 1 added · − 1 removed · ~ 2 changed · ↕ 1 moved · 2 unchanged tasks',
    ])
  })

  test('folds what is unchanged', () => {
    const more: PlanTask = { id: 'more', name: 'More', dependsOn: [] }
    expect(shown(deployPlan, { ...deployPlan, tasks: [...deployPlan.tasks, more] }, 80)).toEqual([
      '  … 5 unchanged',
      '+ more        More',
      '',
      '+ 1 added · 5 unchanged tasks',
    ])
  })

  test('says that there is none', () => {
    expect(shown(deployPlan, deployPlan, 80)).toEqual(['No difference: 5 unchanged tasks'])
  })

  test('shows of lists what has come and gone, or both where only their order changed', () => {
    const of = (dependsOn: readonly string[]) => ({ goal: 'g', tasks: [{ id: 'a', name: 'A', dependsOn }] })
    expect(shown(of(['x', 'y']), of(['y', 'z']), 80).slice(1, 3)).toEqual(['    dependsOn  − x', '               + z'])
    expect(shown(of(['x', 'y']), of(['y', 'x']), 80).slice(1, 3)).toEqual([
      '    dependsOn  − x, y',
      '               + y, x',
    ])
    expect(shown(of(['x', 'y', 'z']), of(['y', 'x', 'w']), 80).slice(1, 3)).toEqual([
      '    dependsOn  − x, y, z',
      '               + y, x, w',
    ])
    expect(shown(of([]), of(['x']), 80).slice(1, 3)).toEqual(['    dependsOn  − []', '               + x'])
  })

  test('has no line that is longer than the terminal, and reads the same without colours', () => {
    const text = fc.oneof(fc.lorem({ maxCount: 30 }), fc.string(), fc.constant('日本語'.repeat(30)))
    const task = fc.record({ name: text, description: text, input: fc.jsonValue() })
    const plan = fc.tuple(
      fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'.repeat(64))),
      fc.array(task, { minLength: 4, maxLength: 4 }),
    )
    const planOf = ([ids, tasks]: readonly [readonly string[], readonly object[]]) =>
      // What is drawn has the fields of a task.
      ({
        goal: 'g',
        tasks: ids.map((id, index) => ({ id, dependsOn: [], ...tasks[index] })),
      }) as unknown as ProposedPlan
    fc.assert(
      fc.property(plan, plan, fc.integer({ min: 40, max: 120 }), (one, other, width) => {
        const lines = shown(planOf(one), planOf(other), width)
        expect(lines.filter((line) => widthOf(line) > width)).toEqual([])
        const coloured = shown(planOf(one), planOf(other), width, true)
        expect(coloured.map(stripVTControlCharacters)).toEqual(lines)
      }),
    )
  })
})
