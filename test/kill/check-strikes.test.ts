import type { LogEvent, PawlEvent } from 'pawl/core'
import { describe, expect, test } from 'vitest'
import { checkStrikes, inFlight, type Struck } from './check-strikes.ts'
import type { Diary } from './diary.ts'
import type { StartRow } from './ledger-client.ts'
import { limitsOf, modeOf } from './mode.ts'
import { planRound } from './plan-round.ts'
import type { Blow } from './strikes.ts'
import type { Held } from './watch-file.ts'

const sessionId = 's1'
const place = { sessionId, callId: 'c1', attempt: 1 }
const silent: Diary = { appended: [], entered: [], claimed: [], acknowledged: [], beganAnew: [] }
const held: Held = { sessionId, workerId: 'w1', fence: 3, version: 1, last: 'call_started' }
const begun: LogEvent = {
  seq: 1,
  at: 1_000,
  event: { type: 'call_started', callId: 'c1', attempt: 1, fence: 3, leaseMs: 500 },
}
const row: StartRow = { ...place, key: 's1/c1', tool: 'wire_money', at: 1_010, answeredAt: 1_020 }
const lost: PawlEvent = { type: 'call_lost', callId: 'c1', attempt: 1 }
const entered = { ...place, isUnsafe: true, startBy: 1_500, allowedAt: 1_005, at: 1_006 }
const frozen: Blow = {
  type: 'freeze',
  at: 1_100,
  held: [held],
  thawedAt: 1_900,
  isPastLease: true,
  takenOver: 1,
  isLocking: false,
}
const drained: Blow = {
  type: 'term',
  at: 1_005,
  held: [held],
  endedAt: 1_100,
  end: 0,
  signals: 1,
  isClean: true,
  drainMs: 30,
  stillHeld: [],
  due: [],
}

function finished(outcome: 'ok' | 'unknown', latencyMs = 10): PawlEvent {
  const said = outcome === 'ok' ? ({ type: 'ok', output: 1 } as const) : ({ type: 'unknown', message: 'cut' } as const)
  return { type: 'call_finished', callId: 'c1', attempt: 1, outcome: said, trust: 'tool', latencyMs }
}

type Given = Partial<Omit<Struck, 'logs'>> & { readonly outcome?: PawlEvent }

function found({ outcome, ...given }: Given): readonly string[] {
  const log = outcome === undefined ? [begun] : [begun, { seq: 2, at: 1_030, event: outcome }]
  const entries = { starts: [row], landings: [], lates: [] }
  const logs = new Map([[sessionId, log]])
  return checkStrikes({ blows: [], diary: silent, entries, logs, limits: limitsOf.term, ...given }).map(
    ({ check }) => check,
  )
}

describe('the check of the fences', () => {
  const append = (fence: number, to: number) => ({ sessionId, fence, from: to, to })

  test('finds nothing wrong with a worker that goes on after another, in whatever order they tell of it', () => {
    expect(found({ diary: { ...silent, appended: [append(4, 5), append(3, 2), append(3, 4)] } })).toEqual([])
  })

  test('notices an append under a fence that was lost', () => {
    expect(found({ diary: { ...silent, appended: [append(3, 2), append(4, 5), append(3, 6)] } })).toEqual(['fence'])
  })
})

describe('the check of what a frozen worker begins', () => {
  test('finds nothing wrong with a call that was let begin in time, and frozen before it did', () => {
    expect(found({ diary: { ...silent, entered: [{ ...entered, at: 1_900 }] }, blows: [frozen] })).toEqual([])
  })

  test('notices an unsafe call that is let begin after startBy', () => {
    expect(found({ diary: { ...silent, entered: [{ ...entered, allowedAt: 1_900 }] } })).toEqual(['late_start'])
  })

  test('notices any call that is let begin when the lease that it was frozen in is over', () => {
    const late = { ...entered, isUnsafe: false, allowedAt: frozen.at + limitsOf.freeze.leaseMs + 1 }
    const given = { diary: { ...silent, entered: [late] }, limits: limitsOf.freeze }
    expect(found({ ...given, blows: [frozen] })).toEqual(['late_start'])
    expect(found({ ...given, blows: [{ ...frozen, isPastLease: false }] })).toEqual([])
  })

  test('notices a write that reaches the world after startBy, and minds no late read', () => {
    const startsAt = (at: number, tool: StartRow['tool']) => ({
      starts: [{ ...row, at, tool }],
      landings: [],
      lates: [],
    })
    expect(found({ entries: startsAt(1_501, 'tag_ticket') })).toEqual(['late_begin'])
    expect(found({ entries: startsAt(1_500, 'tag_ticket') })).toEqual([])
    expect(found({ entries: startsAt(1_501, 'read_page') })).toEqual([])
  })
})

