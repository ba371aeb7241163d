import { describe, expect, test } from 'vitest'
import { defaultTerms, given } from '../../testing/given.ts'
import type { EventOf, PawlEvent } from '../event.ts'
import type { Budget } from '../limits.ts'
import {
  asked,
  began,
  call,
  done,
  ended,
  judged,
  message,
  modelAnswer,
  modelFailure,
  ok,
  started,
  text,
  turn,
} from '../log.fixture.ts'
import { begins, carriedOut, looks, task } from '../plan/plan-spec.fixture.ts'
import { factLimits } from './memory.fixture.ts'
import type { MemoryTerms } from './memory-terms.ts'

const summarize = { whenTokens: 100_000, keepTurns: 1, hasModel: true }
const memoryOf = (more: Partial<MemoryTerms> = {}): MemoryTerms => ({
  windowTurns: 1,
  maxPromptTokens: 100_000,
  facts: factLimits,
  ...more,
})

const session = (memory: Partial<MemoryTerms>, budget: Partial<Budget> = {}) =>
  given([{ ...started({ budget }), memory: memoryOf(memory) }, message('refund me')])

/** A turn with a call that has ended. `number` is also that of its call. */
const looked = (number: number): readonly PawlEvent[] => [
  ...turn(number, [call('look')], number),
  ...done(`c${number}`, 'read'),
]
const twoTurns = [...looked(1), ...looked(2)]

const noted = (key: string): EventOf<'fact_noted'> => ({
  type: 'fact_noted',
  key,
  value: 'known',
  kind: 'fact',
  source: { kind: 'tool' },
  priority: 50,
  confidence: 1,
  trust: 'tool',
})
const fourFacts = ['one', 'two', 'three', 'four'].map(noted)
const says = (value: unknown, at: { readonly turn: number; readonly attempt?: number }) =>
  modelAnswer([text(JSON.stringify(value))], at)

describe('before a turn', () => {
  test('results are processed, then facts compressed, then history, then passages looked up; then the model is asked', () => {
    const facts = { ...factLimits, maxFacts: 3 }
    const memory = { processor: { by: 'function' as const }, facts, summarize, retrieve: { k: 2 } }
    const compressed = session(memory)
      .and([...twoTurns, { type: 'result_processed', callId: 'c1', attempt: 1, noted: [] }, ...fourFacts])
      .when({})
      .then({ actions: [{ type: 'process', callId: 'c2', attempt: 1 }] })
      .when({ type: 'record_patch', callId: 'c2', attempt: 1, patch: {} })
      .then([{ type: 'result_processed', callId: 'c2', noted: [] }])
      .when({})
      .then({
        events: [{ type: 'model_started', purpose: 'compress', turn: 3 }],
        actions: [{ type: 'decide', turn: 3 }],
      })
      .when(says({ points: ['One.', 'Two.'] }, { turn: 3 }))
      .then([{ type: 'model_responded' }, { type: 'facts_compressed', points: '1. One.\n2. Two.' }])
    compressed
      .when({})
      .then({
        events: [{ type: 'model_started', purpose: 'summarize', turn: 4 }],
        actions: [{ type: 'decide', turn: 4 }],
      })
      .when(says({ asked: ['A refund.'] }, { turn: 4 }))
      .then([
        { type: 'model_responded' },
        { type: 'history_compacted', strategy: 'summarize', summary: 'Asked:\n- A refund.' },
      ])
      .when({})
      .then({ actions: [{ type: 'recall', taskId: 'root', messageSeq: 2 }] })
      .when({ type: 'record_recall', taskId: 'root', messageSeq: 2, throughSeq: 4, query: 'q', passages: [] })
      .then([{ type: 'context_recalled', throughSeq: 4 }])
      .when({})
      .then({ events: [{ type: 'model_started', purpose: 'decide', turn: 5 }], actions: [{ type: 'decide', turn: 5 }] })
  })

  test('requests of memory are no turns of the budget', () => {
    const { state } = session({ summarize })
      .and(twoTurns)
      .when({})
      .then({ events: [{ type: 'model_started', purpose: 'summarize' }], actions: [{ type: 'decide' }] })
      .when(says({ asked: ['A refund.'] }, { turn: 3 }))
      .then([{ type: 'model_responded' }, { type: 'history_compacted' }])
    expect(state.sinceMessage.turns).toBe(2)
  })

  test('what is no summary is given up with the reason: the turns leave, and the work goes on', () => {
    session({ summarize })
      .and(twoTurns)
      .and([
        asked(3, {
          purpose: 'summarize',
          about: { type: 'summarize', throughSeq: 4, cutCharacters: null, tokensBefore: 9, tokensAfter: 5 },
        }),
      ])
      .when(modelAnswer([text('no')], { turn: 3 }))
      .then([{ type: 'model_responded' }, { type: 'history_compacted', strategy: 'window', throughSeq: 4 }])
      .when({})
      .then({ events: [{ type: 'model_started', purpose: 'decide' }], actions: [{ type: 'decide' }] })
  })
})

