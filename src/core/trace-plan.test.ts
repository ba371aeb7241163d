import { describe, expect, test } from 'vitest'
import { askedAboutNetwork, askedAboutPlan, endedPartial, replanned } from './plan/deploy-log.fixture.ts'
import { traceOf } from './trace.ts'

const given = [
  { step: 0, kind: 'plan_transition', status: 'proposed', reason: 'given', version: 1, tasks: 5 },
  { step: 0, kind: 'route_chosen', status: 'plan_and_subagent', reason: 'the caller gave a plan', level: 'forced' },
]
const task = (name: string, status: string, more: object = {}) => ({
  step: 1,
  kind: 'task_transition',
  task: name,
  status,
  ...more,
})
const result = (name: string, tool: string, status: string, more: object = {}) => ({
  step: 1,
  kind: 'tool_result',
  task: name,
  tool,
  status,
  ...more,
})
const untilFailed = [
  ...given,
  { step: 0, kind: 'plan_transition', status: 'adopted', version: 1 },
  task('vm', 'in_progress'),
  result('vm', 'create_vm', 'ok'),
  task('vm', 'completed'),
  task('deps', 'in_progress'),
  task('network', 'in_progress'),
  result('network', 'open_port', 'terminal_error', { message: 'sg-9 has no free rule' }),
  task('network', 'failed', { reason: 'tool_terminal', message: 'sg-9 has no free rule' }),
]
const escalation = {
  step: 1,
  kind: 'recovery_chosen',
  task: 'network',
  status: 'escalate',
  reason: 'tool_terminal: nothing else is left to try',
}

describe('the trace of a plan', () => {
  test('tells each task with its calls, what was chosen when one failed, and that the answer is partial', () => {
    expect(traceOf(endedPartial())).toEqual([
      ...untilFailed,
      escalation,
      result('deps', 'run_playbook', 'ok'),
      task('deps', 'completed'),
      {
        step: 0,
        kind: 'state_transition',
        status: 'completed',
        reason: 'final_answer',
        ending: 'answered',
        partial: true,
      },
    ])
  })
  test('tells that people are asked about it, and about its failed tasks', () => {
    expect(traceOf(askedAboutPlan())).toEqual([
      ...given,
      { step: 0, kind: 'plan_transition', status: 'held', reason: 'god_task', version: 1 },
      { step: 0, kind: 'state_transition', status: 'awaiting_plan_review' },
    ])
    expect(traceOf(askedAboutNetwork()).slice(untilFailed.length)).toEqual([
      escalation,
      task('network', 'escalated', { options: ['retry', 'skip', 'abort'] }),
      result('deps', 'run_playbook', 'ok'),
      task('deps', 'completed'),
      { step: 0, kind: 'state_transition', status: 'awaiting_escalation' },
    ])
  })
  test('tells every version with why it came', () => {
    const versions = traceOf(replanned()).filter(({ kind }) => kind === 'plan_transition')
    expect(versions.map(({ status, version, reason }) => [status, version, reason])).toEqual([
      ['proposed', 1, 'given'],
      ['adopted', 1, undefined],
      ['proposed', 2, 'replan since network failed: tool_terminal'],
      ['adopted', 2, undefined],
    ])
  })
  test('of a log that grew keeps its rows', () => {
    const whole = replanned()
    const stable = (count: number) => traceOf(whole.slice(0, count)).filter((row) => row.kind !== 'tool_result')
    const rows = stable(whole.length)
    for (let count = 0; count <= whole.length; count += 1) {
      const before = stable(count)
      expect(rows.slice(0, before.length)).toEqual(before)
    }
  })
})
