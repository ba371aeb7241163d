/** What each event about memory changes, as rows of the table of reducers. */
import type { EventKind, EventOf, PawlEvent } from '../event.ts'
import { call, ended, judged, ok, opened, text, turn } from '../log.fixture.ts'
import type { State } from '../state.ts'
import type { MemoryEventTable } from './memory-events.ts'

type Row<K extends EventKind> = {
  readonly before: readonly PawlEvent[]
  readonly event: EventOf<K>
  readonly look: (state: State) => unknown
  readonly expected: unknown
}

const source = { kind: 'tool', callId: 'c1' } as const
const fact = {
  type: 'fact_noted',
  key: 'plan',
  value: 'pro',
  kind: 'fact',
  source,
  priority: 50,
  confidence: 1,
  trust: 'tool',
} as const
const question = { type: 'question_opened', questionId: 'q1', text: 'Which?', source, trust: 'tool' } as const
const answered = [...opened(), ...turn(1, [call('look')]), judged('c1', 'read'), ended('c1', ok({ n: 1 }))]

export const memoryRows: { readonly [K in keyof MemoryEventTable]: Row<K> } = {
  result_processed: {
    before: answered,
    event: { type: 'result_processed', callId: 'c1', attempt: 1, noted: ['plan'] },
    look: ({ calls }) => ({ processed: calls.get('c1')?.processed, characters: calls.get('c1')?.characters }),
    // The length of {"status":"ok","noted":["plan"]}.
    expected: { processed: { noted: ['plan'], ignored: [], problem: null }, characters: 32 },
  },
  fact_noted: {
    before: [...opened(), fact],
    event: { ...fact, value: 'free', priority: 60 },
    look: ({ facts }) =>
      [...facts.values()].map(({ key, value, priority, seq, at }) => [key, value, priority, seq, at]),
    expected: [['plan', 'free', 60, 4, 1_000_000]],
  },
  facts_compressed: {
    before: [...opened(), fact, { ...fact, key: 'tier' }],
    event: { type: 'facts_compressed', taskId: 'root', removed: ['plan'], points: '1. On pro.', trust: 'external' },
    look: ({ facts }) => [...facts.values()].map(({ key, value, trust }) => [key, value, trust]),
    expected: [
      ['tier', 'pro', 'tool'],
      ['compressed_context', '1. On pro.', 'external'],
    ],
  },
  history_compacted: {
    before: [...opened(), ...turn(1, [text('one')])],
    event: {
      type: 'history_compacted',
      taskId: 'root',
      strategy: 'summarize',
      throughSeq: 4,
      summary: 'It was said.',
      trust: 'tool',
      tokensBefore: 9,
      tokensAfter: 5,
    },
    look: ({ tasks }) => tasks.get('root')?.compaction,
    expected: { throughSeq: 4, summary: 'It was said.', trust: 'tool', cutCharacters: null },
  },
  context_recalled: {
    before: opened(),
    event: {
      type: 'context_recalled',
      taskId: 'root',
      messageSeq: 2,
      throughSeq: 1,
      query: 'refund',
      passages: [{ seq: 2, text: 'a refund', trust: 'user' }],
    },
    look: ({ tasks }) => tasks.get('root')?.recalled,
    expected: { messageSeq: 2, throughSeq: 1, passages: [{ seq: 2, text: 'a refund', trust: 'user' }] },
  },
  question_opened: {
    before: opened(),
    event: question,
    look: ({ questions }) => [...questions.values()],
    expected: [{ questionId: 'q1', text: 'Which?', source, trust: 'tool', answer: null }],
  },
  question_answered: {
    before: [...opened(), question],
    event: { type: 'question_answered', questionId: 'q1', answer: 'The first.', source, trust: 'tool' },
    look: ({ questions }) => questions.get('q1')?.answer,
    expected: 'The first.',
  },
}
