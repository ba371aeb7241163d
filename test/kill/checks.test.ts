import type { EventOf, LogEvent, PawlEvent } from 'pawl/core'
import { defaultBudget, defaultLimits, sessionLimits } from 'pawl/core'
import { describe, expect, test } from 'vitest'
import { hashOf } from '../../src/runtime/index.ts'
import { createNotebook } from './acknowledged.ts'
import { checkEffects } from './check-effects.ts'
import { checkLog } from './check-log.ts'
import type { Entries } from './ledger-client.ts'

const sessionId = 's1'
const key = 's1/c1'

type Call = { readonly tool: string; readonly n: number }

/** A session of one turn that proposes one call, up to its verdict. */
function begun({ tool, n }: Call): PawlEvent[] {
  const reserved = { tokens: 1, costMicroUsd: 0, maxOutputTokens: 1 }
  const usage = { inputTokens: 1, outputTokens: 1 }
  const parts = [{ type: 'call', providerCallId: 'p1', tool, input: { n } }] as const
  const response = { parts, finish: 'tool_calls', usage } as const
  const turn = { taskId: 'root', turn: 1, attempt: 1 }
  return [
    {
      type: 'session_started',
      agent: 'errand',
      definitionHash: 'd',
      budget: defaultBudget,
      limits: sessionLimits({ ...defaultLimits }),
      closing: {},
      requester: { type: 'api' },
      context: {},
      commandId: 'start',
    },
    {
      type: 'message_received',
      text: 'Go.',
      trust: 'user',
      origin: { type: 'user' },
      commandId: 'start/message',
    },
    {
      type: 'model_started',
      purpose: 'decide',
      ...turn,
      fence: 2,
      contextSeq: 2,
      definitionHash: 'd',
      model: 'm',
      reserved,
    },
    { type: 'model_responded', ...turn, response, costMicroUsd: 0, latencyMs: 1, promptHash: 'p' },
    { type: 'decision_recorded', taskId: 'root', turn: 1, decision: 'calls', callIds: ['c1'] },
    judged({ tool, n }),
  ]
}

function judged({ tool, n }: Call): EventOf<'call_judged'> {
  const terms = {
    effect: tool === 'tag_ticket' ? 'idempotent' : 'unsafe',
    timeoutMs: 1,
    retries: 0,
    verifies: false,
    repeat: 'ask',
    idempotencyKey: key,
    effectHash: 'e',
    approvalHash: hashOf([sessionId, 'c1', tool, { n }, 'p']),
    policyHash: 'p',
  } as const
  return {
    type: 'call_judged',
    callId: 'c1',
    fence: 2,
    judgement: { type: 'verdict', verdict: { type: 'allow' }, terms },
  }
}

const started = (attempt = 1, fence = 2): PawlEvent => ({
  type: 'call_started',
  callId: 'c1',
  attempt,
  fence,
  leaseMs: 1,
})
const ok = (attempt = 1): PawlEvent => ({
  type: 'call_finished',
  callId: 'c1',
  attempt,
  outcome: { type: 'ok', output: 1 },
  trust: 'tool',
})
const noEffect: PawlEvent = {
  type: 'call_finished',
  callId: 'c1',
  attempt: 1,
  outcome: { type: 'cancelled' },
  tookEffect: false,
  trust: 'system',
}
const lost: PawlEvent = { type: 'call_lost', callId: 'c1', attempt: 1 }
const cancelled: PawlEvent = { type: 'cancel_requested', by: 'u1', commandId: 'cancel' }
const ended: PawlEvent = {
  type: 'session_ended',
  reason: 'cancelled',
  ending: { type: 'none' },
  unresolved: [],
}
const settled: PawlEvent = {
  type: 'call_settled',
  callId: 'c1',
  attempt: 1,
  settlement: 'took_effect',
  by: 'u1',
  commandId: 'settle',
}
const small: Call = { tool: 'wire_money', n: 1 }
const large: Call = { tool: 'wire_money', n: 999 }
const tag: Call = { tool: 'tag_ticket', n: 1 }

