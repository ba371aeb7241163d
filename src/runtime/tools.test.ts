import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { scripted } from '../models/scripted.ts'
import { ModelRequestError, type Schema, ToolError } from '../ports/index.ts'
import { anyTool, calls, heldTool, policy, world } from './world.fixture.ts'

const EFFECTS = ['read', 'idempotent', 'unsafe'] as const
type Effect = (typeof EFFECTS)[number]

/** One call of one tool, to its end. */
async function outcomeOf(tool: ReturnType<typeof anyTool>, limits = {}) {
  const { start, find, env, problems, runtime } = world({ script: [calls(tool.name), 'done'], tools: [tool], limits })
  const sessionId = await start()
  await env.settle()
  const finished = await find(sessionId, 'call_finished')
  return { finished, last: finished.at(-1), sessionId, find, problems, runtime, env }
}

/** A schema of somebody else. */
function schemaThat(validate: (value: unknown) => unknown): Schema<never> {
  const { jsonSchema } = z.object({})['~standard']
  // The shape of Standard Schema, with a validate that may do anything.
  return { '~standard': { version: 1, vendor: 'test', validate, jsonSchema } } as unknown as Schema<never>
}

describe('what tools throw (DESIGN 2: thrown is unknown for unsafe, retryable_error for the others)', () => {
  const thrown: [string, unknown, string][] = [
    ['an error', new Error('no connection'), 'no connection'],
    ['text', 'just text', 'just text'],
    ['nothing', undefined, 'undefined'],
    ['a number', 7n, '7'],
    ['an object', { a: 1 }, '[object Object]'],
    ['half of a surrogate pair', new Error('a\ud800\0'), 'a\ufffd\ufffd'],
    [
      'what cannot be read',
      {
        toString: () => {
          throw new Error('hm')
        },
      },
      'something was thrown that cannot be read',
    ],
  ]
  test.each(thrown)('%s', async (_, problem, message) => {
    for (const effect of EFFECTS) {
      const { last } = await outcomeOf(
        anyTool('work', effect, () => {
          throw problem
        }),
      )
      expect(last?.outcome).toEqual({ type: effect === 'unsafe' ? 'unknown' : 'retryable_error', message })
    }
  })

  test('a ToolError says how it failed', async () => {
    const failing = (error: ToolError) => (effect: Effect) =>
      outcomeOf(
        anyTool('work', effect, () => {
          throw error
        }),
      )
    const final = failing(new ToolError('no such account'))
    expect((await final('read')).last?.outcome.type).toBe('terminal_error')
    expect((await final('unsafe')).last?.outcome.type).toBe('unknown')
    const certain = failing(new ToolError('refused at the door', { tookEffect: false }))
    expect((await certain('unsafe')).last).toMatchObject({ outcome: { type: 'terminal_error' }, tookEffect: false })
    expect((await failing(new ToolError('busy', { retryable: true }))('read')).last?.outcome.type).toBe(
      'retryable_error',
    )
  })

  test('a long message is cut', async () => {
    const { last } = await outcomeOf(
      anyTool('work', 'read', () => {
        throw new Error('x'.repeat(100_000))
      }),
    )
    expect(last?.outcome.type === 'retryable_error' && last.outcome.message.length).toBe(4_000)
  })
})

