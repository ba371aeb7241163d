import { describe, expect, test } from 'vitest'
import { MISSING_TASKS, missingText } from './partial-answer.ts'
import { deployDone, deployFailed, deploySkipped, viewOfPlan } from './plan-view.fixture.ts'

describe('what a plan has not brought', () => {
  test('is named with its cause', () => {
    expect(missingText(deployFailed)).toBe(
      'Not done: Open the network (failed: the security group sg-9 has no free rule); ' +
        'Deploy the application (unreachable because Open the network failed); ' +
        'Set up monitoring (unreachable because Open the network failed).',
    )
    expect(missingText(deploySkipped)).toBe(
      'Not done: Open the network (skipped: ada: the port is open already); Deploy the application (begun, not finished); ' +
        'Set up monitoring (not begun).',
    )
  })

  test('is nothing where every task is completed', () => {
    expect(missingText(deployDone)).toBe('')
  })

  test('names the parts of a task, and not the task that only holds them', () => {
    const plan = {
      goal: 'g',
      tasks: [
        { id: 'all', name: 'All', dependsOn: [] },
        { id: 'one', name: 'One', dependsOn: [], parent: 'all' },
        { id: 'two', name: 'Two', dependsOn: [], parent: 'all' },
      ],
    }
    const failure = { failure: 'timeout', message: 'took\nmore than 300 s' } as const
    expect(
      missingText(
        viewOfPlan(plan, {
          all: { status: 'failed' },
          one: { status: 'completed' },
          two: { status: 'failed', failure },
        }),
      ),
    ).toBe('Not done: Two (failed: took more than 300 s).')
  })

  test('says what has gone wrong before what could not be reached, and which child of a list it was', () => {
    const plan = {
      goal: 'g',
      tasks: [
        { id: 'tell', name: 'Tell', dependsOn: ['each'] },
        { id: 'each', name: 'Clean', dependsOn: [] },
        { id: 'each/1', name: 'Clean', dependsOn: [], parent: 'each' },
      ],
    }
    const failure = { failure: 'timeout', message: 'too slow' } as const
    const text = missingText(
      viewOfPlan(plan, {
        tell: { status: 'unreachable', blockedBy: ['each/1'] },
        each: { status: 'failed' },
        'each/1': { status: 'failed', failure },
      }),
    )
    expect(text).toBe('Not done: Clean 2 (failed: too slow); Tell (unreachable because Clean 2 failed).')
  })

  test('stays short for a long plan', () => {
    const tasks = Array.from({ length: 500 }, (_, index) => ({
      id: `t${index}`,
      name: 'n'.repeat(5_000),
      dependsOn: [],
    }))
    const text = missingText(viewOfPlan({ goal: 'g', tasks }))
    expect(text).toContain(`; and ${500 - MISSING_TASKS} more.`)
    expect(text.length).toBeLessThan(4_000)
  })
})