function logOf(events: readonly PawlEvent[]): LogEvent[] {
  return events.map((event, index) => ({ seq: index + 1, at: 1_000 + index, event }))
}

describe('the check of a log', () => {
  test.each([
    ['a call that runs', [...begun(small), started(), ok()]],
    [
      'an idempotent call that is lost and runs again',
      [...begun(tag), started(), lost, judged(tag), started(2), ok(2)],
    ],
    ['a cancel', [...begun(small), cancelled, noEffect, ended]],
  ])('finds nothing wrong with %s', (_name, events) => {
    expect(checkLog(sessionId, logOf(events)).violations).toEqual([])
  })

  test.each([
    ['a second outcome', 'outcomes', [...begun(small), started(), ok(), ok()]],
    ['an outcome of another attempt', 'outcomes', [...begun(small), started(), ok(2)]],
    ['a settlement of what is known', 'outcomes', [...begun(small), started(), ok(), settled]],
    ['an end with an open call', 'outcomes', [...begun(small), cancelled, ended]],
    ['a start after a cancel', 'cancel', [...begun(small), cancelled, started()]],
    ['a start that nobody approved', 'approval', [...begun(large), started()]],
    ['a start without a verdict', 'approval', [...begun(small).slice(0, -1), started()]],
    ['an old fence', 'fence', [...begun(small), started(1, 1)]],
    ['an unsafe call that starts again', 'starts_once', [...begun(small), started(), lost, judged(small), started(2)]],
  ])('notices %s', (_name, check, events) => {
    expect(checkLog(sessionId, logOf(events)).violations.map((each) => each.check)).toContain(check)
  })
})

describe('the check of the effects', () => {
  const place = { sessionId, callId: 'c1', attempt: 1, key, at: 1, answeredAt: null }
  const wire = { ...place, tool: 'wire_money' } as const
  const tagged = { ...place, tool: 'tag_ticket' } as const
  const run = logOf([...begun(small), started(), ok()])

  test('finds nothing wrong with one start and one effect', () => {
    expect(checkEffects(sessionId, run, { starts: [wire], landings: [wire], lates: [] })).toEqual([])
  })

  type Case = { readonly wrong: string; readonly check: string; readonly log: readonly LogEvent[] } & Omit<
    Entries,
    'lates'
  >
  const cases: readonly Case[] = [
    { wrong: 'a start without an intent', check: 'intent', log: logOf(begun(small)), starts: [wire], landings: [] },
    { wrong: 'two starts of one attempt', check: 'starts_once', log: run, starts: [wire, wire], landings: [wire] },
    {
      wrong: 'two effects under one key',
      check: 'lands_once',
      log: logOf([...begun(tag), started(), ok()]),
      starts: [tagged],
      landings: [tagged, tagged],
    },
    { wrong: 'an ok that never landed', check: 'truth', log: run, starts: [wire], landings: [] },
    { wrong: 'an ok that never began', check: 'truth', log: run, starts: [], landings: [] },
    {
      wrong: 'no effect that landed',
      check: 'truth',
      log: logOf([...begun(small), started(), noEffect]),
      starts: [wire],
      landings: [wire],
    },
  ]

  test.each(cases)('notices $wrong', ({ check, log, ...entries }) => {
    expect(checkEffects(sessionId, log, { ...entries, lates: [] }).map((each) => each.check)).toContain(check)
  })
})

test('a repeated command that gets another answer is noted', () => {
  const notebook = createNotebook()
  const command = { commandId: 'm1', kind: 'message_received' } as const
  notebook.answered(command, { type: 'accepted', sessionId, seq: 3 })
  notebook.answered(command, { type: 'accepted', sessionId, seq: 3 })
  expect(notebook.contradictions).toEqual([])
  notebook.answered(command, { type: 'accepted', sessionId, seq: 4 })
  notebook.answered(command, { type: 'refused', sessionId, code: 'session_ended', message: '' })
  expect(notebook.contradictions).toHaveLength(2)
})