describe('what tools return (DESIGN 1, law 7)', () => {
  const cycle: Record<string, unknown> = {}
  cycle['self'] = cycle
  const unreadable: [string, unknown][] = [
    ['a BigInt', { n: 1n }],
    ['a cycle', cycle],
    [
      'a getter that throws',
      {
        get n(): number {
          throw new Error('no')
        },
      },
    ],
    ['a function', { f: () => 1 }],
    ['a key that changes a prototype', JSON.parse('{"__proto__": {"x": 1}}')],
    ['NaN', { n: Number.NaN }],
    ['a class', new Map()],
    ['what is too deep', Array.from({ length: 70 }).reduce((inner) => [inner], 1)],
  ]
  test.each(unreadable)('%s is an error of a read, and no reason to repeat a write', async (_, output) => {
    const read = await outcomeOf(anyTool('work', 'read', () => output, { retries: 3 }))
    expect(read.last?.outcome).toMatchObject({
      type: 'terminal_error',
      message: expect.stringContaining('cannot be recorded'),
    })
    for (const effect of ['idempotent', 'unsafe'] as const) {
      const written = await outcomeOf(anyTool('work', effect, () => output, { retries: 3 }))
      expect(written.finished.length).toBe(1)
      expect(written.last?.outcome).toMatchObject({
        type: 'ok',
        output: { warning: expect.stringContaining('it took effect') },
      })
      expect(written.problems).toEqual([])
    }
  })

  test('text is made well-formed, undefined is null', async () => {
    expect((await outcomeOf(anyTool('work', 'read', () => 'a\ud800\0'))).last?.outcome).toEqual({
      type: 'ok',
      output: 'a\ufffd\ufffd',
    })
    expect((await outcomeOf(anyTool('work', 'read', () => undefined))).last?.outcome).toEqual({
      type: 'ok',
      output: null,
    })
  })

  test('a tool may change its copy of the input', async () => {
    const changing = anyTool('work', 'read', (input) => {
      input['more'] = 1
      return 1
    })
    const { runtime, sessionId } = await outcomeOf(changing)
    expect((await runtime.result({ sessionId })).status.type).toBe('done')
  })

  test('an output that is not what the schema promises is an error of a read, and never repeats a write', async () => {
    const output = z.object({ caseId: z.string() })
    const wrong = (effect: Effect) => outcomeOf(anyTool('work', effect, () => ({ caseId: 7 }), { output, retries: 3 }))
    expect((await wrong('read')).last?.outcome).toMatchObject({
      type: 'terminal_error',
      message: expect.stringContaining('caseId'),
    })
    for (const effect of ['idempotent', 'unsafe'] as const) {
      const { finished, last } = await wrong(effect)
      expect(finished.length).toBe(1)
      expect(last?.outcome).toEqual({ type: 'ok', output: { caseId: 7 } })
      expect(last?.presented).toMatchObject({ warning: expect.stringContaining('it took effect') })
    }
  })

  test('neither does a schema of the output that throws or rejects', async () => {
    for (const validate of [
      () => {
        throw new Error('broken')
      },
      () => Promise.reject(new Error('broken')),
    ]) {
      for (const effect of ['idempotent', 'unsafe'] as const) {
        const { finished, last } = await outcomeOf(
          anyTool('work', effect, () => 1, { output: schemaThat(validate), retries: 3 }),
        )
        expect([finished.length, last?.outcome]).toEqual([1, { type: 'ok', output: 1 }])
      }
    }
  })

  test('an output that is too large for a prompt is an artifact, and leaves a preview', async () => {
    const { last } = await outcomeOf(anyTool('work', 'unsafe', () => 'ä'.repeat(600_000)))
    const hash = createHash('sha256').update('ä'.repeat(600_000)).digest('hex')
    expect(last?.artifact).toEqual({ hash, mediaType: 'text/plain; charset=utf-8', bytes: 1_200_000 })
    expect(last?.outcome).toMatchObject({ type: 'ok', output: { artifact: hash.slice(0, 16), characters: 600_000 } })
    expect(JSON.stringify(last).length).toBeLessThan(4_000)
  })

  test('also one that is not what the schema promises', async () => {
    const { last } = await outcomeOf(anyTool('work', 'unsafe', () => 'x'.repeat(2_000_000), { output: z.object({}) }))
    expect(last?.artifact?.bytes).toBe(2_000_000)
    expect(JSON.stringify(last).length).toBeLessThan(10_000)
  })

  test('views that throw or answer with what is no JSON are left out', async () => {
    const broken = () => {
      throw new Error('no')
    }
    const silent = await outcomeOf(
      anyTool('work', 'unsafe', () => 1, { present: broken, summarize: broken, endsSession: broken }),
    )
    expect(silent.last).toMatchObject({ outcome: { type: 'ok', output: 1 } })
    expect(silent.last).not.toHaveProperty('presented')
    const garbage = (value: unknown) => () => value as never
    const odd = await outcomeOf(
      anyTool('work', 'unsafe', () => 1, {
        present: garbage(1n),
        summarize: garbage('text'),
        endsSession: garbage({ type: 'case_opened', caseId: 1n }),
      }),
    )
    expect(odd.last).toMatchObject({ outcome: { type: 'ok', output: 1 } })
    for (const member of ['presented', 'summary', 'ending']) expect(odd.last).not.toHaveProperty(member)
    expect(odd.problems).toEqual([])
  })
})

