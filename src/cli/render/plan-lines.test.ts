import { describe, expect, test } from 'vitest'
import { fold } from '../../core/index.ts'
import { endedPartial } from '../../core/plan/deploy-log.fixture.ts'
import { createStyle } from '../style.ts'
import { planLines } from './plan-lines.ts'

const context = { style: createStyle(false), textWidth: 60, state: fold('t', 's', endedPartial()) }
const long = 'the group has no free rule '.repeat(20).trim()

describe('what happens to a plan', () => {
  test('is told in two lines where somebody had much to say, under the name that it is about', () => {
    const failed = {
      type: 'task_failed',
      taskId: 'network',
      failure: 'tool_terminal',
      message: long,
      attempt: 1,
    } as const
    expect(planLines.task_failed(failed, context)).toEqual([
      '  ✗ network Open the network',
      '    tool_terminal the group has no free rule the group has',
      '    no free rule the group has no free rule the group has…',
    ])
    const told = planLines.task_failed({ ...failed, message: 'no rule' }, context)
    expect(told).toEqual(['  ✗ network Open the network tool_terminal no rule'])
  })
  test('has an end, whatever its goal is', () => {
    const proposed = { type: 'plan_proposed', version: 1, mode: 'strict', cause: { type: 'given' } } as const
    expect(planLines.plan_proposed({ ...proposed, goal: long, tasks: [], taskCount: 1_200 }, context)).toEqual([
      '',
      '▸ plan 1 1,200 tasks · given · the group has no free rule',
      '         the group has no free rule the group has no free…',
    ])
  })
  test('tells of a warning all of it: how to mend it stands at its end', () => {
    const message = `${long}. Make two tasks of it.`
    const lines = planLines.plan_adopted(
      { type: 'plan_adopted', version: 1, warnings: [{ code: 'god_task', tasks: ['vm'], message }] },
      context,
    )
    expect(lines[0]).toMatch(/^ {2}· god_task the group/)
    expect(lines.at(-1)).toMatch(/^ {4}.*Make two tasks of it\.$/)
  })
})
