import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { Json } from '../core/index.ts'
import { type ScriptedDecision, scriptedTasks } from '../models/scripted.ts'
import { memoryStore } from '../stores/memory.ts'
import { manualClock, manualEnv } from '../testing/manual-env.ts'
import { askHuman } from '../tools/index.ts'
import { tool } from './define.ts'
import { holding, lookup, noting, watched, watching } from './memory.fixture.ts'
import type { ProcessedResult, Processor } from './memory-options.ts'
import { loop, planOf } from './planning.fixture.ts'
import { anyTool, calls, policy, type WorldOptions, world } from './world.fixture.ts'

const say = (text: string) => ({ type: 'send_message', text, trust: 'user', origin: { type: 'user' } }) as const

/** Of one call of `lookup`, processed by `process`. */
async function once(process: (result: ProcessedResult) => unknown, options: WorldOptions = {}) {
  // What a processor gives back is checked when it is there: also where it is nothing that its type allows.
  const processor = { process } as Processor
  const around = watched({ tasks: { root: [calls('lookup'), 'told'] } }, { ...options, processor })
  const sessionId = await around.start()
  return { ...around, sessionId, processed: () => around.find(sessionId, 'result_processed') }
}

describe('a processor that is a function', () => {
  const deep = () => {
    let value: Json = 1
    for (let depth = 0; depth < 100; depth += 1) value = [value]
    return value
  }
  const ownProto: unknown = JSON.parse('{"append_known_facts":[{"key":"a","value":{"__proto__":{"x":1}}}]}')

  test.each<[string, () => unknown, string]>([
    [
      'throws',
      () => {
        throw new Error('no index')
      },
      'the processor failed: no index',
    ],
    ['rejects', () => Promise.reject(new Error('no index')), 'the processor failed: no index'],
    [
      'throws nothing that can be shown',
      () => {
        throw {
          toString: () => {
            throw new Error('x')
          },
        }
      },
      'the processor failed: ',
    ],
    ['answers with a function', () => () => 1, 'its answer is no patch: '],
    ['answers with a text', () => 'balance is 25', '$: expected'],
    ['answers with a list', () => [], '$: expected'],
    ['answers with a date inside', () => ({ append_known_facts: [{ key: 'a', value: new Date(0) }] }), ''],
    ['answers with ten megabytes', () => ({ open_questions: ['x'.repeat(10_000_000)] }), 'its answer is no patch: '],
    ['answers too deeply', () => ({ append_known_facts: [{ key: 'a', value: deep() }] }), ''],
    ['answers with a key that no fact may have', () => ({ append_known_facts: [{ key: '__proto__', value: 1 }] }), ''],
    ['answers with __proto__ in a value', () => ownProto, ''],
    ['answers with a member that no patch has', () => ({ facts: [] }), 'facts'],
    [
      'answers with a getter that throws',
      () => ({
        get open_questions() {
          throw new Error('gone')
        },
      }),
      '',
    ],
  ])('that %s notes nothing, is recorded, and the turn goes on', async (_, process, problem) => {
    const { runtime, sessionId, processed, find, requests } = await once(process)
    expect(await runtime.result({ sessionId })).toMatchObject({ text: 'told', status: { type: 'done' } })
    expect(await processed()).toMatchObject([{ callId: 'c1', noted: [], problem: expect.stringContaining(problem) }])
    expect(await find(sessionId, 'fact_noted')).toEqual([])
    const told = requests.at(-1)?.messages.find(({ role }) => role === 'tool')
    expect(told).toMatchObject({
      result: { status: 'ok', problem: expect.stringContaining('could not be put into memory') },
    })
    expect(holding(requests, 'RAW-9f')).toEqual([])
  })

  test.each([
    ['nothing', undefined],
    ['null', null],
    ['an empty patch', {}],
    ['a promise of nothing', Promise.resolve(null)],
  ])('that answers %s has nothing to note', async (_, patch) => {
    const { runtime, sessionId, processed } = await once(() => patch)
    expect(await runtime.result({ sessionId })).toMatchObject({ text: 'told' })
    expect(await processed()).toEqual([{ type: 'result_processed', callId: 'c1', attempt: 1, noted: [] }])
  })

  test('that hangs is told to stop after policyTimeoutMs, and what it says then is not taken', async () => {
    const late = Promise.withResolvers<unknown>()
    const signals: AbortSignal[] = []
    const { env, runtime, sessionId, processed, find } = await once(
      ({ signal }) => {
        signals.push(signal)
        return late.promise
      },
      { limits: { policyTimeoutMs: 700 } },
    )
    await env.advance(699)
    expect(await processed()).toEqual([])
    expect(signals[0]?.aborted).toBe(false)
    await env.advance(1)
    expect(await processed()).toMatchObject([
      { problem: 'the processor failed: processing the result took longer than 700 ms' },
    ])
    expect(signals[0]?.aborted).toBe(true)
    late.resolve({ append_known_facts: [{ key: 'a', value: 1 }] })
    await env.advance(10)
    expect(await find(sessionId, 'fact_noted')).toEqual([])
    expect(await runtime.result({ sessionId })).toMatchObject({ text: 'told' })
  })

  test('may do with what it is given what it likes: the log, the state and the artifact stay as they are', async () => {
    const rows = Array.from({ length: 2_000 }, (_, row) => ({ row, note: 'as ordered' }))
    const list = anyTool('list', 'read', () => rows)
    const seen: number[] = []
    const processor: Processor = {
      process: ({ output, input, facts }) => {
        seen.push(Array.isArray(output) ? output.length : -1)
        if (Array.isArray(output)) (output as unknown[]).length = 0
        Object.assign(input as object, { changed: true })
        ;(facts as unknown[]).push({ key: 'smuggled' })
        for (const fact of facts) Object.assign(fact, { value: 'changed' })
        return { append_known_facts: [{ key: `n${seen.length}`, value: seen.length }] }
      },
    }
    const around = watched({ tasks: { root: [calls('list'), calls('list'), 'told'] } }, { processor, tools: [list] })
    const sessionId = await around.start()
    expect(await around.runtime.result({ sessionId })).toMatchObject({ text: 'told' })
    expect(seen).toEqual([2_000, 2_000])
    const last = JSON.stringify(around.requests.at(-1)?.messages)
    expect(last).toContain('- n1 (from list, artifact')
    for (const text of ['smuggled', 'changed']) expect(last).not.toContain(text)
  })

  test('is asked again after a death, and what it says is written once', async () => {
    const clock = manualClock()
    const dead = new Set<string>()
    const store = memoryStore({ now: clock.now })
    let asked = 0
    const processor: Processor = {
      process: () => (++asked === 1 ? new Promise(() => {}) : { append_known_facts: [{ key: 'asked', value: asked }] }),
    }
    const launch = (holder: string) =>
      world({
        ...{ store, tools: [lookup], processor, model: scriptedTasks({ tasks: { root: [calls('lookup'), 'told'] } }) },
        env: manualEnv({ clock, holder, dead }),
      })
    const sessionId = await launch('p1').start()
    dead.add('p1')
    const second = launch('p2')
    await clock.advance(2_000)
    expect(await second.runtime.result({ sessionId })).toMatchObject({ text: 'told' })
    expect(asked).toBe(2)
    expect(await second.find(sessionId, 'fact_noted')).toMatchObject([{ key: 'asked', value: 2 }])
    expect(await second.find(sessionId, 'result_processed')).toHaveLength(1)
    expect(await second.find(sessionId, 'call_started')).toHaveLength(1)
  })

  test('is told to stop by a cancel, which waits for nothing', async () => {
    const signals: AbortSignal[] = []
    const { env, runtime, sessionId, processed } = await once(({ signal }) => {
      signals.push(signal)
      return new Promise(() => {})
    })
    await runtime.send({ sessionId }, { type: 'cancel', by: 'ada' })
    await env.advance(300)
    expect(await runtime.result({ sessionId })).toMatchObject({ status: { type: 'cancelled' } })
    expect(signals[0]?.aborted).toBe(true)
    expect(await processed()).toEqual([])
  })

  test('sees every result of a turn but the errors, which the controller is shown as they are', async () => {
    const boom = anyTool('boom', 'read', () => {
      throw new Error('it is broken')
    })
    const seen: string[] = []
    const processor: Processor = {
      process: ({ tool, callId, from, taskId, input }) => {
        seen.push(`${callId} ${tool} ${from} ${taskId} ${JSON.stringify(input)}`)
        return { append_known_facts: [{ key: callId, value: 1 }] }
      },
    }
    const around = watched(
      { tasks: { root: [calls('lookup', 'boom', 'lookup'), 'told'] } },
      { processor, tools: [lookup, boom] },
    )
    const sessionId = await around.start()
    expect(await around.runtime.result({ sessionId })).toMatchObject({ text: 'told' })
    expect(seen).toEqual(['c1 lookup tool root {}', 'c3 lookup tool root {}'])
    const results = around.requests.at(-1)?.messages.flatMap((each) => (each.role === 'tool' ? [each.result] : []))
    expect(results).toEqual([
      { status: 'ok', noted: ['c1'] },
      { error: 'it is broken', mayRetry: true },
      { status: 'ok', noted: ['c3'] },
    ])
  })

  test('with tools of its own leaves the results of the others as they are', async () => {
    const plain = anyTool('plain', 'read', () => 'in plain words')
    const processor = { ...noting, tools: ['lookup'] }
    const around = watched(
      { tasks: { root: [calls('lookup', 'plain'), 'told'] } },
      { processor, tools: [lookup, plain] },
    )
    const sessionId = await around.start()
    const results = around.requests.at(-1)?.messages.flatMap((each) => (each.role === 'tool' ? [each.result] : []))
    expect(results).toEqual([{ status: 'ok', noted: ['balance'] }, 'in plain words'])
    expect(await around.find(sessionId, 'result_processed')).toHaveLength(1)
  })

  test('has what the model is told of the parts that were not done', async () => {
    const patches = [
      {
        append_known_facts: [
          { key: 'a', value: 1, priority: 95 },
          { key: 'b', value: 1, kind: 'decision' },
        ],
      },
      {
        append_known_facts: [
          { key: 'a', value: 2, confidence: 0.5 },
          { key: 'c', value: 3, kind: 'constraint' },
        ],
        answer_questions: [{ questionId: 'q9', answer: 'no' }],
        replace_plan: planOf(loop('A')),
      },
    ]
    const processor = { process: () => patches.shift() } as Processor
    const around = watched(
      { tasks: { root: [calls('lookup'), calls('lookup'), 'told'] } },
      { processor, limits: { maxFacts: 2 } },
    )
    await around.start()
    const last = around.requests.at(-1)?.messages.findLast((each) => each.role === 'tool')
    expect(last).toMatchObject({
      result: {
        status: 'ok',
        noted: [],
        ignored: [
          '"a" is known with confidence 1, and stays: 0.5 is lower.',
          expect.stringMatching(/^"c" was not noted: 2 facts are decisions, constraints or of priority 90 and more/),
          '"q9" is no open question: there is none of that id.',
          'there is no plan of which anything is left',
        ],
      },
    })
  })

  test('is given what people answer, and the controller is shown that too', async () => {
    const seen: unknown[] = []
    const processor: Processor = {
      process: ({ tool, from, output }) => {
        seen.push([tool, from, output])
        return { append_known_facts: [{ key: tool, value: output }] }
      },
    }
    const pay = anyTool('pay', 'unsafe', () => 'paid')
    const ask: ScriptedDecision = { calls: [{ tool: 'ask_human', input: { question: 'Which account?' } }] }
    const held = policy(() => ({ type: 'require_approval', reason: 'too much' }))
    const around = watched(
      { tasks: { root: [ask, calls('pay'), calls('pay'), 'told'] } },
      { processor, tools: [pay, askHuman()], policies: [held] },
    )
    const sessionId = await around.start()
    const by = 'ada'
    await around.runtime.send({ sessionId }, { type: 'answer', approvalId: 'a1', answer: 'the second one', by })
    await around.env.settle()
    await around.runtime.send(
      { sessionId },
      { type: 'vote', approvalId: 'a2', vote: 'reject', reason: 'not today', by },
    )
    await around.env.settle()
    await around.runtime.send({ sessionId }, { type: 'answer', approvalId: 'a3', answer: 'ask the bank first', by })
    await around.env.settle()
    expect(await around.runtime.result({ sessionId })).toMatchObject({ text: 'told' })
    expect(seen.map((each) => JSON.stringify(each))).toEqual([
      expect.stringMatching(/^\["ask_human","person",.*the second one/),
      expect.stringMatching(/^\["pay","person",.*not today/),
      expect.stringMatching(/^\["pay","person",.*ask the bank first/),
    ])
    const last = around.requests.at(-1)?.messages ?? []
    const results = JSON.stringify(last.filter(({ role }) => role === 'tool'))
    for (const words of ['the second one', 'not today', 'ask the bank first']) expect(results).toContain(words)
    expect(await around.find(sessionId, 'fact_noted')).toMatchObject(
      Array.from({ length: 3 }, () => ({ source: { kind: 'person' }, trust: 'operator' })),
    )
  })

  test('that a deploy has taken away is missed once for each result, and nothing raw is shown in its place', async () => {
    const clock = manualClock()
    const store = memoryStore({ now: clock.now })
    const dead = new Set<string>()
    const { model, requests } = watching(scriptedTasks({ tasks: { root: [calls('lookup'), calls('lookup'), 'told'] } }))
    const hanging: Processor = { process: () => new Promise(() => {}) }
    const launch = (holder: string, processor?: Processor) =>
      world({ store, model, tools: [lookup], ...(processor && { processor }), env: manualEnv({ clock, holder, dead }) })
    const sessionId = await launch('p1', hanging).start()
    dead.add('p1')
    const second = launch('p2')
    await clock.advance(2_000)
    expect(await second.runtime.result({ sessionId })).toMatchObject({ text: 'told' })
    const problem = 'the agent has no such processor any more'
    expect(await second.find(sessionId, 'result_processed')).toMatchObject([{ problem }, { problem }])
    expect(holding(requests, 'RAW-9f')).toEqual([])
  })

  test('that a deploy has added is of the sessions that start from then on', async () => {
    const clock = manualClock()
    const store = memoryStore({ now: clock.now })
    const dead = new Set<string>()
    const scripts = { tasks: { root: [calls('lookup'), 'told', calls('lookup'), 'told'] } }
    const launch = (holder: string, processor?: Processor) =>
      world({
        store,
        model: scriptedTasks(scripts),
        tools: [lookup],
        ...(processor && { processor }),
        env: manualEnv({ clock, holder, dead }),
      })
    const before = await launch('p1').start()
    dead.add('p1')
    const second = launch('p2', noting)
    await second.runtime.send({ sessionId: before }, say('again?'))
    const after = await second.start()
    await clock.advance(2_000)
    expect(await second.find(before, 'result_processed')).toEqual([])
    expect(await second.find(after, 'result_processed')).toHaveLength(1)
  })

  test('of content that was erased is told so, and the turn goes on', async () => {
    const clock = manualClock()
    const inner = memoryStore({ now: clock.now })
    const large = anyTool('large', 'read', () => 'x'.repeat(100_000))
    const store = { ...inner, artifact: async () => null }
    const around = watched(
      { tasks: { root: [calls('large'), 'told'] } },
      { store, tools: [large], env: manualEnv({ clock }) },
    )
    const sessionId = await around.start()
    expect(await around.runtime.result({ sessionId })).toMatchObject({ text: 'told' })
    expect(await around.find(sessionId, 'result_processed')).toMatchObject([
      { problem: 'the content of its artifact was erased' },
    ])
  })
})

test('what is marked sensitive in the input of a call stands in no fact that a processor makes of its result', async () => {
  const input = z.object({ card: z.string() })
  const charge = tool({
    name: 'charge',
    description: 'x',
    effect: 'read',
    input,
    sensitive: ['/card'],
    run: () => 'ok',
  })
  const processor: Processor = {
    process: ({ input: asked }) => ({
      append_known_facts: [{ key: 'charged', value: asked }],
      open_questions: [`Is ${JSON.stringify(asked)} right?`],
    }),
  }
  const root: readonly ScriptedDecision[] = [{ calls: [{ tool: 'charge', input: { card: '4111-2222-3333' } }] }, 'told']
  const around = watched({ tasks: { root } }, { processor, tools: [charge] })
  const sessionId = await around.start()
  expect(await around.runtime.result({ sessionId })).toMatchObject({ text: 'told' })
  const [fact, question] = [await around.find(sessionId, 'fact_noted'), await around.find(sessionId, 'question_opened')]
  expect([fact.length, question.length]).toEqual([1, 1])
  expect(JSON.stringify([fact, question])).not.toContain('4111-2222-3333')
})
