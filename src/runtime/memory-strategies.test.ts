import { describe, expect, test } from 'vitest'
import type { Json } from '../core/index.ts'
import { type ScriptedDecision, scripted, scriptedTasks, type TaskScripts } from '../models/scripted.ts'
import type { ModelRequest } from '../ports/index.ts'
import { agent } from './define.ts'
import { watching } from './memory.fixture.ts'
import { type MemoryStrategy, type Processor, retrieve, summarize, window, workingFacts } from './memory-options.ts'
import { loop, planner, planOf } from './planning.fixture.ts'
import { anyTool, clerk, type WorldOptions, world } from './world.fixture.ts'

const look = anyTool('look', 'read', ({ n }) => `result ${n} ${'x'.repeat(400)}`)
const call = (n: number, tool = 'look'): ScriptedDecision => ({ calls: [{ tool, input: { n } }] })
const long = (count: number) => [...Array.from({ length: count }, (_, n) => call(n)), 'done']
const summary = (words: string) => JSON.stringify({ asked: [words], decided: [], done: [], open: [] })
const say = (text: string) => ({ type: 'send_message', text, trust: 'user', origin: { type: 'user' } }) as const

async function run(options: WorldOptions, scripts: TaskScripts) {
  const { model, requests } = watching(scriptedTasks(scripts))
  const around = world({ model, tools: [look], budget: { maxTurns: 300, maxCalls: 2_000 }, ...options })
  const sessionId = await around.start()
  expect(await around.runtime.result({ sessionId })).toMatchObject({ text: 'done' })
  const decided = () => requests.filter(({ purpose }) => purpose === 'decide')
  return { ...around, sessionId, requests, decided }
}

const textOf = ({ messages }: ModelRequest) => JSON.stringify(messages)
const turnsIn = ({ messages }: ModelRequest) => messages.filter(({ role }) => role === 'assistant').length
/** Of the messages and the instructions, as the wire would have them, at four characters a token. */
const tokensIn = ({ messages, instructions, tools }: ModelRequest) =>
  (JSON.stringify(messages).length + instructions.length + JSON.stringify(tools).length) / 4

/** Never a call without its result, nor a result without its call. */
function isPaired({ messages }: ModelRequest): boolean {
  const calls = messages.flatMap((each) =>
    each.role === 'assistant' ? each.parts.flatMap((part) => (part.type === 'call' ? part.providerCallId : [])) : [],
  )
  const results = messages.flatMap((each) => (each.role === 'tool' ? each.providerCallId : []))
  return JSON.stringify(calls) === JSON.stringify(results)
}

describe('the default', () => {
  test('is a window of 40 turns, with one summary when a prompt is over 32,000 tokens, made by the agent’s own model', async () => {
    const { find, sessionId } = await run({}, { tasks: { root: ['done'] } })
    expect((await find(sessionId, 'session_started'))[0]?.memory).toEqual({
      windowTurns: 40,
      maxPromptTokens: 100_000,
      summarize: { whenTokens: 32_000, keepTurns: 6, hasModel: true },
      facts: { maxFacts: 50, pinAt: 90, maxFactCharacters: 1_000, maxQuestions: 20, hasCompressor: false },
    })
  })

  test('of the limits is what the runtime says, and the agent has the last word', async () => {
    const memory = [window(7, { maxPromptTokens: 9_000 }), summarize({ keepTurns: 2 }), retrieve({ k: 3 })]
    const limits = { windowTurns: 11, summarizeWhenTokens: 5_000, maxFacts: 9 }
    const { find, sessionId } = await run({ memory, limits }, { tasks: { root: ['done'] } })
    expect((await find(sessionId, 'session_started'))[0]?.memory).toMatchObject({
      windowTurns: 7,
      maxPromptTokens: 9_000,
      summarize: { whenTokens: 5_000, keepTurns: 2 },
      retrieve: { k: 3 },
      facts: { maxFacts: 9 },
    })
  })
})

