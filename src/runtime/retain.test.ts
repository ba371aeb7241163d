import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { SessionRef, Store } from '../ports/index.ts'
import { memoryStore } from '../stores/memory.ts'
import { type RetainOptions, retain } from './retain.ts'
import { heldTool, replaced, world } from './world.fixture.ts'

const DAY = 86_400_000
const start = 1_700_000_000_000

/** Sessions and artifacts by a clock of the test's. */
function kept() {
  let now = start
  const store = memoryStore({ now: () => now })
  const session = async (sessionId: string, status: string, tenant = 'acme'): Promise<SessionRef> => {
    const ref = { tenant, sessionId }
    const event = { kind: 'fact_noted', format: 1, body: '{}' }
    await store.create({ ref, agent: 'triage', events: [event], status: 'running' })
    const isOpen = /running|waiting|blocked/.test(status)
    await store.append({
      ref,
      version: 1,
      fence: null,
      at: null,
      events: [event],
      head: { status, gate: isOpen ? 'open' : 'message' },
    })
    return ref
  }
  const artifact = async (text: string) => {
    const bytes = new TextEncoder().encode(text)
    const hash = createHash('sha256').update(bytes).digest('hex')
    await store.saveArtifact('acme', { hash, mediaType: 'text/plain', bytes })
    return hash
  }
  const run = (options: Partial<RetainOptions> = {}, of: Store = store) =>
    retain(of, { now, retainEndedMs: 10 * DAY, orphanArtifactMs: DAY, limit: 2, ...options })
  const erased = async () => (await store.sessions({ limit: 99, status: 'erased' })).map(({ sessionId }) => sessionId)
  return { store, session, artifact, run, erased, pass: (ms: number) => (now += ms) }
}

describe('retain', () => {
  test('erases what ended long enough ago, in pieces, and nothing that runs, waits or blocks', async () => {
    const { session, run, erased, pass } = kept()
    for (const id of ['a', 'b', 'c', 'd', 'e']) await session(id, 'done')
    for (const status of ['running', 'waiting(timer)', 'blocked(approval)']) await session(status, status)
    pass(9 * DAY)
    await session('young', 'done')
    pass(DAY + 1)
    expect(await run()).toEqual({ sessions: 5, events: 10, artifacts: 0, orphans: 0 })
    expect((await erased()).toSorted()).toEqual(['a', 'b', 'c', 'd', 'e'])
    expect(await run()).toEqual({ sessions: 0, events: 0, artifacts: 0, orphans: 0 })
  })

  test('erases none where no age is given', async () => {
    const { session, run, erased, pass } = kept()
    await session('a', 'done')
    pass(1_000 * DAY)
    expect(await run({ retainEndedMs: 0 })).toMatchObject({ sessions: 0 })
    expect(await erased()).toEqual([])
  })

  test('erases those of one tenant, and of some statuses', async () => {
    const { session, run, erased, pass } = kept()
    for (const status of ['done', 'failed', 'cancelled']) await session(status, status)
    await session('theirs', 'failed', 'globex')
    pass(11 * DAY)
    expect(await run({ tenant: 'acme', statuses: ['failed', 'cancelled'] })).toMatchObject({ sessions: 2 })
    expect((await erased()).toSorted()).toEqual(['cancelled', 'failed'])
  })

  test('sweeps what no event has named for long enough, in pieces', async () => {
    const { store, session, artifact, run, pass } = kept()
    const ref = await session('a', 'running')
    const named = await artifact('named')
    const head = { artifacts: [named] }
    const event = { kind: 'fact_noted', format: 1, body: '{}' }
    await store.append({ ref, version: 2, fence: null, at: null, events: [event], head })
    for (const text of ['one', 'two', 'three']) await artifact(text)
    pass(DAY + 1)
    const young = await artifact('young')
    expect(await run()).toEqual({ sessions: 0, events: 0, artifacts: 0, orphans: 3 })
    expect(await store.artifact('acme', named)).not.toBeNull()
    expect(await store.artifact('acme', young)).not.toBeNull()
  })

  test('leaves a session that has gone on since it was listed', async () => {
    const { store, session, run, erased, pass } = kept()
    const ref = await session('a', 'done')
    pass(11 * DAY)
    const sessions: Store['sessions'] = async (filter) => {
      const listed = await store.sessions(filter)
      const event = { kind: 'fact_noted', format: 1, body: '{}' }
      await store.append({ ref, version: 2, fence: null, at: null, events: [event], head: { gate: 'message' } })
      return listed
    }
    expect(await run({}, replaced(store, { sessions }))).toMatchObject({ sessions: 0 })
    expect(await erased()).toEqual([])
  })

  test('may be run by several at once: each session counts once', async () => {
    const { session, run, erased, pass } = kept()
    for (let index = 0; index < 20; index += 1) await session(`s${index}`, 'done')
    pass(11 * DAY)
    const counts = await Promise.all([run(), run(), run()])
    expect(counts.reduce((sum, { sessions }) => sum + sessions, 0)).toBe(20)
    expect(await erased()).toHaveLength(20)
  })

  test('ends between two sessions when it is told to', async () => {
    const { store, session, run, erased, pass } = kept()
    for (const id of ['a', 'b', 'c']) await session(id, 'done')
    pass(11 * DAY)
    const controller = new AbortController()
    const erase: Store['erase'] = (...asked) => {
      controller.abort()
      return store.erase(...asked)
    }
    const counts = await run({ signal: controller.signal }, replaced(store, { erase }))
    expect(counts).toMatchObject({ sessions: 1 })
    expect(await erased()).toEqual(['a'])
  })
})

