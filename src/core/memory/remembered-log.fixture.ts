/** The log of a session that remembers, for the tests of the views: one event a second, with as little said as the reducers need. */
import type { LogEvent, PawlEvent } from '../event.ts'
import { asked, begun, decided, finished, judged, logOf, started } from '../trace-log.fixture.ts'
import type { FactSource } from './fact.ts'
import type { MemoryTerms } from './memory-terms.ts'

const artifact = { hash: `${'75ec8826825834bc'}${'0'.repeat(48)}`, mediaType: 'application/json', bytes: 46_026 }

const memory: MemoryTerms = {
  windowTurns: 40,
  maxPromptTokens: 100_000,
  summarize: { whenTokens: 2_000, keepTurns: 1, hasModel: true },
  retrieve: { k: 2 },
  facts: { maxFacts: 2, pinAt: 90, maxFactCharacters: 1_000, maxQuestions: 20, hasCompressor: true },
  processor: { by: 'model' },
}

const fact = { kind: 'fact', priority: 50, confidence: 1, trust: 'tool' } as const
const from = (callId: string): FactSource => ({ kind: 'tool', taskId: 'root', callId })

/** A search whose output is an artifact, read by a processor. Events 1 to 12. */
function searched(): readonly PawlEvent[] {
  const [first, message] = started()
  if (first?.type !== 'session_started' || message === undefined) throw new Error('a log begins with its session')
  const preview = { type: 'ok', output: { artifact: '75ec8826825834bc', type: 'list of 600' } } as const
  return [
    { ...first, memory },
    message,
    ...decided(1, [{ callId: 'c1', tool: 'search_orders', input: { customer: 'mia' } }]),
    judged('c1'),
    begun('c1'),
    { ...finishedAs('c1', preview), artifact },
    {
      type: 'result_processed',
      callId: 'c1',
      attempt: 1,
      noted: ['orders', 'newest_order'],
      ignored: [{ code: 'unknown_question', name: 'q9', message: 'there is no question q9' }],
    },
    { type: 'fact_noted', ...fact, key: 'orders', value: 600, source: from('c1'), artifact: artifact.hash },
    { type: 'fact_noted', ...fact, key: 'newest_order', value: 'A-599', confidence: 0.6, source: from('c1') },
    { type: 'question_opened', questionId: 'q1', text: 'Which order is meant?', source: from('c1'), trust: 'tool' },
  ]
}

function finishedAs(callId: string, outcome: Parameters<typeof finished>[1]) {
  const event = finished(callId, outcome)
  if (event.type !== 'call_finished') throw new Error('finished makes call_finished')
  return event
}

/** A second result, of which the processor is asked. Events 1 to 19. */
function mailRead(): readonly PawlEvent[] {
  return [
    ...searched(),
    ...decided(2, [{ callId: 'c2', tool: 'read_mail', input: { n: 1 } }]),
    judged('c2'),
    begun('c2'),
    { ...finishedAs('c2', { type: 'ok', output: 'I was charged twice for A-7' }), trust: 'external' },
    askedFor('process', 3, { type: 'process', callId: 'c2', attempt: 1 }),
  ]
}

type Asked = Extract<PawlEvent, { type: 'model_started' }>

function askedFor(purpose: Asked['purpose'], turn: number, about: NonNullable<Asked['about']>): PawlEvent {
  const event = asked(turn)
  if (event.type !== 'model_started') throw new Error('asked makes model_started')
  return { ...event, purpose, about }
}

function answered(turn: number, text: string): PawlEvent {
  const [, said] = decided(turn, [], text)
  if (said?.type !== 'model_responded') throw new Error('the second event of a turn is its answer')
  return said
}

/** Its patch was made: facts are too many now. Events 1 to 23. */
function patched(): readonly PawlEvent[] {
  return [
    ...mailRead(),
    answered(3, '{}'),
    { type: 'result_processed', callId: 'c2', attempt: 1, noted: ['charged_twice'] },
    {
      type: 'fact_noted',
      ...fact,
      key: 'charged_twice',
      value: 'A-7',
      kind: 'decision',
      priority: 90,
      source: from('c2'),
      trust: 'external',
    },
    { type: 'question_answered', questionId: 'q1', answer: 'A-7', source: from('c2'), trust: 'external' },
  ]
}

/** All that can happen to a memory, and the answer. Events 1 to 34. */
function remembered(): readonly PawlEvent[] {
  const tokens = { tokensBefore: 2_331, tokensAfter: 570 }
  return [
    ...patched(),
    askedFor('compress', 4, { type: 'compress', keys: ['orders', 'newest_order'] }),
    answered(4, '{}'),
    {
      type: 'facts_compressed',
      taskId: 'root',
      removed: ['orders', 'newest_order'],
      points: '1. 600 orders.\n2. Newest A-599.',
    },
    askedFor('summarize', 5, { type: 'summarize', throughSeq: 4, cutCharacters: null, ...tokens }),
    answered(5, '{}'),
    {
      type: 'history_compacted',
      taskId: 'root',
      strategy: 'summarize',
      throughSeq: 5,
      summary: 'Asked:\n- a refund',
      trust: 'external',
      ...tokens,
    },
    {
      type: 'context_recalled',
      taskId: 'root',
      messageSeq: 2,
      throughSeq: 5,
      query: 'I was charged twice',
      passages: [{ seq: 2, text: 'I was charged twice', trust: 'user' }],
    },
    ...decided(6, [], 'A-7 was charged twice.'),
    { type: 'session_ended', reason: 'final_answer', ending: { type: 'answered' }, unresolved: [] },
  ]
}

/** Requests saw all that stood in front of them. */
function logAsSeen(...events: readonly (PawlEvent | readonly PawlEvent[])[]): readonly LogEvent[] {
  return logOf(...events).map((each) =>
    each.event.type === 'model_started' ? { ...each, event: { ...each.event, contextSeq: each.seq - 1 } } : each,
  )
}

export const rememberedLog = (): readonly LogEvent[] => logAsSeen(remembered())
/** While a processor is asked. */
export const mailReadLog = (): readonly LogEvent[] => logAsSeen(mailRead())
/** While its facts are too many. */
export const patchedLog = (): readonly LogEvent[] => logAsSeen(patched())

/** A patch that is none, facts that were dropped, and turns that left without a summary. */
export function troubledLog(): readonly LogEvent[] {
  return logAsSeen(
    mailRead(),
    answered(3, 'no JSON'),
    { type: 'result_processed', callId: 'c2', attempt: 1, noted: [], problem: 'expected JSON, found "no JSON"' },
    { type: 'facts_compressed', taskId: 'root', removed: ['orders'], problem: 'http_529: overloaded' },
    {
      type: 'history_compacted',
      taskId: 'root',
      strategy: 'window',
      throughSeq: 5,
      cutCharacters: 4_000,
      tokensBefore: 2_331,
      tokensAfter: 570,
      problem: 'http_529: overloaded',
    },
    { type: 'context_recalled', taskId: 'root', messageSeq: 2, throughSeq: 5, query: 'refund', passages: [] },
  )
}
