/** Whatever names and texts stand in a log, nothing that is shown of it can speak to the terminal. */
import { describe, expect, test } from 'vitest'
import { fold, type LogEvent, traceOf, whyOf } from '../../core/index.ts'
import { rememberedLog, troubledLog } from '../../core/memory/remembered-log.fixture.ts'
import {
  askedAboutNetwork,
  askedAboutPlan,
  endedPartial,
  replanned,
  retriedLater,
} from '../../core/plan/deploy-log.fixture.ts'
import { approvedTriage, heldTriage, logOf } from '../../core/trace-log.fixture.ts'
import type { Head } from '../../ports/index.ts'
import { createStyle } from '../style.ts'
import { renderEvent } from './event.ts'
import { createLive } from './live.ts'
import { renderPlanOf, renderVersion } from './plan-show.ts'
import { renderShow } from './show.ts'
import { renderTrace } from './trace.ts'
import { renderWhy } from './why.ts'

const EVIL = '\u001b[2J\u001b]0;title\u0007\u009b31m\u202e\u0000\r\nnext'
/** What people, models, tools and strangers write. */
const written = new Set([
  ...'by id ask reason message name description goal notes text tool answer hint closing agent policy options'.split(
    ' ',
  ),
  ...'key value noted removed points summary problem query mediaType'.split(' '),
])

function poisoned(log: readonly LogEvent[]): readonly LogEvent[] {
  const worse = (name: string, value: unknown): unknown => {
    // Ids of tasks join events; reasons of the session are a closed vocabulary.
    if (typeof value === 'string') return written.has(name) ? `${value}${EVIL}` : value
    if (Array.isArray(value)) return value.map((item) => worse(name, item))
    if (typeof value !== 'object' || value === null) return value
    const isTask = 'dependsOn' in value
    const isOfSession = 'type' in value && String(value.type).startsWith('session_')
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) =>
        (key === 'id' && isTask) || (key === 'reason' && isOfSession) ? [key, inner] : [key, worse(key, inner)],
      ),
    )
  }
  // The same events with other texts in them.
  return log.map((each) => worse('', each) as LogEvent)
}

const style = createStyle(false)
const look = { style, width: 80, textWidth: 80, now: 900_000 }

function allShown(log: readonly LogEvent[]): readonly string[] {
  const state = fold('t', 's', log)
  const live = createLive({ style, width: 80, textWidth: 80, toolWidth: 10 })
  const lived = log.flatMap((each, index) => {
    const { heading, lines } = live.event(each, fold('t', 's', log.slice(0, index + 1)))
    // What was said is made harmless where it flows.
    return [...heading, ...lines]
  })
  // Of a head, no more is shown than this.
  const head = { tenant: `t${EVIL}`, sessionId: 's', workerId: null } as Head
  return [
    ...lived,
    ...renderShow(head, state, look),
    ...renderPlanOf(state, log, look),
    ...(state.plan?.versions ?? []).flatMap((version) => renderVersion(state, log, { version, look })),
    ...renderTrace(traceOf(log), look),
    ...renderWhy(whyOf(log, 's'), look),
    ...log.map((each) => renderEvent(each, { style, width: 80, before: null })),
  ]
}

describe('nothing that is shown can speak to the terminal', () => {
  test.each([
    ['a session that was held and approved', logOf(approvedTriage())],
    ['a session that is held', logOf(heldTriage())],
    ['a plan that ended partial', endedPartial()],
    ['a plan that was planned anew', replanned()],
    ['a plan that is looked at', askedAboutPlan()],
    ['a failed task that people are asked about', askedAboutNetwork()],
    ['a task that is tried again', retriedLater()],
    ['a session that remembers', rememberedLog()],
    ['a session whose memory failed', troubledLog()],
  ])('of %s', (_, log) => {
    const shown = allShown(poisoned(log))
    expect(shown.length).toBeGreaterThan(20)
    expect(shown.join(' ')).toContain('·')
    expect(shown.filter((line) => /[\p{Cc}\u202e]/u.test(line))).toEqual([])
  })
})
