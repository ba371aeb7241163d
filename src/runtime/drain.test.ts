import { describe, expect, test } from 'vitest'
import type { ModelResponse } from '../core/index.ts'
import type { Model } from '../ports/index.ts'
import { calls, heldTool, world } from './world.fixture.ts'

const ref = (sessionId: string) => ({ tenant: 'default', sessionId })

async function working(effect: 'read' | 'idempotent' | 'unsafe') {
  const work = heldTool('work', effect)
  const around = world({ script: [calls('work'), 'done'], tools: [work.tool] })
  const sessionId = await around.start()
  let isStopped = false
  const stop = () =>
    around.runtime.stop().then(() => {
      isStopped = true
    })
  return { ...around, work, sessionId, stop, isStopped: () => isStopped }
}

describe('stop drains, and does not cancel (DESIGN 9; P18)', () => {
  test('an unsafe call may finish within the grace; its outcome is recorded, and nothing new starts', async () => {
    const { work, sessionId, stop, isStopped, env, kinds, store } = await working('unsafe')
    const stopping = stop()
    await env.advance(4_000)
    expect([isStopped(), work.calls[0]?.context.signal.aborted]).toEqual([false, false])
    work.calls[0]?.end('paid')
    await env.settle()
    await stopping
    expect((await kinds(sessionId)).at(-1)).toBe('call_finished')
    expect(await store.head(ref(sessionId))).toMatchObject({ workerId: null, deaths: 0, status: 'running' })
  })

  test('after the grace it is aborted and left as it is: the next activation judges it', async () => {
    const { work, sessionId, stop, env, kinds, store } = await working('unsafe')
    const stopping = stop()
    await env.advance(5_000)
    await stopping
    expect(work.calls[0]?.context.signal.aborted).toBe(true)
    expect((await kinds(sessionId)).at(-1)).toBe('call_started')
    expect(await store.head(ref(sessionId))).toMatchObject({ workerId: null })
  })

  test.each([
    'read',
    'idempotent',
  ] as const)('a %s is aborted at once, and runs again in the next process', async (effect) => {
    const { work, stop, env, store, sessionId } = await working(effect)
    const stopped = stop()
    await env.settle()
    expect(work.calls[0]?.context.signal.aborted).toBe(true)
    await env.advance(5_000) // it ignores its signal: it is waited for until the grace is over
    await stopped
    const next = world({ script: [calls('work'), 'done'], tools: [work.tool], store, env })
    await env.advance(250)
    expect(work.calls.map(({ context }) => context.attempt)).toEqual([1, 2])
    work.calls[1]?.end()
    await env.settle()
    expect((await next.runtime.result({ sessionId })).text).toBe('done')
  })

  test('being aborted is no death, also where the tool heeds its signal at once', async () => {
    const { work, stop, env, store, sessionId } = await working('read')
    const { context, fail } = work.calls[0] ?? {}
    context?.signal.addEventListener('abort', () => fail?.(new Error('aborted')))
    await stop()
    await env.settle()
    expect(await store.head(ref(sessionId))).toMatchObject({ workerId: null, deaths: 0 })
  })

  test('a request to a model is aborted, and made again in the next process', async () => {
    let asked = 0
    const model = { id: 'slow', price: null, generate: () => new Promise<never>(() => (asked += 1)) }
    const { runtime, start, env, store } = world({ model })
    const sessionId = await start()
    await runtime.stop()
    const next = world({ script: ['done'], store, env })
    await env.advance(250)
    expect((await next.runtime.result({ sessionId })).text).toBe('done')
    expect(asked).toBe(1)
  })

  test('told to stop while it reads what others have written, it lets go of a session that others go on with', async () => {
    const asked: ((response: ModelResponse) => void)[] = []
    const model: Model = { id: 'slow', price: null, generate: () => new Promise((resolve) => asked.push(resolve)) }
    const { runtime, start, env, store } = world({ model })
    const sessionId = await start()
    const reading = Promise.withResolvers<void>()
    const read = store.read.bind(store)
    store.read = async (...range) => {
      await reading.promise
      return read(...range)
    }
    await runtime.send(
      { sessionId },
      { type: 'send_message', text: 'By the way.', trust: 'user', origin: { type: 'api' } },
    )
    await env.settle()
    asked[0]?.({
      parts: [{ type: 'text', text: 'seen by nobody' }],
      finish: 'stop',
      usage: { inputTokens: 1, outputTokens: 1 },
    })
    const stopping = runtime.stop()
    reading.resolve()
    await env.settle()
    await stopping
    store.read = read
    const next = world({ script: ['done'], store, env })
    await env.advance(250)
    expect((await next.kinds(sessionId)).at(-1)).toBe('session_ended')
  })

  test('a second stop is safe, at any time, and waits for the same end', async () => {
    const { work, runtime, env, sessionId, kinds } = await working('unsafe')
    const stopping = [runtime.stop(), runtime.stop()]
    await env.settle()
    stopping.push(runtime.stop())
    work.calls[0]?.end('paid')
    await env.settle()
    await Promise.all(stopping)
    await runtime.stop()
    expect((await kinds(sessionId)).filter((kind) => kind === 'call_finished').length).toBe(1)
  })

  test('a runtime that has stopped sets no timer, takes commands, and drives nothing', async () => {
    const { runtime, env, start, kinds } = world()
    await runtime.stop()
    const sessionId = await start()
    await env.advance(60_000)
    expect(await kinds(sessionId)).toEqual(['session_started', 'message_received'])
    expect(env.timers).toBe(0)
  })

  test('a stop while the store takes nothing comes to its end after the grace', async () => {
    const { work, runtime, env, store } = await working('unsafe')
    const { append } = store
    let isAway = true
    const { StoreUnavailableError } = await import('../ports/index.ts')
    Object.assign(store, {
      append: (change: Parameters<typeof append>[0]) => {
        if (isAway) throw new StoreUnavailableError('away')
        return append(change)
      },
    })
    let isStopped = false
    const stopping = runtime.stop().then(() => {
      isStopped = true
    })
    work.calls[0]?.end('paid')
    await env.advance(4_000)
    expect(isStopped).toBe(false)
    isAway = false
    await env.advance(1_000)
    await stopping
    expect(
      await store.read(
        { tenant: 'default', sessionId: (await store.sessions({ limit: 1 }))[0]?.sessionId ?? '' },
        0,
        99,
      ),
    ).toMatchObject(expect.arrayContaining([expect.objectContaining({ kind: 'call_finished' })]))
  })
})
