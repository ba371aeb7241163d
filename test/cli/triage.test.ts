/** The main job over the real command line: each step is a process of its own, over one SQLite file. */
import { afterAll, expect, test } from 'vitest'
import { makeFolder, objects, startPawl } from './pawl.ts'

const { folder, remove } = makeFolder()
afterAll(remove)

const run = (...args: readonly string[]) => startPawl(folder, ...args).ended

/** DESIGN section 9, "Trace": the rows of the over-threshold triage, in its words. */
const overThreshold = [
  { step: 1, kind: 'decision_recorded', status: 'calls_proposed' },
  { step: 1, kind: 'tool_result', tool: 'search_docs', status: 'ok', matches: 3 },
  { step: 1, kind: 'tool_result', tool: 'lookup_billing_account', status: 'ok', duplicate_charge_detected: true },
  { step: 2, kind: 'decision_recorded', status: 'calls_proposed' },
  { step: 2, kind: 'tool_result', tool: 'open_refund_case', status: 'blocked', reason: 'refund_threshold_exceeded' },
  { step: 2, kind: 'state_transition', status: 'awaiting_human_review' },
]

test('a refund over the threshold is held, shown, approved from another process, and opens one case', {
  timeout: 60_000,
}, async () => {
  const held = await run('run', 'triage', 'I was charged twice')
  expect(held).toMatchObject({ code: 3, notes: '' })
  expect(held.out).toContain('‖ open_refund_case        ask       held')
  expect(held.out).toMatch(/\$ pawl approve \w{8} a1/)

  const [waiting] = objects((await run('approvals', '--json')).out)
  expect(waiting).toMatchObject({ approvalId: 'a1', body: { tool: 'open_refund_case', input: { amount: 420 } } })

  const trace = await run('trace', 'last', '--json')
  expect(objects(trace.out)).toEqual(overThreshold)

  const approved = await run('approve', 'last', '--wait')
  expect(approved).toMatchObject({ code: 0, notes: '' })
  expect(approved.out).toContain('✓ approved ada · a1')
  expect(approved.out).toContain('✓ done  final_answer · case_opened RC-1')

  const again = await run('approve', 'last', 'a1')
  expect(again).toMatchObject({ code: 1, out: '' })
  expect(again.notes).toContain('already_resolved')
  expect(again.notes).toContain('by ada')
})

test('Ctrl-C drains: the session keeps its place, and is driven on or cancelled later', {
  timeout: 60_000,
}, async () => {
  const running = startPawl(folder, 'run', 'dawdler', 'wait', '--json')
  await running.printed('call_started')
  running.kill('SIGINT')
  const { code, notes } = await running.ended
  expect(code).toBe(130)
  expect(notes).toContain('Draining')
  expect(notes).toMatch(/Stopped; session \w{8} keeps its place/)
  const cancelled = await run('cancel', 'last', '--wait', '--reason', 'enough')
  expect(cancelled.out).toContain('✗ cancelled  cancelled')
  expect(cancelled.code).toBe(1)
})

test('a worker drains on SIGTERM and ends well', { timeout: 60_000 }, async () => {
  const working = startPawl(folder, 'work')
  await working.printed('Ctrl-C drains')
  working.kill('SIGTERM')
  expect(await working.ended).toMatchObject({ code: 0 })
})
