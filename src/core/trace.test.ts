import { describe, expect, test } from 'vitest'
import { traceOf } from './trace.ts'
import {
  approvedTriage,
  asked,
  begun,
  decided,
  failed,
  finished,
  heldTriage,
  judged,
  logOf,
  started,
} from './trace-log.fixture.ts'

/** DESIGN section 9, "Trace": the rows of the over-threshold triage, in its words. */
const overThreshold = [
  { step: 1, kind: 'decision_recorded', status: 'calls_proposed' },
  { step: 1, kind: 'tool_result', tool: 'search_docs', status: 'ok', matches: 3 },
  {
    step: 1,
    kind: 'tool_result',
    tool: 'lookup_billing_account',
    status: 'ok',
    duplicate_charge_detected: true,
  },
  { step: 2, kind: 'decision_recorded', status: 'calls_proposed' },
  {
    step: 2,
    kind: 'tool_result',
    tool: 'open_refund_case',
    status: 'blocked',
    reason: 'refund_threshold_exceeded',
  },
  { step: 2, kind: 'state_transition', status: 'awaiting_human_review' },
]

describe('the trace of a log', () => {
  test('of the over-threshold triage is the golden of the design, in the order proposed', () => {
    expect(traceOf(logOf(heldTriage()))).toEqual(overThreshold)
  })
  test('goes on behind its rows when people have answered', () => {
    expect(traceOf(logOf(approvedTriage()))).toEqual([
      ...overThreshold,
      { step: 2, kind: 'state_transition', status: 'running', reason: 'approved' },
      { step: 2, kind: 'tool_result', tool: 'open_refund_case', status: 'ok', case_id: 'RC-1' },
      { step: 3, kind: 'decision_recorded', status: 'answered' },
      {
        step: 3,
        kind: 'state_transition',
        status: 'completed',
        reason: 'final_answer',
        ending: 'case_opened',
        caseId: 'RC-1',
      },
    ])
  })
  test('never hides a retry of the model', () => {
    expect(traceOf(logOf(started(), asked(1), failed(1, 1, 9_000), asked(1, 2)))).toEqual([
      { step: 1, kind: 'state_transition', status: 'awaiting_retry', reason: 'http_529' },
      { step: 1, kind: 'state_transition', status: 'running', reason: 'model_started' },
    ])
  })
  test('says what a call that failed said, and a summary cannot replace our own fields', () => {
    const calls = [
      { callId: 'c1', tool: 'charge' },
      { callId: 'c2', tool: 'look' },
    ]
    const outcome = { type: 'terminal_error', message: 'card declined' } as const
    const log = logOf(
      started(),
      decided(1, calls),
      judged('c1'),
      begun('c1'),
      finished('c1', outcome),
      judged('c2'),
      begun('c2'),
      finished('c2', { type: 'ok', output: 1 }, { step: 9, status: 'fine', tool: 'x', kind: 'y', seen: 1 }),
    )
    expect(traceOf(log).slice(1)).toEqual([
      { step: 1, kind: 'tool_result', tool: 'charge', status: 'terminal_error', message: 'card declined' },
      { step: 1, kind: 'tool_result', tool: 'look', status: 'ok', seen: 1 },
    ])
  })
  test('of a log that grew keeps its rows', () => {
    const whole = logOf(approvedTriage())
    const rows = traceOf(whole)
    const stable = (count: number) => traceOf(whole.slice(0, count)).filter((row) => row.kind !== 'tool_result')
    for (let count = 0; count <= whole.length; count += 1) {
      const before = stable(count)
      expect(rows.filter((row) => row.kind !== 'tool_result').slice(0, before.length)).toEqual(before)
    }
  })
})