describe('a prompt over 200 turns', () => {
  const large = anyTool('large', 'read', ({ n }) => Array.from({ length: 400 }, (_, row) => ({ row, note: `of ${n}` })))
  /** It counts as a provider does: by what it was sent. */
  const root = (request: ModelRequest): ScriptedDecision => {
    const n = (request.purposeTurn ?? 1) - 1
    const input = { n }
    const usage = { inputTokens: Math.ceil(tokensIn(request)), outputTokens: 10 }
    return n < 200 ? { calls: [{ tool: n % 5 === 4 ? 'large' : 'look', input }], usage } : { text: 'done', usage }
  }

  test.each<[string, readonly MemoryStrategy[]]>([
    ['window', [window(30, { maxPromptTokens: 6_000 })]],
    ['summarize', [window(300, { maxPromptTokens: 6_000 }), summarize({ whenTokens: 3_000, keepTurns: 3 })]],
    ['retrieve', [window(300, { maxPromptTokens: 6_000 }), retrieve({ k: 3 })]],
    [
      'all of them',
      [window(20, { maxPromptTokens: 6_000 }), summarize({ whenTokens: 2_000 }), retrieve({ k: 2 }), workingFacts()],
    ],
  ])('is never over maxPromptTokens, never parts a call from its result, and keeps the message: %s', async (_, memory) => {
    const tools = [look, large]
    const { decided, requests, find, sessionId } = await run(
      { memory, tools },
      { tasks: { root }, summarize: () => summary('looked') },
    )
    expect(decided()).toHaveLength(201)
    expect(Math.max(...requests.map(tokensIn))).toBeLessThanOrEqual(6_000)
    expect(decided().every(isPaired)).toBe(true)
    expect(decided().every((each) => textOf(each).includes('refund me'))).toBe(true)
    const compacted = await find(sessionId, 'history_compacted')
    expect(compacted.length).toBeGreaterThan(3)
    for (const { tokensBefore, tokensAfter } of compacted) expect(tokensAfter).toBeLessThan(tokensBefore)
  })

  test('is shorter where the provider counts more tokens than the estimate does', async () => {
    const counting = (times: number) =>
      scripted((request, { turn }) => ({
        ...(turn <= 60 ? { calls: [{ tool: 'look', input: { n: turn } }] } : { text: 'done' }),
        usage: { inputTokens: Math.ceil(tokensIn(request) * times), outputTokens: 10 },
      }))
    const most: number[] = []
    for (const times of [1, 2]) {
      const { model, requests } = watching(counting(times))
      const around = world({
        model,
        tools: [look],
        memory: [window(300, { maxPromptTokens: 4_000 })],
        budget: { maxTurns: 300 },
      })
      await around.start()
      most.push(Math.max(...requests.map(tokensIn)) * times)
    }
    // Counted by the provider, neither is over the limit by more than one turn's error.
    for (const tokens of most) expect(tokens).toBeLessThanOrEqual(4_400)
    expect(most[1]).toBeGreaterThan(1_500)
  })
})

describe('summarize', () => {
  test('asks a model of its own, which has no tools, and never the agent’s', async () => {
    const own = watching(scriptedTasks({ summarize: () => summary('by the small one') }, { id: 'small' }))
    const { requests, decided, find, sessionId } = await run(
      { memory: [summarize({ whenTokens: 600, keepTurns: 2, model: own.model })] },
      { tasks: { root: long(12) } },
    )
    expect(own.requests.length).toBeGreaterThan(0)
    expect(
      own.requests.every(
        ({ purpose, tools, temperature }) => purpose === 'summarize' && tools.length === 0 && temperature === 0,
      ),
    ).toBe(true)
    expect(requests.some(({ purpose }) => purpose === 'summarize')).toBe(false)
    const last = decided().at(-1)
    expect(last?.messages[0]).toMatchObject({
      text: expect.stringMatching(/^\[SUMMARY\][\s\S]*> Asked:\n> - by the small one$/),
    })
    expect((await find(sessionId, 'history_compacted')).every(({ strategy }) => strategy === 'summarize')).toBe(true)
  })

  test('with null asks nobody: what is older is dropped', async () => {
    const { requests, find, sessionId } = await run(
      { memory: [summarize({ whenTokens: 600, keepTurns: 2, model: null })] },
      { tasks: { root: long(12) } },
    )
    expect(requests.every(({ purpose }) => purpose === 'decide')).toBe(true)
    const compacted = await find(sessionId, 'history_compacted')
    expect(compacted.length).toBeGreaterThan(1)
    expect(
      compacted.every(({ strategy, summary: words, problem }) => strategy === 'window' && !words && !problem),
    ).toBe(true)
  })

  test('says of a summary that strangers have had a word in it', async () => {
    const outside = anyTool('look', 'read', ({ n }) => `mail ${n} ${'x'.repeat(400)}`, { trust: 'external' })
    const { decided, find, sessionId } = await run(
      { memory: [summarize({ whenTokens: 600, keepTurns: 2 })], tools: [outside] },
      { tasks: { root: long(12) }, summarize: () => summary('a mail') },
    )
    expect((await find(sessionId, 'history_compacted'))[0]).toMatchObject({ trust: 'external' })
    expect(textOf(decided().at(-1) ?? ({ messages: [] } as never))).toContain('came from outside')
  })
})

