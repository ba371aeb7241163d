import canonicalize from 'canonicalize'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeState, encodeState } from './canonical-state.ts'
import { Draft } from './draft.ts'
import type { EventKind, PawlEvent } from './event.ts'
import { fold, reduce } from './reduce.ts'
import type { CallStatus, State } from './state.ts'
import { type Logged, type Walk, walk, walks } from './walk.fixture.ts'

type Place = CallStatus | 'none'

/** The life of a call (DESIGN 2). Where an event is not in a line of this table, it leaves every call where it is. */
const transitions: { readonly [K in EventKind]?: readonly `${Place} → ${Place}`[] } = {
  decision_recorded: ['none → proposed'],
  task_started: ['none → proposed'],
  call_judged: ['proposed → allowed', 'lost → allowed'],
  approval_requested: ['proposed → held', 'allowed → held', 'lost → held'],
  approval_resolved: ['held → allowed', 'held → proposed'],
  call_started: ['allowed → started'],
  call_lost: ['started → lost'],
  call_finished: [
    'proposed → finished',
    'held → finished',
    'allowed → finished',
    'started → finished',
    'started → allowed',
    'lost → finished',
  ],
  call_settled: ['finished → allowed'],
}

/** Of a whole run: a walk that sees nothing would prove nothing. */
const RUNS = 80
/** Enough to walk every line of the table. */
const RUNS_TO_WALK_ALL = 150
/** The same walks in every run: a new one is found by raising RUNS, and stays by its seed. */
const SEED = 20_261_104

function property(check: (steps: Walk) => void, runs = RUNS): void {
  fc.assert(fc.property(walks, check), { numRuns: runs, seed: SEED })
}