describe('the check of a drain', () => {
  const claim = (at: number) => ({ ...silent, claimed: [{ sessionId, fence: 4, at }] })

  test('finds nothing wrong with one that waits, lets go, and is followed by another worker', () => {
    const blows = [{ ...drained, due: [held] }]
    expect(found({ blows, diary: claim(1_150), outcome: finished('ok') })).toEqual([])
  })

  test.each<[string, string, Given]>([
    ['holds what it held', 'released', { blows: [{ ...drained, stillHeld: [held] }], outcome: finished('ok') }],
    ['is followed by nobody', 'released', { blows: [{ ...drained, due: [held] }], outcome: finished('ok') }],
    [
      'is followed when the lease is over',
      'released',
      { blows: [{ ...drained, due: [held] }], diary: claim(11_100), outcome: finished('ok') },
    ],
    ['loses a call and is over early', 'drain', { blows: [drained], outcome: lost }],
    ['ends without the outcome of a call', 'drain', { blows: [drained] }],
    ['cuts a call off that was answered', 'drain', { blows: [drained], outcome: finished('unknown') }],
    [
      'takes much longer than its grace',
      'drain',
      { blows: [{ ...drained, drainMs: 60_000 }], outcome: finished('ok') },
    ],
    ['begins something new', 'drain', { diary: { ...silent, beganAnew: [{ sessionId, kinds: 'call_started' }] } }],
  ])('notices one that %s', (_name, check, given) => {
    expect(found(given)).toEqual([check])
  })

  test.each<[string, Given]>([
    ['a call that outlasted the grace', { blows: [{ ...drained, drainMs: limitsOf.term.graceMs }], outcome: lost }],
    ['a call that took longer than it may', { blows: [drained], outcome: finished('unknown', 250) }],
    [
      'what is lost where the worker was killed in its drain',
      { blows: [{ ...drained, isClean: false }], outcome: lost },
    ],
  ])('does not mind %s', (_name, given) => {
    expect(found(given)).toEqual([])
  })
})

test('a call is in flight from its start until its outcome stands', () => {
  const log = [begun, { seq: 2, at: 1_030, event: finished('ok') }]
  expect(inFlight(log, held).map(({ callId }) => callId)).toEqual(['c1'])
  expect(inFlight(log, { ...held, version: 2 })).toEqual([])
  expect(inFlight(log, { ...held, fence: 4 })).toEqual([])
})

describe('the plan of a round', () => {
  test('is the same for the same seed, and follows its mode', () => {
    expect(planRound('freeze-7-1')).toEqual(planRound('freeze-7-1'))
    const types = (seed: string) =>
      new Set(
        planRound(seed)
          .strikes.flat()
          .map(({ type }) => type),
      )
    expect([types('kill-7-1'), types('freeze-7-1'), types('term-7-1')]).toEqual([
      new Set(['kill']),
      new Set(['freeze']),
      new Set(['term']),
    ])
  })

  test('most freezes last longer than the lease, some do not, and some drains are signalled twice or killed', () => {
    const all = Array.from({ length: 100 }, (_, index) => index)
    const freezes = all.flatMap((index) => planRound(`freeze-x-${index}`).strikes.flat())
    const past = freezes.filter((each) => each.type === 'freeze' && each.lastsMs > limitsOf.freeze.leaseMs)
    expect(past.length).toBeGreaterThan(freezes.length / 2)
    expect(past.length).toBeLessThan(freezes.length)
    const terms = all.flatMap((index) => planRound(`term-x-${index}`).strikes.flat())
    for (const story of ['againMs', 'killMs'] as const)
      expect(terms.filter((each) => each.type === 'term' && each[story] !== null).length).toBeGreaterThan(5)
  })

  test('a seed without a mode is refused', () => {
    expect(() => modeOf('7-1')).toThrow('expected a seed that begins with kill, freeze, term; found "7-1"')
  })
})
