import { describe, expect, test } from 'vitest'
import type { ModelDelta } from '../ports/index.ts'
import { ModelRequestError } from '../ports/index.ts'
import type { WatchItem } from './watch.ts'
import { calls, collect, heldTool, policy, reading, world } from './world.fixture.ts'

const kindOf = (item: WatchItem) => (item.type === 'event' ? item.event.type : item.type)
const seqs = (items: readonly WatchItem[]) => items.flatMap((item) => (item.type === 'event' ? [item.seq] : []))
const say = { type: 'send_message', text: 'and?', trust: 'user', origin: { type: 'user' } } as const

/** Speaks when the test says so. */
function spokenModel() {
  const requests: {
    readonly attempt: number
    readonly turn: number
    readonly onDelta: (delta: ModelDelta) => void
    readonly answer: (text: string) => void
    readonly fail: () => void
  }[] = []
  const generate = (
    { attempt, turn }: { attempt: number; turn: number },
    { onDelta }: { onDelta: (delta: ModelDelta) => void },
  ) =>
    new Promise<{ parts: readonly [{ type: 'text'; text: string }]; finish: 'stop'; usage: null }>(
      (resolve, reject) => {
        const answer = (text: string) => resolve({ parts: [{ type: 'text', text }], finish: 'stop', usage: null })
        const fail = () => reject(new ModelRequestError('cut_stream', 'it was cut', { retryable: true }))
        requests.push({ attempt, turn, onDelta, answer, fail })
      },
    )
  return { model: { id: 'spoken', price: null, generate }, requests }
}

const delta = (text: string): ModelDelta => ({ type: 'text_delta', text })

