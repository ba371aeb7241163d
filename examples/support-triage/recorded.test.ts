import type { LogEvent } from 'pawl'
import { traceOf } from 'pawl/core'
import { recorded } from 'pawl/models/scripted'
import { describe, expect, test } from 'vitest'
import { type Complaint, complaints, readRecording } from './recording.ts'
import { countRows, openDesk } from './triage.fixture.ts'
import { refundCasesOf } from './world/refund-cases.ts'

/** Plays a recording back until the session rests. */
async function play(name: Complaint) {
  const { message, responses } = readRecording(name)
  const desk = openDesk({ model: recorded(responses) })
  const session = await desk.write(message)
  const log: LogEvent[] = []
  for await (const item of desk.runtime.watch(session, { until: 'rest' })) if (item.type === 'event') log.push(item)
  return { desk, log, session, result: await desk.runtime.result(session) }
}

// The rows stand in ../shared/DESIGN.md, section 9, "Trace"; none is copied from what the code prints.
const overThreshold = [
  { step: 1, kind: 'decision_recorded' },
  { step: 1, kind: 'tool_result', tool: 'search_docs', status: 'ok', matches: 3 },
  {
    step: 1,
    kind: 'tool_result',
    tool: 'lookup_billing_account',
    status: 'ok',
    duplicate_charge_detected: true,
  },
  { step: 2, kind: 'decision_recorded' },
  {
    step: 2,
    kind: 'tool_result',
    tool: 'open_refund_case',
    status: 'blocked',
    reason: 'refund_threshold_exceeded',
  },
  { step: 2, kind: 'state_transition', status: 'awaiting_human_review' },
]

// The same two turns, and the ending that the issue gives to a double charge under the threshold: it ends with a case.
const underThreshold = [
  ...overThreshold.slice(0, 4),
  { step: 2, kind: 'tool_result', tool: 'open_refund_case', status: 'ok' },
  { step: 2, kind: 'state_transition', ending: 'case_opened', caseId: 'RC-1002' },
]

describe(complaints['double-charge-over-threshold'].title, () => {
  test('has the trace of the design', async () => {
    const { log } = await play('double-charge-over-threshold')
    expect(traceOf(log)).toMatchObject(overThreshold)
  })

  test('waits for a person, and opens the case when somebody approves', async () => {
    const { desk, session, result } = await play('double-charge-over-threshold')
    expect(result.status).toEqual({ type: 'blocked', reason: 'approval' })
    expect(countRows(desk.world, 'refund_attempts')).toBe(0)
    for (const approval of result.openApprovals) await desk.runtime.approvals.approve(approval, 'lead@fernpost.example')
    expect((await desk.runtime.result(session)).ending).toMatchObject({ type: 'case_opened', caseId: 'RC-1002' })
    expect(refundCasesOf(desk.world, 'acct_1002')).toHaveLength(1)
  })
})

describe(complaints['double-charge-under-threshold'].title, () => {
  test('has the trace that the issue tells', async () => {
    const { log } = await play('double-charge-under-threshold')
    expect(traceOf(log)).toMatchObject(underThreshold)
  })

  test('ends with one case', async () => {
    const { desk, result } = await play('double-charge-under-threshold')
    expect(result.ending).toMatchObject({ type: 'case_opened', caseId: 'RC-1002' })
    expect(refundCasesOf(desk.world, 'acct_1001')).toHaveLength(1)
    expect(countRows(desk.world, 'refund_attempts')).toBe(1)
  })
})

test('both searches of the first turn ran side by side', async () => {
  const { log } = await play('double-charge-under-threshold')
  const kinds = log.flatMap(({ event }) => (event.type.startsWith('call_') ? [event.type] : []))
  expect(kinds.slice(0, 6)).toEqual([
    'call_judged',
    'call_judged',
    'call_started',
    'call_started',
    'call_finished',
    'call_finished',
  ])
})
