import { describe, expect, test } from 'vitest'
import { StartError } from './check-start.ts'
import { SessionErasedError } from './session-erased.ts'
import { anyTool, calls, collect, heldTool, policy, reading, replaced, type World, world } from './world.fixture.ts'

const refOf = (sessionId: string) => ({ tenant: 'default', sessionId })
const say = { type: 'send_message', text: 'and?', trust: 'user', origin: { type: 'user' } } as const

/** A session that has answered and was erased a minute later. */
async function erased(around: World): Promise<string> {
  const sessionId = await around.start()
  await around.env.advance(60_000)
  expect((await around.store.erase(refOf(sessionId), { evenIfOpen: false })).type).toBe('erased')
  return sessionId
}

describe('an erased session', () => {
  test('is refused by name to whoever wants its result, with when it went and what is left', async () => {
    const around = world()
    const at = around.env.now() + 60_000
    const sessionId = await erased(around)
    const refused = around.runtime.result({ sessionId })
    await expect(refused).rejects.toBeInstanceOf(SessionErasedError)
    await expect(refused).rejects.toMatchObject({ code: 'session_erased', erasedAt: at, version: 6 })
    await expect(refused).rejects.toThrow(new Date(at).toISOString())
    await expect(refused).rejects.toThrow(/kinds, times and hashes of its 6 events/)
  })

  test.each([0, 3, 6])('is refused to whoever watches it from behind event %i', async (after) => {
    const around = world()
    const sessionId = await erased(around)
    const watching = collect(around.runtime.watch({ sessionId }, { after }))
    await expect(watching).rejects.toMatchObject({ code: 'session_erased' })
  })

  test.each(['ended', 'rest', 'never'] as const)('is refused to who was watching it until %s', async (until) => {
    const held = heldTool('wait', 'unsafe')
    const around = world({ script: [calls('wait'), 'done'], tools: [held.tool] })
    const sessionId = await around.start()
    const reader = reading(around.runtime, sessionId, { until })
    const outcome = reader.done.then(
      () => 'over',
      (problem: unknown) => problem,
    )
    await around.env.settle()
    await around.store.erase(refOf(sessionId), { evenIfOpen: true })
    await around.env.advance(1_000)
    expect(await outcome).toMatchObject({ code: 'session_erased' })
  })

  test('refuses every command', async () => {
    const around = world()
    const sessionId = await erased(around)
    const by = 'ada'
    const commands = [
      say,
      { type: 'cancel', by, reason: 'enough' },
      { type: 'vote', approvalId: 'a1', vote: 'approve', by },
      { type: 'answer', approvalId: 'a1', answer: 'yes', by },
      { type: 'edit', approvalId: 'a1', input: {}, by },
      { type: 'settle', callId: 'c1', settlement: 'took_effect', output: 1, by },
      { type: 'extend_budget', tokens: 100, by },
    ] as const
    for (const command of commands) {
      const sent = await around.runtime.send({ sessionId }, command)
      expect([command.type, sent]).toMatchObject([command.type, { type: 'refused', code: 'session_erased', sessionId }])
    }
    expect((await around.store.head(refOf(sessionId)))?.version).toBe(6)
    expect(around.problems).toEqual([])
  })

  test('refuses a command that was decided on what it was before', async () => {
    const approve = policy(() => ({ type: 'require_approval', reason: 'money' }))
    const pay = anyTool('pay', 'unsafe', () => 'paid')
    const before = world({ script: [calls('pay'), 'done'], tools: [pay], policies: [approve] })
    const sessionId = await before.start()
    const [asked] = await before.store.approvals({ limit: 1 })
    const store = replaced(before.store, {
      append: async (append) => {
        await before.store.erase(append.ref, { evenIfOpen: true })
        return before.store.append(append)
      },
    })
    const { runtime } = world({ store, env: before.env, isDriving: false })
    const vote = { type: 'vote', approvalId: asked?.approvalId ?? '', vote: 'approve', by: 'ada' } as const
    expect(await runtime.send({ sessionId }, vote)).toMatchObject({ type: 'refused', code: 'session_erased' })
  })

  test('is not started again by who repeats its first command', async () => {
    const around = world()
    const commandId = 'order-7'
    const sessionId = await around.start({ commandId })
    await around.store.erase(refOf(sessionId), { evenIfOpen: false })
    const again = around.runtime.start('clerk', { message: 'refund me', commandId })
    await expect(again).rejects.not.toBeInstanceOf(StartError)
    await expect(again).rejects.toMatchObject({ code: 'session_erased' })
  })

  test('that a driver still had in hand gets no more of its events, and is left', async () => {
    const held = heldTool('wait', 'unsafe')
    const around = world({ script: [calls('wait'), 'done'], tools: [held.tool] })
    const sessionId = await around.start()
    const { version = 0 } = (await around.store.head(refOf(sessionId))) ?? {}
    await around.store.erase(refOf(sessionId), { evenIfOpen: true })
    held.calls[0]?.end('took effect')
    await around.env.advance(30_000)
    expect(await around.store.head(refOf(sessionId))).toMatchObject({ version, status: 'erased', workerId: null })
    expect((await around.store.read(refOf(sessionId), 0, 99)).every(({ body }) => body === null)).toBe(true)
    await around.runtime.stop()
  })

  test('whose bodies somebody else has taken out is corrupt, and not erased', async () => {
    const around = world()
    const sessionId = await around.start()
    const store = replaced(around.store, {
      read: async (...asked) => (await around.store.read(...asked)).map((event) => ({ ...event, body: null })),
    })
    const { runtime } = world({ store, env: around.env, isDriving: false })
    await expect(runtime.result({ sessionId })).rejects.toMatchObject({ code: 'store_corrupt' })
  })
})