describe('retrieve', () => {
  const notes = anyTool('look', 'read', ({ n }) => (n === 2 ? 'the zebra lives in Basel' : `nothing of note in ${n}`))
  const memory = [window(4), retrieve({ k: 1 })]

  test('finds by words what has left the prompt, at most k, once for each message and again when more has left', async () => {
    const root = [...long(9), ...long(1), ...long(9)]
    const around = await run({ memory, tools: [notes] }, { tasks: { root } })
    const { runtime, env, sessionId, decided, find } = around
    for (const text of ['where is the zebra?', 'and in Basel, what else?']) {
      await runtime.send({ sessionId }, say(text))
      await env.settle()
    }
    const recalled = await find(sessionId, 'context_recalled')
    expect(recalled.every(({ passages }) => passages.length <= 1)).toBe(true)
    expect(recalled.find(({ query }) => query.includes('zebra'))?.passages).toMatchObject([
      { text: 'look: "the zebra lives in Basel"', trust: 'tool' },
    ])
    const pairs = recalled.map(({ messageSeq, throughSeq }) => `${messageSeq} ${throughSeq}`)
    expect(new Set(pairs).size).toBe(pairs.length)
    const last = new Set(recalled.map(({ messageSeq }) => messageSeq)).size
    expect(last, 'once at least for each message').toBe(3)
    const asked = decided().find((each) => textOf(each).includes('where is the zebra?'))
    expect(textOf(asked ?? ({ messages: [] } as never))).toMatch(
      /\[RECALLED\].*at \d+:\\n> look: .*the zebra lives in Basel/,
    )
  })

  test('says nothing where nothing is found, and is asked no more for that message', async () => {
    const { find, sessionId, decided } = await run({ memory, tools: [notes] }, { tasks: { root: long(9) } })
    const recalled = await find(sessionId, 'context_recalled')
    expect(recalled.map(({ passages }) => passages.length)).toEqual(recalled.map(() => 0))
    expect(recalled.length).toBe((await find(sessionId, 'history_compacted')).length)
    expect(decided().some((each) => textOf(each).includes('[RECALLED]'))).toBe(false)
  })

  test('marks what strangers wrote', async () => {
    const outside = anyTool('look', 'read', ({ n }) => (n === 2 ? 'refund me: the zebra' : `none ${n}`), {
      trust: 'external',
    })
    const { find, sessionId, decided } = await run({ memory, tools: [outside] }, { tasks: { root: long(9) } })
    const passages = (await find(sessionId, 'context_recalled')).flatMap((each) => each.passages)
    expect(passages.length).toBeGreaterThan(0)
    expect(passages.every(({ trust }) => trust === 'external')).toBe(true)
    expect(textOf(decided().at(-1) ?? ({ messages: [] } as never))).toMatch(/\[RECALLED\].*at \d+ \(external\):/)
  })

  test('for a task of a plan looks for what the task is about', async () => {
    const { model } = watching(scriptedTasks({ tasks: { A: long(9) } }))
    const made = planner({ model, tools: [notes], memory, planning: { router: null } })
    const around = world({ agents: [made] })
    const sessionId = await around.start({ plan: planOf(loop('A', { description: 'Find the zebra.' })) })
    const recalled = await around.find(sessionId, 'context_recalled')
    expect(recalled[0]).toMatchObject({ taskId: 'A', query: 'A Find the zebra.' })
    expect(recalled.at(-1)?.passages).toMatchObject([{ text: 'look: "the zebra lives in Basel"' }])
  })
})

describe('plans and compactions', () => {
  test('the plan stands in every prompt, whatever has left it', async () => {
    const steps = ['look', 'tell'].map((name) => ({ name }))
    const plan: ScriptedDecision = { calls: [{ tool: 'plan', input: { goal: 'the sums', notes: 'in euros', steps } }] }
    const root = [plan, ...long(30)]
    const { model, requests } = watching(scriptedTasks({ tasks: { root }, summarize: () => summary('looked') }))
    const made = planner({
      ...{ model, tools: [look], budget: { maxTurns: 90 } },
      memory: [window(6), summarize({ whenTokens: 700, keepTurns: 2 })],
      planning: { route: 'plan', planner: null, router: null },
    })
    const around = world({ agents: [made] })
    const sessionId = await around.start()
    expect((await around.find(sessionId, 'history_compacted')).length).toBeGreaterThan(5)
    const decided = requests.filter(({ purpose }) => purpose === 'decide').slice(1)
    for (const { messages } of decided) {
      const last = messages.at(-1)
      expect(last?.role === 'user' && last.text).toContain('[PLAN]\nGoal: the sums\nNotes: in euros\n1. [pending] look')
    }
  })

  test('a specialist has the window that it says, and the others that of the agent', async () => {
    const { model, requests } = watching(scriptedTasks({ tasks: { A: long(12), B: long(12) } }))
    const made = agent({
      ...{ name: 'clerk', instructions: '', model, tools: [look], memory: [window(8)], planning: { router: null } },
      specialists: [{ name: 'short', domain: 'Looks.', instructions: 'Look.', tools: ['look'], windowTurns: 2 }],
      budget: { maxTurns: 20 },
    })
    await world({ agents: [made] }).start({ plan: planOf(loop('A', { specialist: 'short' }), loop('B')) })
    const most = (id: string) => Math.max(...requests.filter(({ taskId }) => taskId === id).map(turnsIn))
    expect([most('A'), most('B')]).toEqual([2, 8])
  })
})

