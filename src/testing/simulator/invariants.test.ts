import { describe, expect, test } from 'vitest'
import type { EventOf, Outcome, PawlEvent } from '../../core/index.ts'
import { asked, call, opened, responded, turn } from '../../core/log.fixture.ts'
import { check } from './invariants.ts'
import { note } from './note.ts'
import { freshRecord } from './record.ts'
import type { Expected } from './world.ts'

/** c1 reads, c2 pays, c3 writes under a key. */
const tools = ['look', 'pay', 'note'] as const
const effects = { look: 'read', pay: 'unsafe', note: 'idempotent' } as const
const expected: Expected = {
  effectOf: (name) => effects[tools.find((each) => each === name) ?? 'look'],
  toolsOf: () => tools,
  retriesOf: () => 1,
  verdictOf: null,
}

const begun = opened()
const callIds = ['c1', 'c2', 'c3']
const calls = tools.map((tool) => call(tool, { amount: 1 }))
const decided: readonly PawlEvent[] = [...begun, ...turn(1, calls)]

type Verdict = Extract<EventOf<'call_judged'>['judgement'], { type: 'verdict' }>['verdict']

function judged(callId: string, approvalHash = `hash of ${callId}`, verdict: Verdict = { type: 'allow' }): PawlEvent {
  const tool = tools[callIds.indexOf(callId)] ?? 'look'
  const hashes = { idempotencyKey: callId, effectHash: callId, approvalHash, policyHash: 'p' }
  const terms = { effect: effects[tool], timeoutMs: 1, retries: 1, verifies: false, repeat: 'ask', ...hashes } as const
  return { type: 'call_judged', callId, judgement: { type: 'verdict', verdict, terms }, fence: 1 }
}

function started(callId: string, attempt = 1, fence = 1): PawlEvent {
  return { type: 'call_started', callId, attempt, fence, leaseMs: 1_000 }
}

function finished(callId: string, outcome: Outcome, attempt = 1): EventOf<'call_finished'> & PawlEvent {
  return { type: 'call_finished', callId, attempt, outcome, trust: 'tool' }
}

function requested(approvalId: string, callId: string): PawlEvent {
  return {
    type: 'approval_requested',
    approvalId,
    callId,
    kind: 'approval',
    reason: 'r',
    hash: `hash of ${callId}`,
    quorum: 1,
    notRequester: false,
    expiresAt: 100_000,
  }
}

const ended = (reason: EventOf<'session_ended'>['reason']): PawlEvent => ({
  type: 'session_ended',
  reason,
  ending: { type: 'answered' },
  unresolved: [],
})
const parked = (reason: EventOf<'session_parked'>['reason']): PawlEvent => ({ type: 'session_parked', reason })
const lost = (callId: string, attempt = 1): PawlEvent => ({ type: 'call_lost', callId, attempt })
const ok: Outcome = { type: 'ok', output: null }
const failed: Outcome = { type: 'retryable_error', message: '' }
const cancelled: PawlEvent = { type: 'cancel_requested', by: 'ann', commandId: 'x1' }
const voted: PawlEvent = { type: 'approval_voted', approvalId: 'a1', by: 'bob', hash: 'hash of c2', commandId: 'v1' }
const approved: PawlEvent = { type: 'approval_resolved', approvalId: 'a1', resolution: 'approved', by: 'bob' }
const held: readonly PawlEvent[] = [
  ...decided,
  judged('c2', 'hash of c2', { type: 'require_approval', reason: 'r' }),
  requested('a1', 'c2'),
]
const paying: readonly PawlEvent[] = [...decided, judged('c2'), started('c2')]

/** What the last of these events breaks; every event is a second after the one before it. */
function brokenBy(log: readonly PawlEvent[], last: { readonly seq?: number; readonly at?: number } = {}) {
  const record = freshRecord('t', 's')
  const broken = log.map((event, index) => {
    const stamp = { seq: index + 1, at: (index + 1) * 1_000, ...(index === log.length - 1 && last) }
    const complaints = check(record, { ...stamp, event }, expected)
    note(record, { ...stamp, event }, expected)
    return complaints.map(({ invariant }) => invariant)
  })
  expect(broken.slice(0, -1).flat()).toEqual([])
  return broken.at(-1)
}

