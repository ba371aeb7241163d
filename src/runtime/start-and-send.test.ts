import { describe, expect, test } from 'vitest'
import { PawlError } from '../ports/index.ts'
import { calls, heldTool, policy, world } from './world.fixture.ts'

const codeOf = (problem: unknown) => (problem instanceof PawlError ? problem.code : problem)
const refusal = (promise: Promise<unknown>) => promise.then(() => 'accepted', codeOf)

describe('start', () => {
  test('a session is driven to its end, and its result says what the user got', async () => {
    const { runtime, start, kinds } = world({ script: ['It is done.'] })
    const sessionId = await start()
    expect(await kinds(sessionId)).toEqual([
      'session_started',
      'message_received',
      'model_started',
      'model_responded',
      'decision_recorded',
      'session_ended',
    ])
    expect(await runtime.result({ sessionId })).toMatchObject({
      status: { type: 'done', reason: 'final_answer' },
      text: 'It is done.',
      ending: { type: 'answered' },
      turns: 1,
      unresolved: [],
    })
  })

  test('the same commandId starts one session, however often and from whichever process', async () => {
    const one = world({ isDriving: false })
    const other = world({ isDriving: false, store: one.store, env: one.env })
    const start = { message: 'refund me', commandId: 'order 7' }
    const started = await Promise.all([one.runtime.start('clerk', start), other.runtime.start('clerk', start)])
    started.push(await one.runtime.start('clerk', start))
    expect(new Set(started.map(({ sessionId }) => sessionId)).size).toBe(1)
    expect(await one.kinds(started[0]?.sessionId ?? '')).toEqual(['session_started', 'message_received'])
  })

  test('the same commandId of another tenant is another session', async () => {
    const { runtime } = world({ isDriving: false })
    const one = await runtime.start('clerk', { message: 'x', commandId: 'order 7', tenant: 'acme' })
    const other = await runtime.start('clerk', { message: 'x', commandId: 'order 7', tenant: 'zeta' })
    expect(one.sessionId).not.toBe(other.sessionId)
  })

  test("another command does not get somebody else's session", async () => {
    const { runtime } = world({ isDriving: false })
    await runtime.start('clerk', { message: 'x', sessionId: 's1', commandId: 'one' })
    expect(await refusal(runtime.start('clerk', { message: 'x', sessionId: 's1', commandId: 'two' }))).toBe(
      'session_exists',
    )
  })

  test.each([
    ['an agent that is not here', 'nobody', { message: 'x' }, 'unknown_agent'],
    ['no text', 'clerk', { message: '  ' }, 'invalid_input'],
    ['NUL', 'clerk', { message: 'a\0b' }, 'invalid_input'],
    ['half of a surrogate pair', 'clerk', { message: 'a\ud800' }, 'invalid_input'],
    ['too much', 'clerk', { message: 'x'.repeat(262_145) }, 'too_large'],
    ['a context that is not JSON', 'clerk', { message: 'x', context: { at: Number.NaN } }, 'invalid_input'],
    ['a session id without text', 'clerk', { message: 'x', sessionId: '' }, 'invalid_input'],
  ])('%s is refused with a stable code', async (_, name, options, code) => {
    const { runtime, store } = world({ isDriving: false })
    expect(await refusal(runtime.start(name, options))).toBe(code)
    expect(await store.sessions({ limit: 9 })).toEqual([])
  })

  test.each([
    ['a context that is a list', { context: [1, 2] }, 'expected a context that is an object; found [1,2]'],
    ['a requester of no kind', { requester: { type: 'root' } }, 'found {"type":"root"}'],
    ['a requester that is a name', { requester: 'ada' }, '{ type, id? }: a type of "user", "operator"'],
  ])('%s is refused with what was expected, and what was found', async (_, options, message) => {
    const { runtime } = world({ isDriving: false })
    // Against its type, as JavaScript may call it.
    const begin = runtime.start('clerk', { message: 'x', ...(options as object) })
    await expect(begin).rejects.toMatchObject({ code: 'invalid_input', message: expect.stringContaining(message) })
  })

  test('context and requester reach the tools, copied', async () => {
    const look = heldTool('look', 'read')
    const { start } = world({ script: [calls('look'), 'done'], tools: [look.tool] })
    const sessionId = await start({ context: { tier: 'gold' } })
    const { context, idempotencyKey, attempt } = look.calls[0]?.context ?? {}
    expect({ context, idempotencyKey, attempt }).toEqual({
      context: { tier: 'gold' },
      idempotencyKey: `${sessionId}/c1`,
      attempt: 1,
    })
  })
})

