import { describe, expect, test } from 'vitest'
import type { Json } from '../core/index.ts'
import { scriptedTasks } from '../models/scripted.ts'
import { watching } from './memory.fixture.ts'
import { type MemoryStrategy, summarize, window } from './memory-options.ts'
import { anyTool, calls, world } from './world.fixture.ts'

const orders = Array.from({ length: 2_000 }, (_, row) => ({ row, total: row * 2, note: 'as ordered' }))

describe('a processor that is a function', () => {
  const lookup = anyTool('lookup', 'read', () => orders)
  const scripts = { tasks: { root: [calls('lookup'), 'The total is 3998.'] } }

  test('is given the whole result, and the model reads its facts and not the output', async () => {
    const { model, requests } = watching(scriptedTasks(scripts))
    const processor = {
      process: ({ output }: { output: Json }) => ({
        append_known_facts: [{ key: 'rows', value: Array.isArray(output) ? output.length : -1 }],
        open_questions: ['Which of them is meant?'],
      }),
    }
    const { start, find, runtime } = world({ model, tools: [lookup], processor })
    const sessionId = await start()
    expect(await runtime.result({ sessionId })).toMatchObject({ text: 'The total is 3998.' })
    expect(await find(sessionId, 'fact_noted')).toMatchObject([
      { key: 'rows', value: 2_000, priority: 50, trust: 'tool' },
    ])
    const last = JSON.stringify(requests.at(-1)?.messages)
    expect(last).toContain('[FACTS]')
    expect(last).toContain('rows')
    expect(last).toContain('Which of them is meant?')
    expect(last).not.toContain('as ordered')
  })

  test('a patch that is none is refused and recorded, and the turn goes on', async () => {
    const processor = { process: () => ({ append_known_facts: [{ key: 'x y', value: 1 }] }) }
    const { start, find, runtime } = world({ model: scriptedTasks(scripts), tools: [lookup], processor })
    const sessionId = await start()
    expect(await runtime.result({ sessionId })).toMatchObject({ text: 'The total is 3998.' })
    expect(await find(sessionId, 'result_processed')).toMatchObject([
      { callId: 'c1', noted: [], problem: expect.stringContaining('x y') },
    ])
    expect(await find(sessionId, 'fact_noted')).toEqual([])
  })
})

test('a processor that is a model has no tools, and is shown the whole result', async () => {
  const lookup = anyTool('lookup', 'read', () => 'duplicate charge found')
  const patch = JSON.stringify({ append_known_facts: [{ key: 'duplicate', value: true, kind: 'decision' }] })
  const { model, requests } = watching(
    scriptedTasks({ tasks: { root: [calls('lookup'), 'Refunded.'] }, process: [patch] }),
  )
  const { start, find, runtime } = world({
    model,
    tools: [lookup],
    processor: { instructions: 'Look for duplicates.' },
  })
  const sessionId = await start()
  expect(await runtime.result({ sessionId })).toMatchObject({ text: 'Refunded.' })
  const asked = requests.find(({ purpose }) => purpose === 'process')
  expect(asked?.tools).toEqual([])
  expect(JSON.stringify(asked)).toContain('duplicate charge found')
  expect(await find(sessionId, 'fact_noted')).toMatchObject([{ key: 'duplicate', value: true, priority: 90 }])
  expect(JSON.stringify(requests.at(-1)?.messages)).not.toContain('duplicate charge found')
})

describe('history', () => {
  const look = anyTool('look', 'read', ({ n }) => `result ${n} ${'x'.repeat(400)}`)
  const long = (count: number) => [
    ...Array.from({ length: count }, (_, n) => ({ calls: [{ tool: 'look', input: { n } }] })),
    'done',
  ]

  async function run(memory: readonly MemoryStrategy[], scripts: Parameters<typeof scriptedTasks>[0] = {}) {
    const { model, requests } = watching(scriptedTasks({ tasks: { root: long(12) }, ...scripts }))
    const around = world({ model, tools: [look], memory, budget: { maxTurns: 40 } })
    const sessionId = await around.start()
    expect(await around.runtime.result({ sessionId })).toMatchObject({ text: 'done' })
    return { ...around, sessionId, requests }
  }

  test('a window shows its turns and the message that the work is about, and says in the log what left', async () => {
    const { requests, find, sessionId } = await run([window(4)])
    const last = requests.at(-1)?.messages ?? []
    expect(last[0]).toMatchObject({ role: 'user', text: 'refund me' })
    expect(last.filter(({ role }) => role === 'assistant').length).toBeLessThanOrEqual(4)
    expect((await find(sessionId, 'history_compacted')).every(({ strategy }) => strategy === 'window')).toBe(true)
  })

  test('a summary stands in place of the turns that it covers', async () => {
    const summary = JSON.stringify({ asked: ['a refund'], decided: [], done: ['looked at row 0'], open: [] })
    const { requests, find, sessionId } = await run([summarize({ whenTokens: 600, keepTurns: 2 })], {
      summarize: () => summary,
    })
    const compacted = await find(sessionId, 'history_compacted')
    expect(compacted[0]).toMatchObject({ strategy: 'summarize', summary: expect.stringContaining('looked at row 0') })
    const last = requests.at(-1)?.messages ?? []
    expect(JSON.stringify(last)).toContain('looked at row 0')
    expect(JSON.stringify(last)).not.toContain('result 0 ')
  })

  test('without an answer of the summarizer the turns leave all the same', async () => {
    const { find, sessionId } = await run([summarize({ whenTokens: 600, keepTurns: 2 })])
    expect(await find(sessionId, 'history_compacted')).toMatchObject([
      { strategy: 'window', problem: expect.stringContaining('script_missing') },
      { strategy: 'window', problem: expect.stringContaining('script_missing') },
    ])
  })
})