describe('working facts', () => {
  const points = JSON.stringify({ points: ['one of them', 'two of them'] })
  const facts = (list: readonly object[]): Processor => {
    const left = [...list]
    return { process: () => ({ append_known_facts: [left.shift() ?? { key: 'none', value: 0 }] as never }) }
  }
  const shownFacts = (request: ModelRequest | undefined) => {
    const text = request?.messages
      .map((each) => (each.role === 'user' ? each.text : ''))
      .find((each) => each.includes('[FACTS]'))
    return text?.split('\n').filter((line) => line.startsWith('- ')) ?? []
  }

  test('read the same, in the same bytes, in whatever order they were noted', async () => {
    const list = [
      { key: 'b', value: { y: 1, x: 2 } },
      { key: 'a', value: 1, priority: 80 },
      { key: 'c', value: 'x', kind: 'constraint' },
    ]
    const shown: (readonly string[])[] = []
    for (const order of [list, list.toReversed(), list.slice(1).concat(list.slice(0, 1))]) {
      const { decided } = await run({ processor: facts(order) }, { tasks: { root: long(3) } })
      shown.push(shownFacts(decided().at(-1)))
    }
    expect(shown[0]).toEqual([
      '- c (constraint, from look): "x"',
      '- a (from look): 1',
      '- b (from look): {"x":2,"y":1}',
    ])
    expect(shown[1]).toEqual(shown[0])
    expect(shown[2]).toEqual(shown[0])
  })

  test('are replaced by their key, but never by one that is less sure, and stand behind the turns', async () => {
    const list = [
      { key: 'a', value: 1, confidence: 0.8 },
      { key: 'a', value: 2, confidence: 0.7 },
      { key: 'a', value: 3, confidence: 0.8 },
    ]
    const { decided } = await run({ processor: facts(list) }, { tasks: { root: long(3) } })
    expect(decided().flatMap(shownFacts)).toEqual([
      '- a (from look, confidence 0.8): 1',
      '- a (from look, confidence 0.8): 1',
      '- a (from look, confidence 0.8): 3',
    ])
    const last = decided().at(-1)?.messages.at(-1)
    expect(last?.role === 'user' && last.text).toContain('[FACTS]')
  })

  test('over maxFacts: the upper half stays, the rest becomes points, and those go into the next ones', async () => {
    const list = Array.from({ length: 10 }, (_, n) => ({ key: `k${n}`, value: n, priority: 10 + n }))
    const pinned = [
      { key: 'decided', value: 'yes', kind: 'decision', priority: 0 },
      { key: 'kept', value: 'no', priority: 95 },
    ]
    const { requests, find, sessionId, decided } = await run(
      { processor: facts([...pinned, ...list]), memory: [workingFacts({ maxFacts: 6 })] },
      { tasks: { root: long(12) }, compress: () => points },
    )
    const compressed = await find(sessionId, 'facts_compressed')
    expect(compressed.map(({ removed }) => removed)).toEqual(
      [
        ['k0', 'k1', 'k2', 'k3'],
        ['compressed_context', 'k4', 'k5', 'k6'],
        ['compressed_context', 'k7', 'k8'],
      ].slice(0, compressed.length),
    )
    expect(compressed.length).toBeGreaterThan(1)
    const asked = requests.filter(({ purpose }) => purpose === 'compress')
    expect(asked).toHaveLength(compressed.length)
    expect(textOf(asked[1] ?? ({ messages: [] } as never))).toContain('compressed_context')
    expect(asked.every(({ tools, temperature }) => tools.length === 0 && temperature === 0)).toBe(true)
    const last = shownFacts(decided().at(-1))
    expect(last.slice(0, 2)).toEqual(['- decided (decision, from look): "yes"', '- kept (from look): "no"'])
    expect(last.length).toBeLessThanOrEqual(6)
  })

  test.each<[string, TaskScripts['compress'], Partial<WorldOptions>]>([
    ['the model refuses', () => 'no', {}],
    ['the model fails for good', [{ error: { status: 400 } }], {}],
    ['nobody is to be asked', undefined, { memory: [workingFacts({ maxFacts: 3, compressor: null })] }],
  ])('where %s the lowest are dropped, and the turn goes on', async (_, compress, more) => {
    const list = [5, 4, 3, 2].map((n) => ({ key: `k${n}`, value: n, priority: n }))
    const { find, sessionId, decided } = await run(
      { processor: facts(list), memory: [workingFacts({ maxFacts: 3 })], ...more },
      { tasks: { root: long(4) }, ...(compress && { compress }) },
    )
    expect((await find(sessionId, 'facts_compressed')).map(({ removed, points: words }) => [removed, words])).toEqual([
      [['k2'], undefined],
    ])
    expect(shownFacts(decided().at(-1)).map((line) => line.slice(0, 4))).toEqual(['- k5', '- k4', '- k3'])
  })

  test('of what strangers wrote say so', async () => {
    const outside = anyTool('look', 'read', () => 'a mail', { trust: 'external' })
    const { decided } = await run(
      { processor: facts([{ key: 'a', value: 1 }]), tools: [outside] },
      { tasks: { root: long(1) } },
    )
    expect(shownFacts(decided().at(-1))).toEqual(['- a (from look, external): 1'])
  })
})

