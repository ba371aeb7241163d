/** Goldens of what people see of a session that remembers. The log is built from events, not recorded from us. */
import { describe, expect, test } from 'vitest'
import { fold, type LogEvent, traceOf } from '../../core/index.ts'
import { rememberedLog, troubledLog } from '../../core/memory/remembered-log.fixture.ts'
import { heldTriage, logOf } from '../../core/trace-log.fixture.ts'
import type { Head } from '../../ports/index.ts'
import { createStyle } from '../style.ts'
import { renderEvent } from './event.ts'
import { createLive } from './live.ts'
import { renderShow, summaryOf } from './show.ts'
import { renderTrace } from './trace.ts'

const style = createStyle(false)

function livedThrough(log: readonly LogEvent[], textWidth = 100): readonly string[] {
  const live = createLive({ style, width: textWidth, textWidth, toolWidth: 13 })
  return log.flatMap((logEvent, index) => {
    const { heading, lines } = live.event(logEvent, fold('t', 's', log.slice(0, index + 1)))
    return [...heading, ...lines]
  })
}

function shown(log: readonly LogEvent[], width = 100): readonly string[] {
  // Of a head, no more is shown than this.
  const head = { tenant: 'default', sessionId: 's', workerId: null } as Head
  return renderShow(head, fold('t', 's', log), { style, width, textWidth: width, now: 60_000 })
}

const sectionsOf = (lines: readonly string[]) => lines.slice(lines.findIndex((line) => line.startsWith('▸ facts')))

describe('what people see of a memory', () => {
  test('as it happens: artifacts, patches, questions, and what makes room in the prompt', () => {
    expect(livedThrough(rememberedLog())).toEqual([
      '',
      '› I was charged twice',
      '',
      '▸ turn 1',
      '  · 1 call · 10 + 5 tokens · <$0.0001 · 800 ms',
      '  ✓ search_orders  allow     ok                {"customer":"mia"} → {"artifact":"75ec8826825834bc",…',
      '    artifact 75ec8826825834bc · 45 KiB',
      '  · search_orders (c1): noted orders, newest_order',
      '    ! there is no question q9',
      '  ? q1 Which order is meant?',
      '',
      '▸ turn 2',
      '  · 1 call · 10 + 5 tokens · <$0.0001 · 800 ms',
      '  ✓ read_mail      allow     ok                {"n":1} → I was charged twice for A-7',
      '  · asked for a patch · 10 + 5 tokens · <$0.0001 · 800 ms',
      '  · read_mail (c2): noted charged_twice',
      '  ✓ q1 [external] A-7',
      '  · asked for points · 10 + 5 tokens · <$0.0001 · 800 ms',
      '  · 2 facts put together: orders, newest_order',
      '  · asked for a summary · 10 + 5 tokens · <$0.0001 · 800 ms',
      '  · older turns were summed up · 2,331 → 570 tokens',
      '  · 1 passage of earlier turns recalled · from event 2',
      '',
      '▸ turn 6',
      '  · answer · 10 + 5 tokens · <$0.0001 · 800 ms',
    ])
  })
  test('as it happens: what was refused, dropped or lost, each with its reason, in a narrow window too', () => {
    expect(livedThrough(troubledLog(), 60).slice(-6)).toEqual([
      '  ✗ read_mail (c2): its patch was refused',
      '    expected JSON, found "no JSON"',
      '  · 1 fact dropped: orders · http_529: overloaded',
      '  · older turns left the prompt, texts of over 4,000',
      '    characters were cut · 2,331 → 570 tokens · http_529:…',
      '  · nothing recalled of earlier turns',
    ])
  })
  test('of a session at a glance', () => {
    expect(sectionsOf(shown(rememberedLog()))).toEqual([
      '▸ facts 2 of 2',
      '  key                 value                            kind      from',
      '  charged_twice       [external] A-7                   decision  read_mail (c2)',
      '  compressed_context  1. 600 orders. 2. Newest A-599.            older facts',
      '',
      '▸ questions 0 open of 1',
      '         question                                from',
      '  ✓  q1  [external] Which order is meant? → A-7  search_orders (c1)',
      '',
      '▸ artifacts 1',
      '  artifact          from                  size  type',
      '  75ec8826825834bc  search_orders (c1)  45 KiB  application/json',
      '',
      '▸ left the prompt up to event 5',
      '  [external] Asked:',
      '  - a refund',
      '  · recalled from event 2: I was charged twice',
    ])
    expect(sectionsOf(shown(troubledLog())).slice(-3)).toEqual([
      '▸ left the prompt up to event 5',
      '  without a summary',
      '  · texts of over 4,000 characters are shown cut',
    ])
    expect(shown(rememberedLog())[5]).toContain('3 turns (3 of 12 since the last message) · 3 requests for memory')
  })
  test('of a session without any, at a glance: nothing', () => {
    expect(shown(logOf(heldTriage())).at(-1)).toContain('open_refund_case')
    expect(summaryOf(fold('t', 's', logOf(heldTriage())))).toMatchObject({
      facts: [],
      questions: [],
      artifacts: [],
      compactions: [],
    })
  })
  test('no line is wider than the window', () => {
    // A call needs more.
    for (const log of [rememberedLog(), troubledLog()])
      for (const line of [
        ...sectionsOf(shown(log, 60)),
        ...livedThrough(log, 60).filter((each) => !each.includes('allow')),
      ])
        expect(line.length, line).toBeLessThanOrEqual(60)
  })
  test('of its events, what says most', () => {
    const lines = rememberedLog().map((each) => renderEvent(each, { style, width: 120, before: each.at }))
    const about = (seq: number) => lines[seq - 1]?.slice(18)
    expect(about(8)).toMatch(/^call_finished {8}callId c1 · artifact 75ec8826825834bc, 45 KiB · attempt 1/)
    expect(about(9)).toBe('result_processed     callId c1 · noted orders, newest_order · ignored unknown_question q9')
    expect(about(11)).toBe(
      'fact_noted           key newest_order · value A-599 · from tool c1 · priority 50 · confidence 0.6',
    )
    expect(about(19)).toMatch(/^model_started {8}for process · callId c2 · turn 3/)
    expect(about(26)).toBe('facts_compressed     removed orders, newest_order · points 1. 600 orders. 2. Newest A-599.')
    expect(about(29)).toBe(
      'history_compacted    strategy summarize · throughSeq 5 · tokens 2,331 → 570 · trust external · summar…',
    )
    expect(about(30)).toBe(
      'context_recalled     messageSeq 2 · throughSeq 5 · passages [2] · query I was charged twice',
    )
  })
  test('of a trace', () => {
    expect(renderTrace(traceOf(rememberedLog()), { style, width: 120 }).slice(1, 5)).toEqual([
      '   1  ▸  decision_recorded                 calls_proposed',
      '      ✓  tool_result        search_orders  ok                  artifact: 75ec8826825834bc, bytes: 46026',
      '      ✓  memory_transition  search_orders  noted               noted: ["orders","newest_order"], ignored: ["unknown_que…',
      '      ·  memory_transition                 question_opened     questionId: q1, question: Which order is meant?',
    ])
  })
})
