import { describe, expect, test } from 'vitest'
import { given } from '../testing/given.ts'
import type { EventKind, EventOf, PawlEvent } from './event.ts'
import {
  asked,
  began,
  call,
  ended,
  held,
  judged,
  message,
  ok,
  opened,
  responded,
  started,
  termsOf,
  text,
  turn,
  unknownOutcome,
  unreadableCall,
} from './log.fixture.ts'
import { memoryRows } from './memory/memory-log.fixture.ts'
import { planRows } from './plan/plan-log.fixture.ts'
import { fold, reducers } from './reduce.ts'
import type { State } from './state.ts'

/** What one event changes: the log before it, the event, and the part of the state that it is about. */
type Row<K extends EventKind> = {
  readonly before: readonly PawlEvent[]
  readonly event: EventOf<K>
  readonly look: (state: State) => unknown
  readonly expected: unknown
}

const one = [...opened(), ...turn(1, [text('I look.'), call('look', { at: 1 }), call('refund')])]
const allowed = [...one, judged('c1', 'read'), judged('c2', 'unsafe')]
const rootOf = (state: State) => state.tasks.get('root')
const callOf = (state: State) => state.calls.get('c2')
const reserved = { tokens: 500, costMicroUsd: 9, maxOutputTokens: 400 }
const error = { code: 'network', message: 'no', retryable: true }