describe('a runtime that drives', () => {
  const limits = { retainEndedMs: 10_000, sweepEveryMs: 60_000 }

  test('erases what has ended long enough ago every `sweepEveryMs`, and nothing that goes on', async () => {
    const { runtime, start: begin, store, env } = world({ limits, script: ['done', 'done'] })
    const sessionId = await begin()
    await env.advance(59_999)
    expect(await store.head({ tenant: 'default', sessionId })).toMatchObject({ status: 'done' })
    await env.advance(1)
    expect(await store.head({ tenant: 'default', sessionId })).toMatchObject({ status: 'erased' })
    const second = await begin()
    await env.advance(60_000)
    expect(await store.head({ tenant: 'default', sessionId: second })).toMatchObject({ status: 'erased' })
    await runtime.stop()
  })

  test('keeps what has ended for ever, where nobody has said otherwise', async () => {
    const { runtime, start: begin, store, env } = world({ limits: { sweepEveryMs: 60_000 } })
    const sessionId = await begin()
    await env.advance(600_000)
    expect(await store.head({ tenant: 'default', sessionId })).toMatchObject({ status: 'done' })
    await runtime.stop()
  })

  test('never erases a session whose call is under way', async () => {
    const held = heldTool('wait', 'unsafe', { timeoutMs: 3_600_000 })
    const script = [{ calls: [{ tool: 'wait', input: {} }] }, 'done']
    const around = world({ limits, tools: [held.tool], script })
    const sessionId = await around.start()
    await around.env.advance(600_000)
    expect((await around.store.head({ tenant: 'default', sessionId }))?.erasedAt).toBeNull()
    held.calls[0]?.end('ok')
    await around.env.settle()
    expect(await around.runtime.result({ sessionId })).toMatchObject({ status: { type: 'done' } })
    await around.runtime.stop()
  })

  test('reports a store that fails, and tries again', async () => {
    const around = world({ isDriving: false })
    let fails = true
    const sweepArtifacts: Store['sweepArtifacts'] = (sweep) =>
      fails ? Promise.reject(new Error('away')) : around.store.sweepArtifacts(sweep)
    const store = replaced(around.store, { sweepArtifacts })
    const driving = world({ store, env: around.env, limits })
    const sessionId = await driving.start()
    await driving.env.advance(60_000)
    expect(driving.problems).toMatchObject([{ message: 'away' }])
    fails = false
    await driving.env.advance(60_000)
    expect(driving.problems).toHaveLength(1)
    expect(await driving.store.head({ tenant: 'default', sessionId })).toMatchObject({ status: 'erased' })
    await driving.runtime.stop()
    expect(driving.env.timers).toBe(0)
  })
})
