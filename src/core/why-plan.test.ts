import { describe, expect, test } from 'vitest'
import { message, started } from './log.fixture.ts'
import {
  askedAboutNetwork,
  askedAboutPlan,
  endedPartial,
  escalated,
  networkFailed,
  retriedLater,
} from './plan/deploy-log.fixture.ts'
import { planning, proposed, routed } from './plan/plan-log.fixture.ts'
import { begins, does, looks, lost } from './plan/plan-spec.fixture.ts'
import { fold } from './reduce.ts'
import { finalText } from './status.ts'
import { logOf } from './trace-log.fixture.ts'
import { whyOf } from './why.ts'

describe('why', () => {
  test('a plan that waits to be looked at says what it is, what was found in it, and what to run', () => {
    const why = whyOf(askedAboutPlan(), 'f00d')
    expect([why.status, why.sinceAt]).toEqual(['blocked(plan_review)', 6_000])
    expect(why.because).toBe('It waits for people: its plan must be looked at before anything of it runs.')
    expect(why.rows).toEqual([
      {
        about: 'plan',
        id: 'a1',
        says: 'Plan 1 waits to be looked at before anything of it runs: god_task.',
        fields: {
          goal: 'Deploy the orders service to staging',
          tasks: 5,
          warnings: 'god_task: It does two things. Make two tasks of it.',
          requestedAt: 5_000,
          expiresAt: 900_000,
        },
        commands: [
          'pawl plan show f00d 1',
          'pawl approve f00d a1',
          'pawl reject f00d a1 --reason TEXT',
          'pawl edit f00d a1 --input @FILE',
        ],
      },
    ])
  })
  test('a failed task for which somebody has to choose says what failed, and every choice as a command', () => {
    const why = whyOf(askedAboutNetwork(), 'f00d')
    expect(why.status).toBe('blocked(escalation)')
    expect(why.rows).toHaveLength(1)
    expect(why.rows[0]).toMatchObject({
      about: 'task',
      id: 'a1',
      says: 'network "Open the network" has failed: sg-9 has no free rule. What now?',
      fields: { failure: 'tool_terminal', attempts: 1, choose: '1 retry, 2 skip, 3 abort' },
    })
    expect(why.rows[0]?.commands).toEqual([
      'pawl answer f00d a1 retry',
      'pawl answer f00d a1 skip',
      'pawl answer f00d a1 abort',
      'pawl answer f00d a1 "retry: HINT"',
      'pawl edit f00d a1 --input JSON',
      'pawl plan show f00d',
    ])
  })
  test('a running plan names each task that is under way, and what it waits for', () => {
    const why = whyOf(logOf(networkFailed('tool_terminal'), escalated))
    expect(why.status).toBe('running')
    expect(why.rows).toEqual([
      {
        about: 'task',
        id: 'deps',
        says: '"Install the dependencies" is under way.',
        fields: { waitsFor: 'run_playbook (c2)', startedAt: 11_000 },
        commands: [],
      },
    ])
  })
  test('a task that is tried again later says why it failed, and when', () => {
    const why = whyOf(retriedLater(), 'f00d')
    expect(why.status).toBe('waiting(timer)')
    expect(why.because).toBe('What is left of its plan has failed, and is tried again in a moment.')
    expect(why.rows).toEqual([
      {
        about: 'task',
        id: 'network',
        says: '"Open the network" has failed, and is tried again.',
        fields: {
          failure: 'tool_retryable',
          message: 'sg-9 has no free rule',
          recovery: 'tool_retryable: retry 1 of 2',
          attempt: 2,
          retryAt: 80_000,
        },
        commands: ['pawl cancel f00d'],
      },
    ])
  })
  test('a partial answer names what its plan has not brought', () => {
    const why = whyOf(endedPartial(), 'f00d')
    expect(why.because).toBe('It has ended: there is an answer, without what its plan has not brought.')
    expect(why.rows[0]).toEqual({
      about: 'plan',
      says: 'Of its plan 2 of 5 tasks were completed.',
      fields: {
        missing:
          'Open the network (failed: sg-9 has no free rule); Deploy the application (unreachable because Open the network failed); Set up monitoring (unreachable because Open the network failed).',
      },
      commands: ['pawl plan show f00d'],
    })
    // What a plan has come to is no decision of a model.
    expect(why.rows.map(({ about }) => about)).toEqual(['plan', 'ending'])
  })
  test('a task with a list counts once, as in the answer, and names the child that is missing', () => {
    const tasks = [looks('list'), looks('each', { forEach: { $from: 'list' } })]
    const ended = {
      type: 'session_ended',
      reason: 'final_answer',
      ending: { type: 'answered' },
      partial: true,
    } as const
    const log = logOf(
      { ...started(), planning: { ...planning, onPartial: 'answer' } },
      message('go'),
      { ...proposed, tasks, taskCount: tasks.length },
      routed,
      { type: 'plan_adopted', version: 1, warnings: [] },
      [begins('list'), { type: 'task_finished', taskId: 'list', status: 'completed', output: ['a', 'b', 'c'] }],
      [begins('each', { elements: 3 }), ...does('each/0'), ...lost('each/1'), ...does('each/2')],
      { ...ended, unresolved: [] },
    )
    expect(finalText(fold('default', 's1', log))).toContain('completed 1 of 2 tasks.')
    expect(whyOf(log).rows[0]).toMatchObject({
      says: 'Of its plan 1 of 2 tasks were completed.',
      fields: { missing: 'each 2 (failed: no).' },
    })
  })
  test('a plan that was planned anew too often says how often, and which failure was the last', () => {
    const ended = { type: 'session_ended', reason: 'replan_limit', ending: { type: 'none' }, unresolved: [] } as const
    const why = whyOf(
      logOf(networkFailed('tool_terminal'), { ...escalated, action: 'replan', reason: 'planned anew' }, ended),
      'f00d',
    )
    expect([why.status, why.because]).toEqual(['failed', 'It has ended: it was planned anew as often as it may be.'])
    expect(why.rows[0]).toMatchObject({ about: 'plan', fields: { recovery: 'network: planned anew' } })
    expect(why.rows.at(-1)?.commands).toEqual(['pawl send f00d TEXT'])
  })
})
