import { describe, expect, test } from 'vitest'
import { given } from '../../testing/given.ts'
import type { PawlEvent } from '../event.ts'
import {
  asked,
  began,
  call,
  done,
  ended,
  judged,
  message,
  modelAnswer,
  ok,
  started,
  text,
  turn,
} from '../log.fixture.ts'
import type { Trust } from '../vocabulary.ts'
import type { MemoryAbout } from './about.ts'
import { factLimits } from './memory.fixture.ts'
import type { MemoryTerms } from './memory-terms.ts'

const memory: MemoryTerms = {
  windowTurns: 40,
  maxPromptTokens: 100_000,
  facts: { ...factLimits, maxFacts: 3 },
  retrieve: { k: 2 },
  processor: { by: 'function', tools: ['look'] },
}

const opened = (trust: Trust = 'user') =>
  given([
    { ...started(), memory },
    { ...message('refund me'), trust },
  ])
const noted = (key: string, trust: Trust = 'tool'): PawlEvent => ({
  type: 'fact_noted',
  key,
  value: 'known',
  kind: 'fact',
  source: { kind: 'tool' },
  priority: 50,
  confidence: 1,
  trust,
})
const says = (value: unknown) => modelAnswer([text(JSON.stringify(value))], { turn: 1 })
const asks = (about: MemoryAbout, contextSeq: number) => asked(1, { purpose: about.type, about, contextSeq })
const points = { points: ['One.', 'Two.'] }

describe('facts that become points', () => {
  const about: MemoryAbout = { type: 'compress', keys: ['one', 'two'] }

  test('are gone, but one that was noted again meanwhile stays: the points do not know it', () => {
    const { state } = opened()
      .and([noted('one'), noted('two'), asks(about, 4), noted('two')])
      .when(says(points))
      .then([{ type: 'model_responded' }, { type: 'facts_compressed', removed: ['one'], trust: 'tool' }])
    expect([...state.facts.keys()]).toEqual(['two', 'compressed_context'])
  })

  test('leave points that are as little to be trusted as the worst of them, or as the request', () => {
    const trustOf = (fact: Trust, request: Trust) => {
      const at = opened(request).and([noted('one', fact), noted('two'), asks(about, 4)])
      const { state } = at.when(says(points)).then([{ type: 'model_responded' }, { type: 'facts_compressed' }])
      return state.facts.get('compressed_context')?.trust
    }
    expect([trustOf('tool', 'user'), trustOf('external', 'user'), trustOf('tool', 'external')]).toEqual([
      'tool',
      'external',
      'external',
    ])
  })
})

describe('a summary', () => {
  const about: MemoryAbout = { type: 'summarize', throughSeq: 4, cutCharacters: null, tokensBefore: 9, tokensAfter: 5 }
  const read = (trust: 'tool' | 'external'): readonly PawlEvent[] => [
    ...turn(1, [call('look')]),
    judged('c1', 'read', trust === 'external' ? { trust } : {}),
    began('c1'),
    ended('c1', ok(), { trust }),
    { type: 'result_processed', callId: 'c1', attempt: 1, noted: [] },
  ]
  const summed = (trust: 'tool' | 'external') =>
    opened()
      .and([...read(trust), asked(2, { purpose: 'summarize', about, contextSeq: 9 })])
      .when({ ...modelAnswer([text('{"done":["Looked."]}')], { turn: 2 }) })
      .then([{ type: 'model_responded' }, { type: 'history_compacted', throughSeq: 4, trust }])

  test('is as little to be trusted as what it was made of', () => {
    expect(summed('tool').state.tasks.get('root')?.compaction).toMatchObject({ throughSeq: 4, trust: 'tool' })
    expect(summed('external').state.tasks.get('root')?.compaction).toMatchObject({ throughSeq: 4, trust: 'external' })
  })

  test('is said once: what is said of another attempt, of another turn, or after it, is nothing', () => {
    const open = opened().and([...read('tool'), asked(2, { purpose: 'summarize', about, contextSeq: 9 })])
    const answer = [text('{"done":["Looked."]}')]
    open.when(modelAnswer(answer, { turn: 2, attempt: 2 })).thenNothing()
    open.when(modelAnswer(answer, { turn: 1 })).thenNothing()
    summed('tool')
      .when(modelAnswer(answer, { turn: 2 }))
      .thenNothing()
  })
})

describe('what a function makes of a result', () => {
  const patch = { type: 'record_patch', callId: 'c1', attempt: 1, patch: {} } as const
  const waiting = () =>
    opened().and([...turn(1, [call('look'), call('put')]), ...done('c1', 'read'), ...done('c2', 'read')])

  test('is taken once, of the attempt and the call that it was made of', () => {
    waiting()
      .when({ ...patch, attempt: 2 })
      .thenNothing()
    waiting()
      .when({ ...patch, callId: 'c2' })
      .thenNothing()
    waiting()
      .when({ ...patch, callId: 'c9' })
      .thenNothing()
    waiting()
      .when(patch)
      .then([{ type: 'result_processed', callId: 'c1' }])
      .when(patch)
      .thenNothing()
  })

  test('is nothing while calls of its turn are open, after a cancel, and after the end', () => {
    const open = opened().and([...turn(1, [call('look'), call('put')]), ...done('c1', 'read')])
    open.when(patch).thenNothing()
    const cancelled = waiting().and([{ type: 'cancel_requested', by: 'ada', commandId: 'stop' }])
    cancelled.when(patch).thenNothing()
    cancelled
      .when({})
      .then({ events: [{ type: 'session_ended' }] })
      .when(patch)
      .thenNothing()
  })
})

describe('what was looked up', () => {
  const compacted: PawlEvent = {
    type: 'history_compacted',
    taskId: 'root',
    strategy: 'window',
    throughSeq: 4,
    tokensBefore: 9,
    tokensAfter: 5,
  }
  const recalled = {
    type: 'record_recall',
    taskId: 'root',
    messageSeq: 2,
    throughSeq: 4,
    query: 'q',
    passages: [],
  } as const
  const waiting = () => opened().and([...turn(1, [call('put')]), ...done('c1', 'read'), compacted])

  test('is taken for the newest message and what has left the prompt, and for nothing else', () => {
    waiting()
      .when(recalled)
      .then([{ type: 'context_recalled', messageSeq: 2 }])
    waiting()
      .when({ ...recalled, throughSeq: 3 })
      .thenNothing()
    waiting()
      .when({ ...recalled, taskId: 'other' })
      .thenNothing()
    waiting()
      .and([message('and hurry')])
      .when(recalled)
      .thenNothing()
    waiting()
      .and([{ type: 'cancel_requested', by: 'ada', commandId: 'stop' }])
      .when(recalled)
      .thenNothing()
  })
})