describe('a request of memory that fails', () => {
  const open = () => {
    const { events } = session({ summarize }).and(twoTurns).when({})
    return session({ summarize }).and([...twoTurns, ...events])
  }

  test('is made again after a while, and given up after as many attempts as any request', () => {
    let at = open()
    for (let attempt = 1; attempt < 5; attempt += 1) {
      at = at.when(modelFailure({ turn: 3, attempt })).then([{ type: 'model_failed', attempt }])
      const retryAt = at.state.tasks.get('root')?.retryAt ?? 0
      expect(retryAt).toBeGreaterThan(at.state.at)
      at.when({}).then({ wakeAt: retryAt })
      at = at.when({ now: retryAt }).then({
        events: [{ type: 'model_started', purpose: 'summarize', turn: 3, attempt: attempt + 1 }],
        actions: [{ type: 'decide' }],
      })
    }
    at.when(modelFailure({ turn: 3, attempt: 5 })).then([
      { type: 'model_failed', attempt: 5 },
      { type: 'history_compacted', strategy: 'window', problem: 'http_500: it failed' },
    ])
  })

  test('is lost with its worker, and made again by the next', () => {
    open()
      .when({ fence: 2 })
      .then({
        events: [
          { type: 'model_lost', turn: 3 },
          { type: 'model_started', purpose: 'summarize', turn: 3, attempt: 2 },
        ],
        actions: [{ type: 'decide', attempt: 2 }],
      })
  })

  test('is aborted by a cancel, and what comes of it later is nothing', () => {
    open()
      .and([{ type: 'cancel_requested', by: 'ada', commandId: 'stop' }])
      .when({})
      .then({ actions: [{ type: 'decide', mode: 'abort' }] })
      .when(modelFailure({ turn: 3, code: 'aborted', retryable: false }))
      .then([{ type: 'model_failed' }])
      .when({})
      .then({ events: [{ type: 'session_ended', reason: 'cancelled' }] })
      .when(says({ asked: ['A refund.'] }, { turn: 3 }))
      .thenNothing()
  })

  test('goes on through a message, which the next turn sees', () => {
    const { state } = open()
      .and([message('and hurry')])
      .when(says({ asked: ['A refund.'] }, { turn: 3 }))
      .then([{ type: 'model_responded' }, { type: 'history_compacted' }])
    expect(state.transcript.at(-1)).toMatchObject({ type: 'user', text: 'and hurry' })
    expect(state.tasks.get('root')).toMatchObject({ phase: 'decide', purpose: 'decide', attempts: 0, failures: 0 })
  })

  test('that nobody needs any more is no attempt of the turn: that one is counted by itself', () => {
    const about = { type: 'summarize', throughSeq: 4, cutCharacters: null, tokensBefore: 9, tokensAfter: 5 } as const
    const failed = {
      type: 'model_failed',
      taskId: 'root',
      turn: 3,
      attempt: 1,
      retryAt: 1_000_000,
      latencyMs: 5,
    } as const
    const { state } = session({ windowTurns: 40 })
      .and([...twoTurns, asked(3, { purpose: 'summarize', about })])
      .and([{ ...failed, error: { code: 'http_500', message: 'no', retryable: true } }])
      .when({})
      .then({
        events: [{ type: 'model_started', purpose: 'decide', turn: 4, attempt: 1 }],
        actions: [{ type: 'decide', turn: 4 }],
      })
    expect(state.sinceMessage.turns).toBe(3)
    expect(state.tasks.get('root')?.failures).toBe(0)
  })
})

describe('a budget that is used up', () => {
  // What a summarizer reads is estimated at 17,000 tokens, a turn of this session at 1,200.
  const budget = { maxTokens: 20_000, whenExhausted: 'stop' } as const

  test('lets the turns leave without a summary, and never ends or parks for it', () => {
    session({ summarize }, { ...budget, maxTokens: 10_000 })
      .and(twoTurns)
      .when({})
      .then({
        events: [
          { type: 'history_compacted', strategy: 'window' },
          { type: 'model_started', purpose: 'decide' },
        ],
        actions: [{ type: 'decide' }],
      })
  })

  test('by a lost summary is no end while a turn fits', () => {
    const once = session({ summarize }, budget).and(twoTurns)
    const { events } = once.when({})
    expect(events).toMatchObject([{ type: 'model_started', purpose: 'summarize' }])
    once
      .and(events)
      .when({ fence: 2 })
      .then({
        events: [
          { type: 'model_lost' },
          { type: 'history_compacted', strategy: 'window' },
          { type: 'model_started', purpose: 'decide' },
        ],
        actions: [{ type: 'decide' }],
      })
  })

  test('is looked at when the prompt is as short as it will be', () => {
    const long = [...turn(1, [call('look')]), judged('c1', 'read'), began('c1'), ended('c1', ok('r'.repeat(16_000)))]
    session({ maxPromptTokens: 300 }, { maxTokens: 3_000, whenExhausted: 'stop' })
      .and(long)
      .when({})
      .then({
        events: [{ type: 'history_compacted' }, { type: 'model_started', purpose: 'decide' }],
        actions: [{ type: 'decide' }],
      })
  })
})

