/** What the poison of test/poison has found, each with the smallest case that shows it. */
import { describe, expect, test } from 'vitest'
import { scripted } from '../models/scripted.ts'
import { ModelRequestError } from '../ports/index.ts'
import { jsonSchema } from '../schemas/json-schema.ts'
import { sqliteStore } from '../stores/sqlite/index.ts'
import { manualEnv } from '../testing/manual-env.ts'
import { anyTool, calls, policy, world } from './world.fixture.ts'

const held = () => {
  const ran: unknown[] = []
  const tools = [anyTool('pay', 'unsafe', (input) => ran.push(input))]
  const policies = [policy(() => ({ type: 'require_approval', reason: 'money' }))]
  return { ...world({ script: [calls('pay'), 'done'], tools, policies }), ran }
}

describe('commands (P7, P16, P17)', () => {
  test.each([
    [
      'a vote that is neither',
      { type: 'vote', approvalId: 'a1', by: 'ada', vote: 'maybe' },
      'expected vote to be "approve" or "reject"; found "maybe"',
    ],
    [
      'a completion of the runtime',
      { type: 'record_outcome', of: { type: 'call', callId: 'c1', attempt: 1 } },
      'found "record_outcome"',
    ],
    [
      'a verdict',
      { type: 'record_verdict', callId: 'c1', judgementNumber: 1 },
      'expected a command of send_message, cancel',
    ],
    ['a member of every object', { type: 'toString' }, 'found "toString"'],
    [
      'a text that is none',
      { type: 'send_message', text: 5, trust: 'user', origin: { type: 'user' } },
      'expected text to be some text; found 5',
    ],
    [
      'a speaker of no kind',
      { type: 'send_message', text: 'hi', trust: 'user', origin: { type: 'root' } },
      'expected origin to be who says it',
    ],
    [
      'an odd settlement',
      { type: 'settle', callId: 'c1', by: 'ada', settlement: 'perhaps' },
      'expected settlement to be "took_effect", "did_not_take_effect" or "run_again"; found "perhaps"',
    ],
    ['nothing', null, 'expected a command, found null'],
    ['a name that is half a character', { type: 'cancel', by: '\ud800' }, 'half of a surrogate pair'],
  ])('%s is refused, and nothing is written', async (_what, command, message) => {
    const { runtime, start, kinds, ran, env } = held()
    const sessionId = await start()
    const before = await kinds(sessionId)
    // Against its type, as the body of a request may be.
    const sent = await runtime.send({ sessionId }, command as never)
    await env.settle()
    expect(sent).toMatchObject({ type: 'refused', code: 'invalid_input', message: expect.stringContaining(message) })
    expect([await kinds(sessionId), ran]).toEqual([before, []])
  })

  test('members that a command has not are left out of its event', async () => {
    const { runtime, start, find } = held()
    const sessionId = await start()
    await runtime.send({ sessionId }, { type: 'cancel', by: 'ada', more: 'x' } as never)
    expect((await find(sessionId, 'cancel_requested'))[0]).not.toHaveProperty('more')
  })

  test('a name that no session can have is unknown, on every store alike', async () => {
    const env = manualEnv()
    for (const store of [undefined, sqliteStore({ path: ':memory:', now: env.now })]) {
      const { runtime, start } = world({ env, ...(store && { store }) })
      await start({ sessionId: `one\ufffd${store?.name}` })
      for (const sessionId of [`one\ud800${store?.name}`, 5, null, Symbol('x'), 'a\0']) {
        const name = { sessionId: sessionId as string }
        expect(await runtime.send(name, { type: 'cancel', by: 'ada' })).toMatchObject({ code: 'unknown_session' })
        await expect(runtime.result(name)).rejects.toMatchObject({ code: 'unknown_session' })
        await expect(runtime.watch(name).next()).rejects.toMatchObject({ code: 'unknown_session' })
        expect(await runtime.approvals.edit({ ...name, approvalId: 'a1' }, 'ada', {})).toMatchObject({
          code: 'unknown_session',
        })
        expect(await runtime.approvals.list(name)).toEqual([])
      }
    }
  })
})

test.each([
  ['no options', undefined],
  ['a message that is no text', { message: 5 }],
  ['a tenant that is no text', { message: 'go', tenant: {} }],
  ['a requester of no kind', { message: 'go', requester: { type: 'root' } }],
  ['a requester who is half a character', { message: 'go', requester: { type: 'user', id: '\ud800' } }],
  ['a requester without end', { message: 'go', requester: { type: 'user', id: 'x'.repeat(5_000) } }],
  ['a context that is a list', { message: 'go', context: [] }],
  ['an id of 1 MB', { message: 'go', commandId: 'x'.repeat(1_000_000) }],
])('a start with %s is refused', async (_what, options) => {
  const { runtime } = world()
  await expect(runtime.start('clerk', options as never)).rejects.toMatchObject({
    name: 'StartError',
    code: expect.stringMatching(/^(invalid_input|too_large)$/),
  })
})

/** A model that answers its first turn like this, whatever its type says, and then ends. */
const answering = (first: () => unknown) => ({
  id: 'odd',
  price: null,
  generate: async ({ turn }: { readonly turn: number }) =>
    (turn > 1 ? { parts: [{ type: 'text', text: 'done' }], finish: 'stop', usage: null } : first()) as never,
})

