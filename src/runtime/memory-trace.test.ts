/** What the real runtime writes when it has a memory, as readers are told it (DESIGN section 9, Trace and Tests). */
import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { traceOf } from '../core/index.ts'
import { scriptedTasks } from '../models/scripted.ts'
import type { Processor } from './memory-options.ts'
import { retrieve, summarize, window, workingFacts } from './memory-options.ts'
import { anyTool, calls, world } from './world.fixture.ts'

const found = Array.from({ length: 1_000 }, (_, row) => `order A-${row}, charged ${row % 7} USD`).join('\n')
const search = anyTool('search', 'read', () => found, {
  summarize: (output) => ({ matches: String(output).split('\n').length }),
})
/** Of a text the artifact is the text itself. */
const artifact = { artifact: createHash('sha256').update(found).digest('hex').slice(0, 16), bytes: found.length }

const asked = { step: 1, kind: 'decision_recorded', status: 'calls_proposed' }
const result = { step: 1, kind: 'tool_result', tool: 'search', status: 'ok', matches: 1_000, ...artifact }
const ofMemory = { step: 1, kind: 'memory_transition' }
const answered = (step: number) => [
  { step, kind: 'decision_recorded', status: 'answered' },
  { step, kind: 'state_transition', status: 'completed', reason: 'final_answer', ending: 'answered' },
]

async function rowsOf(processor: Processor, process?: () => string) {
  const model = scriptedTasks({ tasks: { root: [calls('search'), 'A-7.'] }, ...(process && { process }) })
  const { start, log } = world({ model, tools: [search], processor })
  return traceOf(await log(await start()))
}

describe('the trace of a search whose output is an artifact', () => {
  test('tells the search, the patch, and the answer: the golden of the design', async () => {
    const process: Processor = {
      process: () => ({
        append_known_facts: [
          { key: 'charged_twice', value: 'A-7', kind: 'decision' },
          { key: 'newest_order', value: 'A-999' },
        ],
        open_questions: ['Which card was it?'],
      }),
    }
    expect(await rowsOf(process)).toEqual([
      asked,
      result,
      { ...ofMemory, tool: 'search', status: 'noted', noted: ['charged_twice', 'newest_order'] },
      { ...ofMemory, status: 'question_opened', questionId: 'q1', question: 'Which card was it?' },
      ...answered(2),
    ])
  })

  test('tells why a patch was refused, and what of one was left out', async () => {
    const reason = expect.stringContaining('no key')
    expect(await rowsOf({ process: () => ({ append_known_facts: [{ key: 'no key', value: 1 }] }) })).toEqual([
      asked,
      result,
      { ...ofMemory, tool: 'search', status: 'refused', reason },
      ...answered(2),
    ])
    const patch = { answer_questions: [{ questionId: 'q9', answer: 'yes' }] }
    expect(await rowsOf({ process: () => patch })).toEqual([
      asked,
      result,
      { ...ofMemory, tool: 'search', status: 'nothing_noted', ignored: ['unknown_question: q9'] },
      ...answered(2),
    ])
  })

  test('tells the same of a processor that is a model', async () => {
    const rows = await rowsOf({ instructions: 'Note it.' }, () =>
      JSON.stringify({ append_known_facts: [{ key: 'n', value: 1 }] }),
    )
    expect(rows.slice(0, 3)).toEqual([asked, result, { ...ofMemory, tool: 'search', status: 'noted', noted: ['n'] }])
  })
})

describe('the trace of a long session', () => {
  const look = anyTool('look', 'read', ({ n }) => `result ${n} ${'x'.repeat(400)}`)
  const script = Array.from({ length: 8 }, (_, n) => ({ calls: [{ tool: 'look', input: { n } }] }))
  const noting: Processor = {
    process: ({ callId }) => ({ append_known_facts: [{ key: callId, value: 'x'.repeat(200) }] }),
  }
  const ofMemoryIn = async (options: Parameters<typeof world>[0], scripts: object = {}) => {
    const model = scriptedTasks({ tasks: { root: [...script, 'done'] }, ...scripts })
    const { start, log } = world({ model, tools: [look], budget: { maxTurns: 40 }, ...options })
    return traceOf(await log(await start({ message: 'which result' }))).filter(
      ({ kind }) => kind === 'memory_transition',
    )
  }

  test('tells what has left the prompt, with its summary or without one, and what came back', async () => {
    const memory = [summarize({ whenTokens: 400, keepTurns: 1 }), retrieve({ k: 2 })]
    const summary = JSON.stringify({ asked: ['which result'], decided: [], done: [], open: [] })
    const told = await ofMemoryIn({ memory }, { summarize: () => summary })
    expect(told.map(({ status }) => status)).toContain('history_summarized')
    expect(told.find(({ status }) => status === 'context_recalled')).toMatchObject({
      query: 'which result',
      messageSeq: 2,
    })
    const untold = await ofMemoryIn({ memory })
    expect(untold[0]).toMatchObject({ status: 'history_dropped', reason: expect.stringContaining('script_missing') })
    const cut = await ofMemoryIn({ memory: [window(4, { maxPromptTokens: 1_000 })] })
    expect(new Set(cut.map(({ status }) => status))).toEqual(new Set(['history_dropped']))
  })

  test('tells which facts were put together, and which were dropped', async () => {
    const memory = [workingFacts({ maxFacts: 4 })]
    const points = JSON.stringify({ points: ['One.', 'Two.'] })
    const put = (await ofMemoryIn({ memory, processor: noting }, { compress: () => points })).find(
      ({ status }) => status === 'facts_compressed',
    )
    expect(put).toMatchObject({ removed: ['c1', 'c2', 'c3'] })
    const gone = (
      await ofMemoryIn({ memory: [workingFacts({ maxFacts: 4, compressor: null })], processor: noting })
    ).find(({ status }) => status === 'facts_dropped')
    expect(gone).toMatchObject({ removed: ['c1'] })
    expect(gone).not.toHaveProperty('reason')
  })
})