describe('random walks', { timeout: 60_000 }, () => {
  test('no call ever moves outside the transition table, and every line of it is walked', () => {
    const walked = new Map<string, number>()
    property((steps) => {
      walk(steps, ({ event, state }, reduceIt) => {
        const before = placesOf(state)
        reduceIt()
        for (const [callId, call] of state.calls) {
          const from = before.get(callId) ?? 'none'
          if (from === call.status) continue
          const move = `${from} → ${call.status}` as const
          expect(transitions[event.type] ?? [], `${event.type} of ${callId}`).toContain(move)
          walked.set(`${event.type}: ${move}`, (walked.get(`${event.type}: ${move}`) ?? 0) + 1)
        }
      })
    }, RUNS_TO_WALK_ALL)
    const lines = Object.entries(transitions).flatMap(([type, moves]) => moves.map((move) => `${type}: ${move}`))
    expect([...walked.keys()].sort()).toEqual(lines.sort())
  })

  test('a pass that is undone leaves the state as it was, to the byte', () => {
    property((steps) => {
      let before = ''
      walk(
        steps,
        (seen, reduceIt) => {
          reduceIt()
          before = encodeState(seen.state)
        },
        (undo) => {
          expect(encodeState(undo())).toBe(before)
        },
      )
    })
  })

  test('the state is the fold of the log as it stands in a store (P12)', () => {
    property((steps) => {
      const { log, state } = walk(steps)
      const stored = log.map(({ at, event }) => ({ at, event: JSON.parse(canonicalize(event) ?? '') as PawlEvent }))
      expect(canonical(fold('default', 's1', stored))).toBe(canonical(state))
    })
  })

  test('every index is what can be derived of the log and the calls', () => {
    property((steps) => {
      const { log, state } = walk(steps)
      const calls = [...state.calls.values()]
      const idsWhere = (test: (call: (typeof calls)[number]) => boolean) =>
        calls
          .filter(test)
          .map(({ callId }) => callId)
          .sort()
      const { started, unknown, openApprovals, effects, artifacts } = state.index
      expect([...started].sort()).toEqual(idsWhere(({ status }) => status === 'started'))
      expect([...unknown].sort()).toEqual(
        idsWhere(({ status, outcome }) => status === 'finished' && outcome?.type === 'unknown'),
      )
      const unresolved = [...state.approvals.values()].filter(({ resolution }) => resolution === null)
      expect([...openApprovals].sort()).toEqual(unresolved.map(({ approvalId }) => approvalId).sort())
      expect([...effects]).toEqual(effectsOf(log))
      expect([...artifacts]).toEqual(artifactsOf(log))
      const { reservedTokens } = state.ledger
      const deciding = [...state.tasks.values()].filter(({ phase }) => phase === 'deciding')
      expect(reservedTokens).toBe(deciding.reduce((sum, { model }) => sum + (model?.reserved.tokens ?? 0), 0))
      for (const task of state.tasks.values()) {
        expect([...task.open].sort()).toEqual(
          idsWhere(({ taskId, status }) => taskId === task.taskId && status !== 'finished'),
        )
      }
    })
  })

  test('a state goes through its encoding, and goes on as if it had not', () => {
    property((steps) => {
      const { log, state } = walk(steps)
      expect(encodeState(decodeState(encodeState(state)))).toBe(encodeState(state))
      const half = Math.floor(log.length / 2)
      const draft = new Draft(decodeState(encodeState(fold('default', 's1', log.slice(0, half)))))
      for (const { at, event } of log.slice(half)) reduce(draft, event, at)
      expect(encodeState(draft.state)).toBe(encodeState(state))
    })
  })

  test('time that ended with a loss is never counted as driven', () => {
    let losses = 0
    property((steps) => {
      walk(steps, ({ event, at, state }, reduceIt) => {
        const before = state.sinceMessage.drivenMs
        const isLoss = event.type === 'call_lost' || event.type === 'model_lost'
        if (isLoss && at > state.at) losses += 1
        reduceIt()
        if (isLoss) expect(state.sinceMessage.drivenMs).toBe(before)
      })
    })
    expect(losses).toBeGreaterThan(0)
  })

  test('budgets of calls and turns are never exceeded (P10)', () => {
    property((steps) => {
      walk(steps, ({ state }, reduceIt) => {
        reduceIt()
        const { budget, ledger, sinceMessage, limits, index } = state
        expect(ledger.calls).toBeLessThanOrEqual(budget.maxCalls ?? 0)
        expect(ledger.callRetries).toBeLessThanOrEqual(budget.maxCallRetries)
        expect(sinceMessage.turns).toBeLessThanOrEqual(budget.maxTurns)
        expect(index.started.size).toBeLessThanOrEqual(limits.maxConcurrentCalls)
      })
    })
  })

  test('of all tasks side by side one at most makes the facts shorter, and what leaves a prompt never comes back', () => {
    let memories = 0
    property((steps) => {
      walk(steps, ({ event, state }, reduceIt) => {
        const before =
          event.type === 'history_compacted' ? (state.tasks.get(event.taskId)?.compaction?.throughSeq ?? 0) : 0
        reduceIt()
        const asked = [...state.tasks.values()].filter(
          ({ phase, purpose }) => phase === 'deciding' && purpose === 'compress',
        )
        expect(asked.length).toBeLessThanOrEqual(1)
        if (event.type === 'history_compacted') expect(event.throughSeq).toBeGreaterThanOrEqual(before)
        if (event.type === 'history_compacted' || event.type === 'facts_compressed') memories += 1
      })
    })
    expect(memories).toBeGreaterThan(0)
  })

  test('after a cancel no intent is written (P9)', () => {
    property((steps) => {
      walk(steps, ({ event, state }, reduceIt) => {
        if (state.cancel !== null) expect(['call_started', 'model_started']).not.toContain(event.type)
        reduceIt()
      })
    })
  })

  test('no call starts without a verdict that allows it, under its own fence (P7)', () => {
    property((steps) => {
      const verdicts = new Map<string, string>()
      walk(steps, ({ event, state }, reduceIt) => {
        if (event.type === 'call_judged' && event.judgement.type === 'verdict') {
          verdicts.set(event.callId, `${(event.raised ?? event.judgement.verdict).type} ${event.fence}`)
        }
        if (event.type === 'call_started') expect(verdicts.get(event.callId)).toBe(`allow ${event.fence}`)
        expect(state.seq).toBeGreaterThanOrEqual(0)
        reduceIt()
      })
    })
  })

  test('an unsafe call never starts again unless a person said so (P5), and writes of a task never run side by side', () => {
    property((steps) => {
      walk(steps, ({ event, state }, reduceIt) => {
        if (event.type === 'call_started') {
          const call = state.calls.get(event.callId)
          if (call?.effect === 'unsafe' && event.attempt > 1) expect(call.runAgainBy).not.toBeNull()
        }
        reduceIt()
        const started = [...state.index.started].flatMap((callId) => state.calls.get(callId) ?? [])
        const writers = started.filter(({ effect }) => effect !== 'read').map(({ taskId }) => taskId)
        expect(new Set(writers).size).toBe(writers.length)
      })
    })
  })

  test('one approval has one answer, and its votes are of different people (P8)', () => {
    property((steps) => {
      const { log, state } = walk(steps)
      const answered = log.flatMap(({ event }) => (event.type === 'approval_resolved' ? [event.approvalId] : []))
      expect(new Set(answered).size).toBe(answered.length)
      for (const { votes, notRequester } of state.approvals.values()) {
        expect(new Set(votes).size).toBe(votes.length)
        if (notRequester) expect(votes).not.toContain('ada')
      }
    })
  })
})

function placesOf(state: State): ReadonlyMap<string, CallStatus> {
  return new Map([...state.calls].map(([callId, { status }]) => [callId, status]))
}

/** Keys in one order: events of a running process and of a store differ in nothing else. */
function canonical(state: State): string {
  return canonicalize(JSON.parse(encodeState(state))) ?? ''
}

/** Calls by the artifact that was kept of them, in the order in which the log names them. */
function artifactsOf(log: readonly Logged[]): readonly [string, readonly string[]][] {
  const kept = new Map<string, string[]>()
  for (const { event } of log) {
    const isEnd = (event.type === 'call_finished' && event.retryAt === undefined) || event.type === 'call_settled'
    if (!isEnd || event.artifact === undefined) continue
    const { hash } = event.artifact
    kept.set(hash, [...new Set([...(kept.get(hash) ?? []), event.callId])])
  }
  return [...kept]
}

function effectsOf(log: readonly Logged[]): readonly [string, readonly string[]][] {
  const hashes = new Map<string, string>()
  const effects = new Map<string, string[]>()
  for (const { event } of log) {
    if (event.type === 'call_judged' && event.judgement.type === 'verdict') {
      hashes.set(event.callId, event.judgement.terms.effectHash)
    }
    const hash = event.type === 'call_started' ? hashes.get(event.callId) : undefined
    if (hash === undefined || event.type !== 'call_started') continue
    const callIds = effects.get(hash) ?? []
    if (!callIds.includes(event.callId)) callIds.push(event.callId)
    effects.set(hash, callIds)
  }
  return [...effects]
}