describe('time (DESIGN 3.5, 9)', () => {
  const world1 = async (effect: Effect, more: object = {}) => {
    const work = heldTool('work', effect, { timeoutMs: 1_000, ...more })
    const around = world({ script: [calls('work'), 'done'], tools: [work.tool] })
    const sessionId = await around.start()
    const [first] = work.calls
    if (first === undefined) throw new Error('the tool did not start')
    return { ...around, work, first, sessionId }
  }

  test('a tool is told when its time is up, and what it then says counts', async () => {
    const { env, first, sessionId, find } = await world1('read')
    await env.advance(999)
    expect(first.context.signal.aborted).toBe(false)
    await env.advance(1)
    expect(first.context.signal.aborted).toBe(true)
    first.end('just in time')
    await env.settle()
    expect((await find(sessionId, 'call_finished'))[0]).toMatchObject({ outcome: { type: 'ok' }, latencyMs: 1_000 })
  })

  test.each(EFFECTS)('a %s that ignores its signal is given up after the grace', async (effect) => {
    const { env, sessionId, find } = await world1(effect)
    await env.advance(1_000 + 4_999)
    expect(await find(sessionId, 'call_finished')).toEqual([])
    await env.advance(1)
    const message = 'it took longer than 1000 ms, and it did not stop within 5000 ms'
    expect((await find(sessionId, 'call_finished'))[0]?.outcome).toEqual({
      type: effect === 'unsafe' ? 'unknown' : 'retryable_error',
      message,
    })
  })

  test('what it says later is noted, and never told to the model', async () => {
    const { env, first, sessionId, find, runtime } = await world1('unsafe')
    await env.advance(6_000)
    first.end('late')
    await env.settle()
    expect(await find(sessionId, 'late_outcome_noted')).toMatchObject([
      { callId: 'c1', outcome: { type: 'ok', output: 'late' } },
    ])
    expect(await runtime.result({ sessionId })).toMatchObject({
      status: { type: 'blocked', reason: 'unknown_outcome' },
      unresolved: ['c1'],
    })
  })

  test('a cancel aborts what runs; its outcome is recorded before the end', async () => {
    const { env, first, sessionId, kinds, runtime } = await world1('unsafe')
    await runtime.send({ sessionId }, { type: 'cancel', by: 'ada' })
    await env.settle()
    expect(first.context.signal.aborted).toBe(true)
    first.fail(new ToolError('stopped before it began', { tookEffect: false }))
    await env.settle()
    expect((await kinds(sessionId)).slice(-3)).toEqual(['cancel_requested', 'call_finished', 'session_ended'])
    expect((await runtime.result({ sessionId })).unresolved).toEqual([])
  })

  test('a declared retry waits, and runs under the same key', async () => {
    const { env, first, work, sessionId, find } = await world1('idempotent', { retries: 1 })
    first.fail(new Error('busy'))
    await env.settle()
    expect(work.calls.length).toBe(1)
    await env.advance(500)
    expect(work.calls.length).toBe(2)
    const [, second] = work.calls
    expect(second?.context).toMatchObject({ attempt: 2, idempotencyKey: first.context.idempotencyKey })
    second?.end(1)
    await env.settle()
    expect((await find(sessionId, 'call_finished')).map(({ attempt }) => attempt)).toEqual([1, 2])
  })

  test('a model that never answers times out, and is asked again', async () => {
    const model = { id: 'slow', price: null, generate: () => new Promise<never>(() => {}) }
    const { env, start, find } = world({ model })
    const sessionId = await start()
    await env.advance(120_000)
    expect(await find(sessionId, 'model_failed')).toMatchObject([
      { error: { code: 'timeout', retryable: true }, attempt: 1 },
    ])
    await env.advance(250)
    expect((await find(sessionId, 'model_started')).length).toBe(2)
  })
})

describe('models that break their promise (P17)', () => {
  test.each<[string, () => never | Promise<never>, object]>([
    [
      'throws',
      () => {
        throw new Error('boom')
      },
      { code: 'adapter_error', message: 'boom' },
    ],
    ['answers nothing', () => Promise.resolve(undefined as never), { code: 'adapter_error' }],
    [
      'throws text',
      () => {
        throw 'text'
      },
      { code: 'adapter_error', message: 'text' },
    ],
  ])('one that %s fails the session', async (_, generate, error) => {
    const { runtime, start, find } = world({ model: { id: 'odd', price: null, generate: async () => generate() } })
    const sessionId = await start()
    expect(await find(sessionId, 'model_failed')).toMatchObject([{ error, retryAt: null }])
    expect((await runtime.result({ sessionId })).status).toEqual({ type: 'failed', reason: 'failed' })
  })

  test('one that says that it was aborted, when nobody aborted it, comes to an end', async () => {
    let asked = 0
    const generate = async () => {
      asked += 1
      if (asked > 50) throw new Error('asked over and over')
      throw new ModelRequestError('aborted', 'the connection was closed', { retryable: false })
    }
    const { runtime, start, env } = world({ model: { id: 'odd', price: null, generate } })
    const sessionId = await start()
    await env.advance(60_000)
    expect((await runtime.result({ sessionId })).status).toEqual({ type: 'failed', reason: 'failed' })
    expect(asked).toBeLessThanOrEqual(5)
  })

  test('bytes that are no JSON text in what it says are replaced, and a call with such an input is told to it', async () => {
    const script = [{ text: 'a\ud800', calls: [{ tool: 'work', input: { n: Number.NaN } }] }, 'done']
    const { start, log, runtime } = world({ model: scripted(script), tools: [anyTool('work', 'read', () => 1)] })
    const sessionId = await start()
    const responded = (await log(sessionId)).find(({ event }) => event.type === 'model_responded')
    expect(JSON.stringify(responded)).toContain('a\ufffd')
    expect((await runtime.result({ sessionId })).text).toBe('done')
  })
})