describe('watch (P13: dense order, each event once)', () => {
  test('everything from the start, in order, until the session has ended', async () => {
    const { runtime, start } = world()
    const sessionId = await start()
    const items = await collect(runtime.watch({ sessionId }))
    expect(items.map(kindOf)).toEqual([
      'session_started',
      'message_received',
      'model_started',
      'model_responded',
      'decision_recorded',
      'session_ended',
    ])
    expect(seqs(items)).toEqual([1, 2, 3, 4, 5, 6])
  })

  test('a reader who was there from the beginning sees the same, and the deltas before their answer', async () => {
    const { runtime, env } = world({ script: ['hello you'] })
    const { sessionId } = await runtime.start('clerk', { message: 'hi' })
    const reader = reading(runtime, sessionId)
    await env.settle()
    await reader.done
    expect(seqs(reader.items)).toEqual([1, 2, 3, 4, 5, 6])
    const texts = reader.items.flatMap((item) => (item.type === 'delta' ? [item.delta.text] : []))
    expect(texts.join('')).toBe('hello you')
    const kinds = reader.items.map(kindOf)
    expect(kinds.lastIndexOf('delta')).toBeLessThan(kinds.indexOf('model_responded'))
  })

  test('one that comes back goes on behind the sequence number that it knows', async () => {
    const { runtime, start } = world()
    const sessionId = await start()
    expect(seqs(await collect(runtime.watch({ sessionId }, { after: 4 })))).toEqual([5, 6])
  })

  test('one that comes back after the end is told so at once', async () => {
    const { runtime, start } = world()
    const sessionId = await start()
    const reader = reading(runtime, sessionId, { after: 6 })
    await runtime.send({ sessionId }, { type: 'extend_budget', by: 'grace', calls: 1 })
    const { env } = world()
    await env.settle()
    expect([reader.isOver, seqs(reader.items)]).toEqual([true, []])
  })

  test('what is written after an end does not hide it', async () => {
    const { runtime, start, env } = world()
    const sessionId = await start()
    await runtime.send({ sessionId }, { type: 'extend_budget', by: 'grace', calls: 1 })
    await env.settle()
    const reader = reading(runtime, sessionId)
    await env.settle()
    expect([reader.isOver, seqs(reader.items)]).toEqual([true, [1, 2, 3, 4, 5, 6, 7]])
  })

  test('an end that was reopened is not the last', async () => {
    const { runtime, start, env } = world({ script: ['one', 'two'] })
    const sessionId = await start()
    await runtime.send({ sessionId }, say)
    await env.settle()
    expect(
      (await collect(runtime.watch({ sessionId }))).map(kindOf).filter((kind) => kind === 'session_ended').length,
    ).toBe(2)
  })

  test('until rest: it ends where people have to act, and an ended session ends it too', async () => {
    const { runtime, start } = world({
      script: [calls('pay')],
      tools: [heldTool('pay', 'unsafe').tool],
      policies: [policy(() => ({ type: 'require_approval', reason: 'x', quorum: 2 }))],
    })
    const sessionId = await start()
    expect((await collect(runtime.watch({ sessionId }, { until: 'rest' }))).map(kindOf).at(-1)).toBe('session_parked')
    await runtime.approvals.approve({ sessionId, approvalId: 'a1' }, 'grace')
    expect((await collect(runtime.watch({ sessionId }, { until: 'rest' }))).map(kindOf).at(-1)).toBe('approval_voted')
  })

  describe('until rest, while nobody drives the session', () => {
    /** A call waits for two people, and no worker runs. */
    async function parked() {
      const { store, env, start, runtime, kinds } = world({
        script: [calls('pay')],
        tools: [heldTool('pay', 'unsafe').tool],
        policies: [policy(() => ({ type: 'require_approval', reason: 'x', quorum: 2, expiresAfterMs: 60_000 }))],
      })
      const sessionId = await start()
      await runtime.stop()
      const after = (await kinds(sessionId)).indexOf('session_parked') + 1
      const other = world({ store, env, isDriving: false })
      const readers = () =>
        [0, after].map((behind) => reading(other.runtime, sessionId, { until: 'rest', after: behind }))
      return { ...other, sessionId, readers }
    }

    test.each<[string, (session: Awaited<ReturnType<typeof parked>>) => Promise<unknown>]>([
      [
        'a vote that is not the last',
        ({ runtime, sessionId }) => runtime.approvals.approve({ sessionId, approvalId: 'a1' }, 'grace'),
      ],
      ['an approval that has expired', ({ env }) => env.advance(120_000)],
    ])('%s ends nobody’s wait: who comes back is told what who reads all of it is told', async (_, happens) => {
      const session = await parked()
      await happens(session)
      const readers = session.readers()
      await session.env.settle()
      expect(readers.map(({ isOver }) => isOver)).toEqual([true, true])
    })

    test.each<[string, (session: Awaited<ReturnType<typeof parked>>) => Promise<unknown>]>([
      ['a message', ({ runtime, sessionId }) => runtime.send({ sessionId }, say)],
      ['a cancel', ({ runtime, sessionId }) => runtime.send({ sessionId }, { type: 'cancel', by: 'ada' })],
      [
        'the vote of the last',
        async ({ runtime, sessionId }) => {
          await runtime.approvals.approve({ sessionId, approvalId: 'a1' }, 'grace')
          await runtime.approvals.approve({ sessionId, approvalId: 'a1' }, 'linus')
        },
      ],
    ])('%s ends the wait for people: both read on', async (_, happens) => {
      const session = await parked()
      await happens(session)
      const readers = session.readers()
      await session.env.settle()
      expect(readers.map(({ isOver }) => isOver)).toEqual([false, false])
    })
  })

  test('until never: only the signal ends it', async () => {
    const { runtime, start, env } = world()
    const sessionId = await start()
    const controller = new AbortController()
    const reader = reading(runtime, sessionId, { until: 'never', signal: controller.signal })
    await env.settle()
    expect([reader.isOver, seqs(reader.items).length]).toEqual([false, 6])
    controller.abort()
    await env.settle()
    expect(reader.isOver).toBe(true)
  })

  test('a reader in another process notices within noticeMs', async () => {
    const driving = world({ script: ['one', 'two'] })
    const sessionId = await driving.start()
    const other = world({ isDriving: false, store: driving.store, env: driving.env })
    const reader = reading(other.runtime, sessionId, { until: 'never' })
    await driving.env.settle()
    await driving.runtime.send({ sessionId }, say)
    await driving.env.settle()
    expect(reader.items.length).toBe(6)
    await driving.env.advance(250)
    expect(reader.items.length).toBe(11)
  })

  test('a session that there is not, or of another tenant, is no stream', async () => {
    const { runtime, start } = world()
    const sessionId = await start()
    await expect(collect(runtime.watch({ sessionId: 'nobody' }))).rejects.toMatchObject({ code: 'unknown_session' })
    await expect(collect(runtime.watch({ sessionId, tenant: 'zeta' }))).rejects.toMatchObject({
      code: 'unknown_session',
    })
    await expect(runtime.result({ sessionId: 'nobody' })).rejects.toMatchObject({ code: 'unknown_session' })
  })
})