/** A line for every kind of event: one that is missing does not compile. */
const table: { readonly [K in EventKind]: Row<K> } = {
  session_started: {
    before: [],
    event: started({ context: { tier: 'gold' }, closing: { failed: 'Sorry.' } }),
    look: ({ agent, context, closing, startedAt, requester, tasks, budget }) => ({
      ...{ agent, context, closing, startedAt, requester },
      tasks: [...tasks.keys()],
      turns: budget.maxTurns,
    }),
    expected: {
      agent: 'clerk',
      context: { tier: 'gold' },
      closing: { failed: 'Sorry.' },
      startedAt: 1_000_000,
      requester: { type: 'user', id: 'ada' },
      tasks: ['root'],
      turns: 12,
    },
  },
  message_received: {
    before: [started()],
    event: message('hi'),
    look: ({ transcript, sinceMessage }) => ({ transcript, sinceMessage }),
    expected: {
      transcript: [
        { type: 'user', seq: 2, text: 'hi', trust: 'user', origin: { type: 'user', id: 'ada' }, characters: 2 },
      ],
      sinceMessage: { seq: 2, turns: 0, drivenMs: 0 },
    },
  },
  session_parked: {
    before: opened(),
    event: { type: 'session_parked', reason: 'approval', taskId: 'root', message: 'threshold' },
    look: ({ parked }) => parked,
    expected: { reason: 'approval', message: 'threshold' },
  },
  session_ended: {
    before: [...opened(), { type: 'session_parked', reason: 'approval' }],
    event: { type: 'session_ended', reason: 'failed', ending: { type: 'none' }, unresolved: ['c1'], closing: 'Sorry.' },
    look: ({ ended: end, parked }) => ({ end, parked }),
    expected: {
      end: { reason: 'failed', ending: { type: 'none' }, unresolved: ['c1'], closing: 'Sorry.' },
      parked: null,
    },
  },
  model_started: {
    before: opened(),
    event: asked(1, { reserved, fence: 3 }),
    look: (state) => ({ root: rootOf(state), turns: state.sinceMessage.turns, ledger: state.ledger }),
    expected: {
      root: {
        phase: 'deciding',
        turn: 1,
        attempts: 1,
        model: { attempt: 1, fence: 3, contextSeq: 2, startedAt: 1_000_000, definitionHash: 'definition', reserved },
      },
      turns: 1,
      ledger: { reservedTokens: 500, reservedCostMicroUsd: 9 },
    },
  },
  model_responded: {
    before: [...opened(), asked(1, { reserved })],
    event: responded(1, [text('four')], { costMicroUsd: 4 }),
    look: ({ transcript, ledger }) => ({ last: transcript.at(-1), ledger }),
    expected: {
      last: { type: 'assistant', seq: 4, taskId: 'root', turn: 1, parts: [text('four')], callIds: [], characters: 4 },
      ledger: { inputTokens: 30, outputTokens: 20, tokens: 50, costMicroUsd: 4, reservedTokens: 0 },
    },
  },
  model_failed: {
    before: [...opened(), asked(1, { reserved })],
    event: { type: 'model_failed', taskId: 'root', turn: 1, attempt: 1, error, retryAt: 5, latencyMs: 1 },
    look: (state) => ({ root: rootOf(state), ledger: state.ledger }),
    expected: {
      root: { phase: 'decide', turn: 1, attempts: 1, failures: 1, retryAt: 5, lastError: error },
      ledger: { tokens: 500, costMicroUsd: 9, reservedTokens: 0, inputTokens: 0 },
    },
  },
  model_lost: {
    before: [...opened(), asked(1, { reserved })],
    event: { type: 'model_lost', taskId: 'root', turn: 1, attempt: 1 },
    look: (state) => ({ root: rootOf(state), ledger: state.ledger }),
    expected: {
      root: { phase: 'decide', attempts: 1, failures: 0, retryAt: null },
      ledger: { tokens: 500, costMicroUsd: 9, reservedTokens: 0 },
    },
  },
  decision_recorded: {
    before: [...opened(), asked(1), responded(1, [call('look', { at: 1 }), unreadableCall('x')])],
    event: { type: 'decision_recorded', taskId: 'root', turn: 1, decision: 'calls', callIds: ['c1', 'c2'] },
    look: (state) => ({ root: rootOf(state), calls: [...state.calls.values()], entry: state.transcript.at(-1) }),
    expected: {
      root: { phase: 'calls', open: ['c1', 'c2'], callIds: ['c1', 'c2'], attempts: 0, failures: 0 },
      calls: [
        { callId: 'c1', tool: 'look', input: { at: 1 }, status: 'proposed', problem: null, effect: null, turn: 1 },
        { callId: 'c2', tool: 'x', input: null, problem: 'the input could not be read: expected the end' },
      ],
      entry: { callIds: ['c1', 'c2'] },
    },
  },
  call_judged: {
    before: one,
    event: judged('c2', 'unsafe', { fence: 4, timeoutMs: 9 }),
    look: callOf,
    expected: {
      status: 'allowed',
      effect: 'unsafe',
      terms: termsOf('c2', { effect: 'unsafe', timeoutMs: 9 }),
      judgements: 1,
      judgedFence: 4,
    },
  },
  call_started: {
    before: allowed,
    event: began('c2', { fence: 4, leaseMs: 7 }),
    look: (state) => ({
      call: callOf(state),
      started: [...state.index.started],
      effects: [...state.index.effects],
      calls: state.ledger.calls,
      epoch: state.writeEpoch,
    }),
    expected: {
      call: { status: 'started', attempt: 1, fence: 4, startedAt: 1_000_000, leaseMs: 7, outcome: null },
      started: ['c2'],
      effects: [['effect of c2', ['c2']]],
      calls: 1,
      epoch: 1,
    },
  },
  call_finished: {
    before: [...allowed, began('c2')],
    event: ended('c2', ok({ n: 1 }), { presented: 'one', summary: { n: 1 }, ending: { type: 'handed_to_human' } }),
    look: (state) => ({
      call: callOf(state),
      started: [...state.index.started],
      open: rootOf(state)?.open,
      epoch: state.writeEpoch,
    }),
    expected: {
      call: {
        status: 'finished',
        outcome: ok({ n: 1 }),
        presented: 'one',
        summary: { n: 1 },
        ending: { type: 'handed_to_human' },
        tookEffect: true,
        characters: 5,
      },
      started: [],
      open: ['c1'],
      epoch: 2,
    },
  },
  call_lost: {
    before: [...allowed, began('c2')],
    event: { type: 'call_lost', callId: 'c2', attempt: 1 },
    look: (state) => ({ call: callOf(state), started: [...state.index.started] }),
    expected: { call: { status: 'lost', attempt: 1, outcome: null }, started: [] },
  },
  call_settled: {
    before: [
      ...allowed,
      began('c2'),
      ended('c2', unknownOutcome),
      { type: 'session_parked', reason: 'unknown_outcome' },
    ],
    event: {
      type: 'call_settled',
      callId: 'c2',
      attempt: 1,
      settlement: 'took_effect',
      output: 7,
      by: 'grace',
      reason: 'seen',
      commandId: 's',
    },
    look: (state) => ({ call: callOf(state), unknown: [...state.index.unknown], parked: state.parked }),
    expected: {
      call: { status: 'finished', outcome: ok(7), settled: { settlement: 'took_effect', by: 'grace', reason: 'seen' } },
      unknown: [],
      parked: null,
    },
  },
  late_outcome_noted: {
    before: [...allowed, began('c2'), ended('c2', unknownOutcome)],
    event: { type: 'late_outcome_noted', callId: 'c2', attempt: 1, outcome: ok(7), trust: 'tool' },
    look: (state) => ({ call: callOf(state), unknown: [...state.index.unknown] }),
    expected: { call: { outcome: unknownOutcome, lateOutcome: ok(7) }, unknown: ['c2'] },
  },
  approval_requested: {
    before: one,
    event: {
      type: 'approval_requested',
      approvalId: 'a1',
      callId: 'c2',
      kind: 'approval',
      reason: 'threshold',
      hash: 'h',
      quorum: 2,
      notRequester: true,
      expiresAt: 9,
      ask: 'a lead',
    },
    look: (state) => ({
      call: callOf(state),
      approval: state.approvals.get('a1'),
      open: [...state.index.openApprovals],
    }),
    expected: {
      call: { status: 'held', approvalId: 'a1' },
      approval: { hash: 'h', quorum: 2, notRequester: true, expiresAt: 9, ask: 'a lead', votes: [], resolution: null },
      open: ['a1'],
    },
  },
  approval_voted: {
    before: [...one, ...held('c2', 'unsafe', { quorum: 2 })],
    event: { type: 'approval_voted', approvalId: 'a1', by: 'grace', hash: 'hash of c2', commandId: 'v' },
    look: (state) => ({ votes: state.approvals.get('a1')?.votes, status: callOf(state)?.status }),
    expected: { votes: ['grace'], status: 'held' },
  },
  approval_resolved: {
    before: [...one, ...held('c2'), { type: 'session_parked', reason: 'approval' }],
    event: { type: 'approval_resolved', approvalId: 'a1', resolution: 'approved', by: 'grace', reason: 'fine' },
    look: (state) => ({
      call: callOf(state),
      approval: state.approvals.get('a1'),
      open: [...state.index.openApprovals],
      parked: state.parked,
    }),
    expected: {
      call: { status: 'allowed', approvedHash: 'hash of c2', judgedFence: 0 },
      approval: { resolution: 'approved', resolvedBy: 'grace', resolvedReason: 'fine' },
      open: [],
      parked: null,
    },
  },
  task_failed: {
    before: opened(),
    event: { type: 'task_failed', taskId: 'root', failure: 'transport', message: 'no' },
    look: rootOf,
    expected: { phase: 'failed', failure: { failure: 'transport', message: 'no' } },
  },
  ...planRows,
  ...memoryRows,
  budget_extended: {
    before: [started({ budget: { maxTokens: 5 } }), { type: 'session_parked', reason: 'budget' }],
    event: { type: 'budget_extended', by: 'grace', tokens: 3, commandId: 'm' },
    look: ({ budget, parked }) => ({ tokens: budget.maxTokens, cost: budget.maxCostMicroUsd, parked }),
    expected: { tokens: 8, cost: null, parked: null },
  },
  cancel_requested: {
    before: [...opened(), { type: 'session_parked', reason: 'approval' }],
    event: { type: 'cancel_requested', by: 'ada', reason: 'mistake', commandId: 'x' },
    look: ({ cancel, parked, ended: end }) => ({ cancel, parked, end }),
    expected: { cancel: { by: 'ada', reason: 'mistake' }, parked: null, end: null },
  },
}

