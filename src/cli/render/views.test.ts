/** Goldens of what people see. The rows are those of DESIGN section 9; the log is built from events, not recorded from us. */
import { describe, expect, test } from 'vitest'
import { fold, traceOf, whyOf } from '../../core/index.ts'
import { approvedTriage, heldTriage, logOf } from '../../core/trace-log.fixture.ts'
import { createStyle } from '../style.ts'
import { renderDoctor } from './doctor.ts'
import { renderEvent } from './event.ts'
import { createLive } from './live.ts'
import { renderTrace } from './trace.ts'
import { renderWhy } from './why.ts'

const style = createStyle(false)
const width = 120

/** Relative times only: the absolute ones depend on the machine's time zone. */
function withoutClock(lines: readonly string[]): readonly string[] {
  return lines.map((line) => line.replaceAll(/, \d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, ''))
}

describe('what people see', () => {
  test('of a trace', () => {
    expect(renderTrace(traceOf(logOf(heldTriage())), { style, width })).toEqual([
      'step     kind               tool                    status                 reason',
      '   1  ▸  decision_recorded                          calls_proposed',
      '      ✓  tool_result        search_docs             ok                     matches: 3',
      '      ✓  tool_result        lookup_billing_account  ok                     duplicate_charge_detected: true',
      '   2  ▸  decision_recorded                          calls_proposed',
      '      ‖  tool_result        open_refund_case        blocked                refund_threshold_exceeded',
      '      ·  state_transition                           awaiting_human_review',
    ])
  })
  test('of why a session is blocked', () => {
    const why = whyOf(logOf(heldTriage()), 'f00dfeed')
    expect(withoutClock(renderWhy(why, { style, textWidth: 100, now: 137_000 }))).toEqual([
      '‖ blocked(approval)  since 2 min ago',
      '  It waits for people: 1 call must be approved before anything else is written.',
      '',
      '  a1  open_refund_case (c3) is held: refund_threshold_exceeded.',
      '    tool       open_refund_case',
      '    input      {"amount":420}',
      '    policy     threshold(open_refund_case)',
      '    ask        a billing lead',
      '    requested  2 min ago',
      '    expires    in 13 min',
      '    $ pawl approve f00dfeed a1',
      '    $ pawl reject f00dfeed a1 --reason TEXT',
      '    $ pawl edit f00dfeed a1 --input JSON',
      '    $ pawl answer f00dfeed a1 TEXT',
    ])
  })
  test('of a session as it happens', () => {
    const live = createLive({ style, width, textWidth: 100, toolWidth: 22 })
    const log = logOf(approvedTriage())
    const lines = log.flatMap((logEvent, index) => live.event(logEvent, fold('t', 's', log.slice(0, index + 1))).lines)
    expect(lines).toEqual([
      '',
      '› I was charged twice',
      '',
      '▸ turn 1',
      '  · 2 calls · 10 + 5 tokens · <$0.0001 · 800 ms',
      '  ✓ lookup_billing_account  allow     ok                {} → duplicate_charge_detected true',
      '  ✓ search_docs             allow     ok                {} → matches 3',
      '',
      '▸ turn 2',
      '  · 1 call · 10 + 5 tokens · <$0.0001 · 800 ms',
      '  ‖ open_refund_case        ask       held              {"amount":420} → refund_threshold_exceeded',
      '    a1: refund_threshold_exceeded, asks a billing lead',
      '  ✓ approved ada · a1',
      '  ✓ open_refund_case        approved  ok                {"amount":420} → case_id RC-1',
      '',
      '▸ turn 3',
      '  · answer · 10 + 5 tokens · <$0.0001 · 800 ms',
    ])
  })
  test('of an event, the first with its time, the next with how much later', () => {
    const [first, second] = logOf(heldTriage())
    if (first === undefined || second === undefined) throw new Error('the log has two events')
    expect(renderEvent(first, { style, width, before: null })).toMatch(
      /^ {4}1 {3}\d\d:\d\d:\d\d {2}session_started {6}agent support-triage · requester \{"type":"user","id":"mia"\}$/,
    )
    expect(renderEvent(second, { style, width, before: first.at })).toBe(
      '    2       +1 s  message_received     text I was charged twice · trust user · origin {"type":"user","id":"mia"}',
    )
  })
  test('of the doctor', () => {
    const checks = [
      { name: 'node', stands: 'ok', says: '24.21.0' },
      { name: 'durability', stands: 'warn', says: 'process_crash', advice: 'Ask for power_loss.' },
    ] as const
    expect(renderDoctor(checks, { style, textWidth: 80 })).toEqual([
      '✓ node        24.21.0',
      '! durability  process_crash',
      '              → Ask for power_loss.',
      '',
      'It works; 1 thing should be looked at.',
    ])
  })
})