describe('answers of models (P17)', () => {
  const look = anyTool('look', 'read', () => 1)
  const call = { type: 'call', providerCallId: '', tool: 'look', input: {} }

  test('a finish, a part and counts that nobody knows are recorded as such', async () => {
    const usage = { inputTokens: 1, outputTokens: 1, secret: 12n }
    const model = answering(() => ({ parts: [call, { type: 'video' }, null], finish: 'because', usage }))
    const { start, find, problems } = world({ model, tools: [look] })
    const [first] = await find(await start(), 'model_responded')
    expect(first?.response).toEqual({
      parts: [
        call,
        { type: 'other', kind: 'unknown', providerData: { type: 'video' } },
        { type: 'other', kind: 'unknown', providerData: null },
      ],
      finish: 'other',
      usage: { inputTokens: 1, outputTokens: 1 },
    })
    expect(problems).toEqual([])
  })

  test.each([[-1], [1.5], [1e300], ['10'], [2 ** 53], [1_000_000_001]])('%s tokens are no usage', async (tokens) => {
    const model = answering(() => ({ parts: [call], finish: 'stop', usage: { inputTokens: tokens, outputTokens: 1 } }))
    const { start, find } = world({ model, tools: [look] })
    expect((await find(await start(), 'model_responded'))[0]?.response.usage).toBe(null)
  })

  test('1,000 calls are told their limit, and more are no answer', async () => {
    const answerOf = (count: number) =>
      answering(() => ({ parts: new Array(count).fill(call), finish: 'stop', usage: null }))
    const most = world({ model: answerOf(1_000), tools: [look] })
    const finished = await most.find(await most.start(), 'call_finished')
    expect(finished.filter(({ outcome }) => outcome.type === 'blocked').length).toBe(992)
    const over = world({ model: answerOf(1_001), tools: [look] })
    expect(await over.find(await over.start(), 'model_failed')).toMatchObject([
      { error: { code: 'too_many_calls', retryable: true } },
    ])
  })

  test.each([
    [Number.NaN, 250],
    [-5, 250],
    [Number.POSITIVE_INFINITY, 86_400_000],
    [1e308, 86_400_000],
  ])('a provider that asks for %s ms is waited for %s ms', async (retryAfterMs, waitMs) => {
    const model = answering(() => {
      throw new ModelRequestError('http_429', 'slow down', { retryable: true, retryAfterMs })
    })
    const { start, find, env } = world({ model })
    const [failed] = await find(await start(), 'model_failed')
    expect((failed?.retryAt ?? 0) - env.now()).toBe(waitMs)
  })

  test.each([
    ['bytes', Buffer.from('done')],
    ['numbers in a typed array', new Float64Array(3)],
    ['none', undefined],
    ['a text', 'done'],
    ['a list of its own', Object.assign([{ type: 'text', text: 'x' }], { map: () => 'no list' })],
  ])('parts that are %s do not stop the session', async (_, parts) => {
    // What no adapter in TypeScript can give back.
    const generate = async () => ({ parts, finish: 'stop', usage: null }) as never
    const { start, kinds, problems } = world({ model: { id: 'odd', price: null, generate } })
    expect((await kinds(await start())).at(-1)).toBe('session_ended')
    expect(problems).toEqual([])
  })

  test('whatever is thrown is an error, also what throws when it is looked at', async () => {
    const { proxy, revoke } = Proxy.revocable({}, {})
    revoke()
    const model = answering(() => {
      throw proxy
    })
    const { start, find } = world({ model })
    expect(await find(await start(), 'model_failed')).toMatchObject([{ error: { code: 'adapter_error' } }])
  })
})

describe('what is quoted from outside (P17)', () => {
  test('a name and a value that would be cut within a character do not stop the session', async () => {
    const strict = anyTool('strict', 'read', () => 1, {
      input: jsonSchema({ type: 'object', properties: { kind: { enum: ['a'] } } }) as never,
    })
    const script = [
      {
        calls: [
          { tool: `${'x'.repeat(99)}😀`, input: {} },
          { tool: 'strict', input: { kind: `${'x'.repeat(78)}😀` } },
        ],
      },
      'done',
    ]
    const { start, runtime, problems } = world({ model: scripted(script), tools: [strict] })
    expect((await runtime.result({ sessionId: await start() })).text).toBe('done')
    expect(problems).toEqual([])
  })

  test.each([
    ['what is no JSON', { type: 'allow', more: 12n }, 'policy_failed'],
    ['what is too much', { type: 'deny', reason: 'x'.repeat(100_000) }, 'policy_failed'],
    ['half a character', { type: 'deny', reason: 'no \ud800' }, 'no \ufffd'],
  ])('a verdict with %s is a denial', async (_what, verdict, reason) => {
    const tools = [anyTool('pay', 'unsafe', () => 1)]
    const { start, find, problems } = world({
      script: [calls('pay'), 'done'],
      tools,
      policies: [policy(() => verdict as never)],
    })
    expect((await find(await start(), 'call_finished'))[0]?.outcome).toMatchObject({ type: 'blocked', reason })
    expect(problems).toEqual([])
  })

  test('an approval that never expires can be read back from every store', async () => {
    const env = manualEnv()
    const store = sqliteStore({ path: ':memory:', now: env.now, defer: (flush) => flush() })
    const tools = [anyTool('pay', 'unsafe', () => 1)]
    const forever = { type: 'require_approval', reason: 'money', expiresAfterMs: Number.MAX_SAFE_INTEGER } as const
    const { start, runtime } = world({
      env,
      store,
      script: [calls('pay'), 'done'],
      tools,
      policies: [policy(() => forever)],
    })
    await start()
    expect(await store.sessions({ tenant: 'default', limit: 10 })).toHaveLength(1)
    expect((await runtime.approvals.list())[0]?.expiresAt).toBe(Number.MAX_SAFE_INTEGER)
  })
})