describe('reducers (DESIGN 2, Events)', () => {
  test.each(Object.entries(table))('%s', (kind, { before, event, look, expected }) => {
    expect(event.type).toBe(kind)
    const specification = given(before)
    const { state } = specification.and([event])
    expect(look(state)).toMatchObject(expected as object)
    expect(state.seq).toBe(before.length + 1)
    expect(look(specification.state), 'the event changes what is looked at').not.toEqual(look(state))
  })

  test('the table of reducers has a line for every kind, and no other', () => {
    expect(Object.keys(reducers).sort()).toEqual(Object.keys(table).sort())
  })

  test('a reducer never throws: an event about what is not there changes only place and time', () => {
    for (const { event } of Object.values(table)) {
      const state = fold('default', 's1', [{ event, at: 5 }])
      expect([state.seq, state.at]).toEqual([1, 5])
    }
  })

  test('a reducer does not write into its event', () => {
    for (const { before, event } of Object.values(table)) {
      const frozen = deepFreeze(structuredClone([...before, event]))
      expect(() =>
        given(frozen).and([message('more'), { type: 'cancel_requested', by: 'x', commandId: 'y' }]),
      ).not.toThrow()
    }
  })

  test('calls with the same provider id are told apart', () => {
    const { state } = given([...opened(), ...turn(1, [call('look'), call('look')])])
    expect([...state.calls.values()].map(({ providerCallId }) => providerCallId)).toEqual([
      'provider-look',
      'provider-look~c2',
    ])
  })
})

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value
  for (const member of Object.values(value)) deepFreeze(member)
  return Object.freeze(value)
}