describe('tasks side by side have one memory', () => {
  const facts = { ...factLimits, maxFacts: 3 }
  const both = (memory: Partial<MemoryTerms>) =>
    carriedOut([task('a'), task('b')], { memory: memoryOf(memory) }).and([begins('a'), begins('b'), ...fourFacts])

  test('which one of them has made shorter, while the other goes on', () => {
    both({ facts })
      .when({})
      .then({
        events: [
          { type: 'model_started', purpose: 'compress', taskId: 'a' },
          { type: 'model_started', purpose: 'decide', taskId: 'b' },
        ],
        actions: [{ type: 'decide' }, { type: 'decide' }],
      })
  })

  const called = (...names: readonly string[]) =>
    names.flatMap((id, index) => [
      begins(id, { callId: `c${index + 1}` }),
      judged(`c${index + 1}`, 'read'),
      began(`c${index + 1}`),
      ended(`c${index + 1}`, ok()),
    ])
  const calls = (memory: Partial<MemoryTerms>) =>
    carriedOut([looks('a'), looks('b')], { memory: memoryOf(memory) }).and([...called('a', 'b'), ...fourFacts])

  test('which the calls of a plan make shorter, too: there may be no loop that reads it for thousands of them', () => {
    const { events } = calls({ facts }).when({})
    expect(events).toMatchObject([
      { type: 'task_finished', taskId: 'b' },
      { type: 'model_started', purpose: 'compress', taskId: 'a', turn: 2 },
    ])
    calls({ facts })
      .and(events)
      .when({ type: 'record_outcome', of: { ...says({ points: ['One.', 'Two.'] }, { turn: 2 }).of, taskId: 'a' } })
      .then([{ type: 'model_responded' }, { type: 'facts_compressed', taskId: 'a' }])
      .when({})
      .then({ events: [{ type: 'task_finished', taskId: 'a' }, { type: 'session_ended' }] })
  })

  test('nor is a call of a plan ever asked for a decision: what nobody needs shorter by then is left as it is', () => {
    const { events } = calls({ facts }).when({})
    const failed = { type: 'model_failed', taskId: 'a', turn: 2, attempt: 1, retryAt: 1_000_000, latencyMs: 5 } as const
    calls({ facts })
      .and([...events, { ...failed, error: { code: 'http_500', message: 'no', retryable: true } }])
      // Each of them is a decision by now.
      .and(fourFacts.map((fact) => ({ ...fact, kind: 'decision' })))
      .when({})
      .then({
        events: [
          { type: 'facts_compressed', removed: [] },
          { type: 'task_finished', taskId: 'a' },
          { type: 'session_ended' },
        ],
      })
  })

  test('of which the lowest are dropped once, before anybody reads it', () => {
    const { events } = both({ facts: { ...facts, hasCompressor: false } }).when({})
    expect(events.map(({ type }) => type)).toEqual(['facts_compressed', 'model_started', 'model_started'])
    const dropped = both({}).state.seq + 1
    for (const event of events)
      if (event.type === 'model_started') expect(event.contextSeq).toBeGreaterThanOrEqual(dropped)
  })
})

test('an ending that a message came after is none, also where a processor was asked since', () => {
  const open = session({ processor: { by: 'model' } }).and([
    ...turn(1, [call('open_case')]),
    judged('c1', 'read'),
    began('c1'),
    message('and one more'),
    ended('c1', ok(), { ending: { type: 'case_opened', caseId: 'x' } }),
  ])
  open
    .when({})
    .then({ events: [{ type: 'model_started', purpose: 'process' }], actions: [{ type: 'decide' }] })
    .when(says({}, { turn: 2 }))
    .then([{ type: 'model_responded' }, { type: 'result_processed' }])
    .when({ terms: defaultTerms })
    .then({ events: [{ type: 'model_started', purpose: 'decide' }], actions: [{ type: 'decide' }] })
})
