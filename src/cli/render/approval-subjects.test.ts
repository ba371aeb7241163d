import { describe, expect, test } from 'vitest'
import { fold, type LogEvent } from '../../core/index.ts'
import { askedAboutNetwork, askedAboutPlan } from '../../core/plan/deploy-log.fixture.ts'
import type { ApprovalRow } from '../../ports/index.ts'
import { headChange } from '../../runtime/head-change.ts'
import { createStyle } from '../style.ts'
import { renderApprovals } from './approvals.ts'

/** The row that stands in the list when the question does. */
function rowOf(log: readonly LogEvent[]): ApprovalRow {
  const at = log.findIndex(({ event }) => event.type === 'approval_requested')
  const state = fold('default', 'session-f00dfeed', log.slice(0, at + 1))
  const [opened] =
    headChange(state, [log[at]?.event ?? { type: 'plan_adopted', version: 0, warnings: [] }]).openedApprovals ?? []
  if (opened === undefined) throw new Error('the log has no question')
  return { tenant: 'default', sessionId: 'session-f00dfeed', ...opened }
}

function listed(log: readonly LogEvent[]): readonly string[] {
  return renderApprovals([rowOf(log)], [], { style: createStyle(false), textWidth: 100, now: 120_000 })
}

describe('the list of what waits for people', () => {
  test('says of a plan what it is for, how large it is, what was found in it, and how it is shown and answered', () => {
    expect(listed(askedAboutPlan())).toEqual([
      '‖ f00dfeed a1  wants plan 1 looked at  support-triage · asked 1.9 min ago · expires in 13 min',
      '    Deploy the orders service to staging · 5 tasks',
      '    ! god_task: It does two things. Make two tasks of it.',
      '    god_task',
      '    $ pawl plan show f00dfeed 1',
      '    $ pawl approve f00dfeed a1',
      '    $ pawl reject f00dfeed a1 --reason TEXT',
      '    $ pawl edit f00dfeed a1 --input @FILE',
    ])
  })
  test('says of a failed task how it failed, what it is, and what can be chosen', () => {
    expect(listed(askedAboutNetwork())).toEqual([
      '‖ f00dfeed a1  asks what follows on network  support-triage · asked 1.7 min ago · expires in 13 min',
      '    Open the network has failed: tool_terminal: sg-9 has no free rule',
      '    open_port {"host":{"$from":"vm","path":"/ip"},"port":443}',
      '    1 retry  2 skip  3 abort',
      '    $ pawl answer f00dfeed a1 retry',
      '    $ pawl answer f00dfeed a1 "retry: HINT"',
      '    $ pawl edit f00dfeed a1 --input JSON',
      '    $ pawl plan show f00dfeed',
    ])
  })
  test('reads a row that an older version has written, without what it did not write', () => {
    const old = { ...rowOf(askedAboutPlan()), body: '{"kind":"question","message":"Which one?"}' }
    expect(renderApprovals([old], [], { style: createStyle(false), textWidth: 100, now: 120_000 }).slice(1)).toEqual([
      '    Which one?',
      '    $ pawl answer f00dfeed a1 TEXT',
    ])
  })
})