describe('send', () => {
  const answered = async () => {
    const { start, ...rest } = world({ script: ['one', 'two', 'three'] })
    return { ...rest, sessionId: await start() }
  }
  const say = { type: 'send_message', text: 'and?', trust: 'user', origin: { type: 'user' } } as const

  test('lists show that a message woke a session, also before anybody drives it', async () => {
    const { start, store, env } = world({ script: ['It is done.'] })
    const sessionId = await start()
    const shown = async () => (await store.head({ tenant: 'default', sessionId }))?.status
    expect(await shown()).toBe('done')
    const nobody = world({ store, env, isDriving: false })
    await nobody.runtime.send({ sessionId }, say)
    expect(await shown()).toBe('running')
  })

  test('lists show that a cancel ended a block, also before anybody drives the session', async () => {
    const pay = heldTool('pay', 'unsafe')
    const asks = [policy(() => ({ type: 'require_approval', reason: 'threshold' }))]
    const { start, store, env } = world({ script: [calls('pay'), 'done'], tools: [pay.tool], policies: asks })
    const sessionId = await start()
    const shown = async () => (await store.head({ tenant: 'default', sessionId }))?.status
    expect(await shown()).toBe('blocked(approval)')
    const nobody = world({ store, env, isDriving: false, tools: [pay.tool], policies: asks })
    await nobody.runtime.send({ sessionId }, { type: 'cancel', by: 'ada' })
    expect(await shown()).toBe('running')
  })

  test('a message reopens an answered session', async () => {
    const { runtime, env, sessionId } = await answered()
    expect(await runtime.send({ sessionId }, say)).toEqual({ type: 'accepted', sessionId, seq: 7 })
    await env.settle()
    expect((await runtime.result({ sessionId })).text).toBe('two')
  })

  test('a repeat of a commandId gets the first answer, and writes nothing', async () => {
    const { runtime, env, sessionId, kinds } = await answered()
    const first = await runtime.send({ sessionId }, { ...say, commandId: 'm1' })
    await env.settle()
    const length = (await kinds(sessionId)).length
    expect(await runtime.send({ sessionId }, { ...say, commandId: 'm1' })).toEqual(first)
    await env.settle()
    expect((await kinds(sessionId)).length).toBe(length)
  })

  test('also of a command that needs state, when its own effect would refuse it now', async () => {
    const { runtime, sessionId, start: _, ...rest } = await blocked()
    const [row] = await runtime.approvals.list()
    const name = { sessionId, approvalId: row?.approvalId ?? '', commandId: 'vote-1' }
    const first = await runtime.approvals.approve(name, 'grace')
    await rest.env.settle()
    expect(first.type).toBe('accepted')
    expect(await runtime.approvals.approve(name, 'grace')).toEqual(first)
  })

  test('a cancel ends the session; later ones are told that it has ended', async () => {
    const { runtime, sessionId, env } = await blocked()
    expect(await runtime.send({ sessionId }, { type: 'cancel', by: 'ada' })).toMatchObject({ type: 'accepted' })
    await env.settle()
    expect((await runtime.result({ sessionId })).status).toEqual({ type: 'cancelled', reason: 'cancelled' })
    expect(await runtime.send({ sessionId }, { type: 'cancel', by: 'ada' })).toMatchObject({
      type: 'refused',
      code: 'session_ended',
    })
    expect(await runtime.send({ sessionId }, say)).toMatchObject({ type: 'refused' })
    expect(await runtime.approvals.list()).toEqual([])
  })

  test('a session that there is not, or of another tenant, is unknown', async () => {
    const { runtime, sessionId } = await answered()
    const unknown = { type: 'refused', code: 'unknown_session' }
    expect(await runtime.send({ sessionId: 'nobody' }, say)).toMatchObject(unknown)
    expect(await runtime.send({ sessionId, tenant: 'zeta' }, say)).toMatchObject(unknown)
    expect(await runtime.send({ sessionId, tenant: 'zeta' }, { type: 'cancel', by: 'x' })).toMatchObject(unknown)
    expect(
      await runtime.send({ sessionId, tenant: 'zeta' }, { type: 'extend_budget', by: 'x', calls: 1 }),
    ).toMatchObject(unknown)
  })

  test.each([
    ['no text', { ...say, text: ' ' }],
    ['NUL', { ...say, text: 'a\0' }],
    ['half of a surrogate pair', { ...say, text: '\udc00' }],
    ['too much', { ...say, text: 'x'.repeat(262_145) }],
    [
      'an output that is not JSON',
      { type: 'settle', callId: 'c1', settlement: 'took_effect', by: 'x', output: Number.NaN },
    ],
  ] as const)('%s is refused, and nothing is written', async (_, command) => {
    const { runtime, sessionId, kinds } = await answered()
    const before = (await kinds(sessionId)).length
    expect(await runtime.send({ sessionId }, command)).toMatchObject({ type: 'refused' })
    expect((await kinds(sessionId)).length).toBe(before)
  })

  test('no commandId of a person can stand in the way of the driver', async () => {
    const { runtime, sessionId, env } = await blocked()
    const name = { sessionId, approvalId: 'a1' }
    await runtime.send({ sessionId }, { ...say, commandId: 'a2/edit' })
    await runtime.send({ sessionId }, { ...say, commandId: 'late/c1/1' })
    await runtime.approvals.edit(name, 'grace', { usd: 2 })
    await env.settle()
    expect((await runtime.result({ sessionId })).status).toMatchObject({ type: 'done' })
  })

  test('messages that arrive while the model answers come after the answer that has not seen them', async () => {
    const seen: (readonly string[])[] = []
    const first = Promise.withResolvers<string>()
    const model = {
      id: 'test',
      price: null,
      generate: async ({ messages, turn }: { messages: readonly { role: string }[]; turn: number }) => {
        seen.push(messages.map(({ role }) => role))
        const text = turn === 1 ? await first.promise : 'two'
        return { parts: [{ type: 'text', text } as const], finish: 'stop', usage: null } as const
      },
    }
    const { runtime, start, env } = world({ model })
    const sessionId = await start()
    await runtime.send({ sessionId }, say)
    first.resolve('one')
    await env.settle()
    expect(seen).toEqual([['user'], ['user', 'assistant', 'user']])
    expect((await runtime.result({ sessionId })).text).toBe('two')
  })
})

/** Waits for a person before it pays. */
async function blocked() {
  const pay = heldTool('pay', 'unsafe')
  const { start, ...rest } = world({
    script: [calls('pay'), 'paid'],
    tools: [{ ...pay.tool, run: () => 'paid' }],
    policies: [
      policy(({ approval }) => (approval ? { type: 'allow' } : { type: 'require_approval', reason: 'threshold' })),
    ],
  })
  return { ...rest, start, sessionId: await start() }
}