describe('the invariants of one event', () => {
  test('are not broken by a session that does as promised', () => {
    const work = callIds.flatMap((callId) => [judged(callId), started(callId), finished(callId, ok)])
    expect(brokenBy([...decided, ...work, asked(2, { contextSeq: 14 })])).toEqual([])
    expect(brokenBy([...held, voted, approved, judged('c2'), started('c2')])).toEqual([])
  })
})

describe('this breaks an invariant:', () => {
  test.each<readonly [string, readonly PawlEvent[]]>([
    ['P4 no start after the outcome', [...paying, finished('c2', ok), started('c2', 2)]],
    ['P4 one attempt at a time', [...decided, judged('c1'), started('c1'), started('c1', 2)]],
    ['P4 one start an attempt', [...decided, judged('c1'), started('c1'), lost('c1'), started('c1')]],
    ['P4 only what runs is lost', [...decided, judged('c1'), lost('c1')]],
    [
      'P4 the newest attempt ends',
      [...decided, judged('c1'), started('c1'), lost('c1'), started('c1', 2), finished('c1', ok)],
    ],
    ['P4 unknown has begun', [...decided, judged('c2'), finished('c2', { type: 'unknown', message: '' })]],
    ['P5 unsafe is never retried', [...paying, { ...finished('c2', failed), tookEffect: false, retryAt: 1e6 }]],
    ['P6 intent before effect', [...begun, responded(1, [])]],
    ['P7 judged by who starts it', [...decided, judged('c1'), started('c1', 1, 2)]],
    ['P7 judged after the approval', [...held, voted, approved, started('c2')]],
    ['P8 a hash is of one call and input', [...decided, judged('c1', 'h'), judged('c2', 'h')]],
    ['P8 one question a call', [...held, requested('a2', 'c2')]],
    ['P9 nothing is asked after a cancel', [...decided, judged('c2'), cancelled, requested('a1', 'c2')]],
    ['P9 nothing is answered after a cancel', [...held, cancelled, voted]],
    ['P9 a cancelled session ends', [...begun, cancelled, parked('unknown_outcome')]],
    ['P9 a cancelled session ends cancelled', [...begun, cancelled, ended('failed')]],
    ['P9 a cancelled session ends cancelled', [...begun, ended('cancelled')]],
    ['P11 parked with nothing open', [...begun, parked('approval')]],
    ['P11 poison is left alone', [...begun, parked('poison'), asked(1, { contextSeq: 3 })]],
    ['a call was decided', [...begun, started('c9')]],
    ['an end closes every call', [...decided, ended('failed')]],
    ['an end closes every request', [...begun, asked(1), ended('failed')]],
    ['an end says why', [...begun, ended('turn_budget')]],
    ['rule 7: a command once', [...begun, ...begun.slice(-1)]],
  ])('%s', (invariant, log) => {
    expect(brokenBy(log)).toEqual([invariant])
  })

  test('two outcomes of one attempt, which are two of its call', () => {
    expect(brokenBy([...paying, finished('c2', ok), finished('c2', ok)])).toEqual([
      'P4 one outcome an attempt',
      'P4 one outcome',
    ])
  })

  test('an end while people are asked, and so while a call is open', () => {
    expect(brokenBy([...held, ended('failed')])).toEqual(['an end closes every call', 'an end closes every approval'])
  })

  test('a place that is left out, and a time that falls', () => {
    expect(brokenBy([...begun, asked(1, { contextSeq: 3 })], { seq: 4 })).toEqual(['P13 dense order'])
    expect(brokenBy([...begun, cancelled], { at: 1_999 })).toEqual(['P13 time never falls'])
  })
})