describe('wrong options are refused with a sentence', () => {
  // What a program without types may give.
  const given = (options: unknown) => () => clerk({ tools: [look], ...(options as WorldOptions) })

  test.each<[Json | object, RegExp]>([
    [{ memory: [window(0)] }, /memory: turns of window is a whole number from 1; found 0/],
    [{ memory: [window(2.5)] }, /turns of window is a whole number from 1; found 2.5/],
    [{ memory: [{ type: 'window' }] }, /turns of window is a whole number from 1; found undefined/],
    [{ memory: [{ type: 'retrieve' }] }, /k of retrieve is a whole number from 1; found undefined/],
    [
      { memory: [window(5, { maxPromptTokens: 10 })] },
      /maxPromptTokens of window is a whole number from 1000; found 10/,
    ],
    [{ memory: [window(5), window(6)] }, /memory has two strategies of the kind window; give one/],
    [{ memory: [summarize({ whenTokens: 1 })] }, /whenTokens of summarize is a whole number from 100; found 1/],
    [{ memory: [summarize({ keepTurns: 0 })] }, /keepTurns of summarize is a whole number from 1; found 0/],
    [{ memory: [{ type: 'summarize', whenToken: 5_000 }] }, /summarize: "whenToken" is no option. Did you mean/],
    [{ memory: [retrieve({ k: 0 })] }, /k of retrieve is a whole number from 1; found 0/],
    [{ memory: [retrieve({ k: 51 })] }, /k of retrieve is at most 50; found 51/],
    [{ memory: [workingFacts({ maxFacts: 1 })] }, /maxFacts of working_facts is a whole number from 2; found 1/],
    [{ memory: [workingFacts({ pinAt: 101 })] }, /pinAt of working_facts is a whole number from 0 to 100; found 101/],
    [
      { memory: [{ type: 'vector' }] },
      /memory lists window\(…\), summarize\(…\), retrieve\(…\) and workingFacts\(…\); found {"type":"vector"}/,
    ],
    [{ memory: ['window'] }, /memory lists window\(…\).*found "window"/],
    [{ memory: window(5) }, /memory lists window\(…\).*found {"type":"window","turns":5}/],
    [{ processor: {} }, /processor is \{ process \} with a function, or \{ instructions \} for a model/],
    [{ processor: () => null }, /processor is \{ process \} with a function/],
    [{ processor: { process: 'x' } }, /processor is \{ process \} with a function/],
    [{ processor: { process: () => null, instructions: 'x' } }, /and not both/],
    [
      { processor: { process: () => null, tools: ['loook'] } },
      /processor names the tool loook, which the agent does not have/,
    ],
    [{ processor: { process: () => null, tools: 'look' } }, /processor: tools lists names of tools; found "look"/],
    [{ processor: { process: () => null, tool: ['look'] } }, /processor: "tool" is no option/],
    [{ processor: { instructions: 'x', model: 'gpt' } }, /processor: its model is no model/],
  ])('%o', (options, message) => {
    expect(given(options)).toThrow(message)
    expect(given(options)).toThrow(/^agent clerk: /)
  })
})