describe('questions of tools (DESIGN 3: ask_human)', () => {
  const asking = (asks: () => unknown) => ({ ...anyTool('ask', 'read', () => null), asks: asks as () => never })

  test('a question blocks the session until somebody answers', async () => {
    const { runtime, start, env } = world({
      script: [calls('ask'), 'thanks'],
      tools: [asking(() => ({ text: 'Which?', options: ['red', 'blue'] }))],
    })
    const sessionId = await start()
    expect((await runtime.result({ sessionId })).status).toEqual({ type: 'blocked', reason: 'ambiguous' })
    const [row] = await runtime.approvals.list()
    expect(
      await runtime.approvals.answer({ sessionId, approvalId: row?.approvalId ?? '' }, 'grace', '2'),
    ).toMatchObject({ type: 'accepted' })
    await env.settle()
    expect((await runtime.result({ sessionId })).text).toBe('thanks')
  })

  test.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw new Error('no')
      },
    ],
    ['answers nothing', () => undefined],
    ['leaves out its options', () => ({ text: 'Which?' })],
    ['asks with what is no JSON', () => ({ text: 'Which?', options: [1n] })],
  ])('a tool whose question %s is told so to the model', async (_, asks) => {
    const { runtime, start, find, problems } = world({ script: [calls('ask'), 'done'], tools: [asking(asks)] })
    const sessionId = await start()
    expect((await find(sessionId, 'call_finished'))[0]?.outcome).toMatchObject({
      type: 'blocked',
      reason: 'invalid_input',
    })
    expect((await runtime.result({ sessionId })).text).toBe('done')
    expect(problems).toEqual([])
  })
})

describe('inputs (DESIGN 3.3: an observation, not a crash)', () => {
  test('an unknown tool and an invalid input are told to the model', async () => {
    const strict = anyTool('strict', 'read', () => 1, { input: z.object({ usd: z.number() }) as never })
    const { start, find } = world({
      script: [
        {
          calls: [
            { tool: 'nothing', input: {} },
            { tool: 'strict', input: { usd: '1' } },
          ],
        },
        'done',
      ],
      tools: [strict],
    })
    const finished = await find(await start(), 'call_finished')
    expect(finished.map(({ outcome }) => outcome)).toMatchObject([
      { type: 'blocked', reason: 'unknown_tool', message: 'there is no tool "nothing"; the tools are: strict' },
      { type: 'blocked', reason: 'invalid_input', message: expect.stringContaining('usd') },
    ])
  })

  test('a write whose schema throws ends the writes behind it', async () => {
    const schema = schemaThat(() => {
      throw new Error('broken')
    })
    const tools = [anyTool('first', 'unsafe', () => 1, { input: schema }), anyTool('second', 'unsafe', () => 2)]
    const { start, find } = world({ script: [calls('first', 'second'), 'done'], tools })
    expect((await find(await start(), 'call_finished')).map(({ outcome }) => outcome)).toMatchObject([
      { type: 'blocked', reason: 'invalid_input' },
      { type: 'blocked', reason: 'earlier_write' },
    ])
  })

  test('a write behind one whose policy takes its time does not overtake it', async () => {
    const verdict = Promise.withResolvers<{ type: 'allow' }>()
    const ran: string[] = []
    const tools = ['first', 'second'].map((name) => anyTool(name, 'unsafe', () => ran.push(name)))
    const policies = [policy(() => verdict.promise, ['first']), policy(() => ({ type: 'allow' }), ['second'])]
    const { start, env } = world({ script: [calls('first', 'second'), 'done'], tools, policies })
    await start()
    expect(ran).toEqual([])
    verdict.resolve({ type: 'allow' })
    await env.settle()
    expect(ran).toEqual(['first', 'second'])
  })
})