describe('deltas (DESIGN 9, Streams)', () => {
  test('those of a failed attempt carry its number, and come before its failure', async () => {
    const { model, requests } = spokenModel()
    const { runtime, start, env } = world({ model })
    const sessionId = await start()
    const reader = reading(runtime, sessionId)
    await env.settle()
    requests[0]?.onDelta(delta('It w'))
    requests[0]?.fail()
    await env.advance(250)
    requests[1]?.onDelta(delta('It is done.'))
    requests[1]?.answer('It is done.')
    await env.settle()
    await reader.done
    const told = reader.items.flatMap((item) => {
      if (item.type === 'delta') return [`${item.delta.attempt}: ${item.delta.text}`]
      return item.type === 'event' && /^model_(failed|responded)$/.test(item.event.type) ? [item.event.type] : []
    })
    expect(told).toEqual(['1: It w', 'model_failed', '2: It is done.', 'model_responded'])
  })

  test('a reader that falls behind its buffer loses deltas, is told how many, and no event', async () => {
    const { model, requests } = spokenModel()
    const { runtime, start, env } = world({ model, limits: { streamBuffer: 3 } })
    const sessionId = await start()
    const reader = reading(runtime, sessionId)
    await env.settle()
    for (let n = 1; n <= 8; n += 1) requests[0]?.onDelta(delta(`${n}`))
    requests[0]?.answer('12345678')
    await env.settle()
    await reader.done
    expect(reader.items.filter(({ type }) => type === 'delta').length).toBe(3)
    expect(reader.items.filter(({ type }) => type === 'deltas_dropped')).toEqual([{ type: 'deltas_dropped', count: 5 }])
    expect(seqs(reader.items)).toEqual([1, 2, 3, 4, 5, 6])
  })

  test('a reader that does not read never slows the driver', async () => {
    const { model, requests } = spokenModel()
    const { runtime, start, env } = world({ model })
    const sessionId = await start()
    const watching = runtime.watch({ sessionId })
    await watching.next()
    for (let n = 0; n < 10_000; n += 1) requests[0]?.onDelta(delta('x'))
    requests[0]?.answer('x')
    await env.settle()
    expect((await runtime.result({ sessionId })).status.type).toBe('done')
    const rest = await collect(watching)
    expect(rest.find(({ type }) => type === 'deltas_dropped')).toEqual({ type: 'deltas_dropped', count: 10_000 - 32 })
  })
})

describe('result', () => {
  test('waits for the end, or for people', async () => {
    const work = heldTool('work', 'read')
    const { runtime, start, env } = world({ script: [calls('work'), 'done'], tools: [work.tool] })
    const sessionId = await start()
    let text = ''
    const waiting = runtime.result({ sessionId }).then((result) => {
      text = result.text
    })
    await env.settle()
    expect(text).toBe('')
    work.calls[0]?.end()
    await env.settle()
    await waiting
    expect(text).toBe('done')
  })

  test('gives up when its signal says so', async () => {
    const { runtime, start, env } = world({ script: [calls('work')], tools: [heldTool('work', 'read').tool] })
    const sessionId = await start()
    const controller = new AbortController()
    const waiting = runtime.result({ sessionId }, { signal: controller.signal })
    await env.settle()
    controller.abort(new Error('enough'))
    await expect(waiting).rejects.toThrow('enough')
  })
})
