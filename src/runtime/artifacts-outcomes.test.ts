import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../core/index.ts'
import { scripted } from '../models/scripted.ts'
import { type AnyTool, type Store, StoreFullError, ToolError } from '../ports/index.ts'
import { manualClock, manualEnv } from '../testing/manual-env.ts'
import { artifactsIn, idOf, noting, orders, rows, shown, stores, textOf } from './artifacts.fixture.ts'
import { headChange } from './head-change.ts'
import { loadState } from './load.ts'
import { watching } from './memory.fixture.ts'
import { wiring } from './wiring.ts'
import { anyTool, calls, heldTool, replaced, world } from './world.fixture.ts'

const readFirst = (id: string) => ({ calls: [{ tool: 'read_artifact', input: { artifact: id, limit: 1 } }] })

describe.each(stores)('over the %s store', (_, open) => {
  /** Processes over one store and one time. The first dies when its output is saved, and before anything says so. */
  async function diesAfterSave(pay: AnyTool) {
    const clock = manualClock()
    const dead = new Set<string>()
    const store = open(clock.now)
    let isDead = false
    const dying = replaced(store, {
      saveArtifact: async (tenant, artifact) => {
        await store.saveArtifact(tenant, artifact)
        isDead = true
        dead.add('p1')
      },
      append: (append) => (isDead ? new Promise<never>(() => {}) : store.append(append)),
    })
    const launch = (holder: string, own: Store) => {
      const { model, requests } = watching(scripted([calls(pay.name), 'done']))
      return { ...world({ store: own, env: manualEnv({ clock, holder, dead }), tools: [pay], model }), requests }
    }
    const first = launch('p1', dying)
    const sessionId = await first.start()
    expect(await first.find(sessionId, 'call_finished')).toEqual([])
    const second = launch('p2', store)
    await clock.advance(2_000)
    const orphans = () => store.sweepArtifacts({ before: clock.now() + 1, limit: 10 })
    return { ...second, sessionId, orphans }
  }

  test('a worker that dies between the save and the commit: a read runs again, and leaves no orphan', async () => {
    let runs = 0
    const look = anyTool('look', 'read', () => {
      runs += 1
      return orders
    })
    const around = await diesAfterSave(look)
    expect(await around.runtime.result({ sessionId: around.sessionId })).toMatchObject({ text: 'done' })
    expect(runs).toBe(2)
    expect(await artifactsIn(around, around.sessionId)).toHaveLength(1)
    expect(await around.orphans()).toBe(0)
  })

  test('… an unsafe call is asked about, and never run again; what nobody names is swept', async () => {
    let runs = 0
    const pay = anyTool('pay', 'unsafe', () => {
      runs += 1
      return orders
    })
    const { runtime, sessionId, orphans } = await diesAfterSave(pay)
    expect(await runtime.result({ sessionId })).toMatchObject({
      status: { type: 'blocked', reason: 'unknown_outcome' },
    })
    expect(runs).toBe(1)
    expect(await orphans()).toBe(1)
  })

  test('… and where its tool can verify what it put out, that is the output, whole', async () => {
    let runs = 0
    const pay = anyTool(
      'pay',
      'unsafe',
      () => {
        runs += 1
        return orders
      },
      { verify: () => ({ tookEffect: true, output: orders }) },
    )
    const around = await diesAfterSave(pay)
    const { runtime, sessionId, requests, find, orphans } = around
    expect(await runtime.result({ sessionId })).toMatchObject({ text: 'done' })
    const [finished] = await find(sessionId, 'call_finished')
    expect(finished).toMatchObject({ verified: true, artifact: { mediaType: 'application/json' } })
    expect(shown(requests, 'c1')).toMatchObject({ artifact: idOf(finished?.artifact?.hash ?? ''), length: 2_000 })
    expect({ runs, orphans: await orphans() }).toEqual({ runs: 1, orphans: 0 })
  })

  test('a tool that was given up and puts out much: what came late says what it was, and names nothing that nobody keeps', async () => {
    const env = manualEnv()
    const store = open(env.now)
    const { tool: slow, calls: held } = heldTool('slow', 'unsafe', { timeoutMs: 1_000 })
    const { start, find, runtime } = world({ env, store, tools: [slow], script: [calls('slow'), 'done'] })
    const sessionId = await start()
    await env.advance(10_000)
    expect(await runtime.result({ sessionId })).toMatchObject({
      status: { type: 'blocked', reason: 'unknown_outcome' },
    })
    held[0]?.end(orders)
    await env.settle()
    const [late] = await find(sessionId, 'late_outcome_noted')
    expect(late?.outcome).toMatchObject({
      type: 'ok',
      output: { output_truncated: true, type: 'array', length: 2_000, bytes: JSON.stringify(orders).length },
    })
    expect(JSON.stringify(late).length).toBeLessThan(4_000)
    expect(JSON.stringify(late)).not.toContain('read_artifact')
    expect(Object.keys((late?.outcome as { output: JsonObject }).output)).not.toContain('artifact')
  })

  /** A payment of which nobody knows what came. */
  async function parked(store: Store, env = manualEnv()) {
    const pay = anyTool('pay', 'unsafe', () => Promise.reject(new Error('cut off')))
    const { model, requests } = watching(
      scripted((request, { turn }) => {
        const settled = shown([request], 'c1') as { readonly artifact?: string } | undefined
        if (turn === 1) return calls('pay')
        return turn === 2 && settled?.artifact !== undefined ? readFirst(settled.artifact) : 'done'
      }),
    )
    const around = world({ store, env, tools: [pay], model, limits: { artifactAttempts: 2 } })
    const sessionId = await around.start()
    const settle = (output: Json, commandId: string) => {
      const command = { type: 'settle', callId: 'c1', settlement: 'took_effect', by: 'ada', output, commandId } as const
      return around.runtime.send({ sessionId }, command)
    }
    return { ...around, sessionId, settle, requests }
  }

  test('what a person says that a call put out is kept as if it had, and asked twice it is answered the same', async () => {
    const env = manualEnv()
    const store = open(env.now)
    const around = await parked(store, env)
    const { settle, sessionId, find, requests } = around
    const receipt = 'é'.repeat(131_000)
    expect(Buffer.byteLength(JSON.stringify(receipt))).toBeLessThan(262_144)
    const first = await settle(receipt, 'settle-1')
    expect(first).toMatchObject({ type: 'accepted' })
    await env.settle()
    expect(await settle(receipt, 'settle-1')).toEqual(first)
    expect(await settle('another', 'settle-2')).toMatchObject({ type: 'refused', code: 'already_resolved' })
    const [settled] = await find(sessionId, 'call_settled')
    expect(JSON.stringify(settled).length).toBeLessThan(4_000)
    const [artifact] = await artifactsIn(around, sessionId)
    expect(await textOf(store, artifact?.hash ?? '')).toBe(receipt)
    expect(await store.sweepArtifacts({ before: env.now() + 1, limit: 10 })).toBe(0)
    // The model is shown the preview, and reads on.
    expect(shown(requests, 'c1')).toMatchObject({ artifact: idOf(artifact?.hash ?? ''), type: 'text' })
    expect(shown(requests, 'c2')).toMatchObject({ artifact: idOf(artifact?.hash ?? ''), type: 'text' })
  })

  test('… is kept without the secrets that it holds', async () => {
    const KEY = 'pk-3fa9c1d7e5b28460a1f3'
    const env = manualEnv()
    const store = open(env.now)
    const pay = anyTool('pay', 'unsafe', () => Promise.reject(new Error('cut off')), { secrets: ['PAY_KEY'] })
    const around = world({ env, store, tools: [pay], script: [calls('pay'), 'done'], secrets: () => KEY })
    const sessionId = await around.start()
    const output = [`first ${KEY}`, ...Array.from({ length: 2_000 }, (_row, n) => `${n} with ${KEY}`)]
    const command = { type: 'settle', callId: 'c1', settlement: 'took_effect', by: 'ada', output } as const
    expect(await around.runtime.send({ sessionId }, command)).toMatchObject({ type: 'accepted' })
    const [artifact] = await artifactsIn(around, sessionId)
    const text = await textOf(store, artifact?.hash ?? '')
    expect(text).toContain('first [redacted:PAY_KEY]')
    expect(text).not.toContain(KEY)
    expect(JSON.stringify(await around.log(sessionId))).not.toContain(KEY)
  })

  test('… of a call that is settled already is kept nowhere', async () => {
    const env = manualEnv()
    const noted = noting(open(env.now))
    const { settle } = await parked(noted.store, env)
    await settle('paid', 'settle-1')
    await env.settle()
    expect(await settle(rows(1_000), 'settle-2')).toMatchObject({ type: 'refused', code: 'already_resolved' })
    expect(noted.saves()).toBe(0)
  })

  test('… more than an input may be is refused before anything is kept', async () => {
    const env = manualEnv()
    const { settle, find, sessionId } = await parked(open(env.now), env)
    const noted = await settle('é'.repeat(131_100), 'settle-1').catch((problem: unknown) => problem)
    expect(JSON.stringify(noted) + String(noted)).toMatch(/262144|262,144|too_large/)
    expect(await find(sessionId, 'call_settled')).toEqual([])
  })

  test('… where the store does not take it: its beginning, and the settlement stands', async () => {
    const env = manualEnv()
    const { store } = noting(open(env.now), () => {
      throw new StoreFullError('no room')
    })
    const { settle, find, sessionId, requests } = await parked(store, env)
    const settling = settle(rows(1_000), 'settle-1')
    await env.advance(5_000)
    expect(await settling).toMatchObject({ type: 'accepted' })
    await env.advance(1)
    const [settled] = await find(sessionId, 'call_settled')
    expect(settled?.artifact).toBeUndefined()
    expect(settled?.output).toMatchObject({ output_truncated: true })
    expect(JSON.stringify(requests.at(-1)?.messages).length).toBeLessThan(8_000)
  })
})

test('a retry that the tool declares has no artifact of the attempt that failed, and the one that ended well has its own', async () => {
  let runs = 0
  const flaky = anyTool(
    'flaky',
    'read',
    () => {
      runs += 1
      if (runs === 1) throw new ToolError(`busy ${'x'.repeat(40_000)}`, { retryable: true })
      return orders
    },
    { retries: 1 },
  )
  const env = manualEnv()
  const { model, requests } = watching(scripted([calls('flaky'), 'done']))
  const around = world({ env, model, tools: [flaky] })
  const sessionId = await around.start()
  await env.advance(5_000)
  const finished = await around.find(sessionId, 'call_finished')
  expect(finished.map(({ artifact, retryAt }) => [artifact !== undefined, retryAt !== undefined])).toEqual([
    [false, true],
    [true, false],
  ])
  expect(JSON.stringify(finished[0]).length).toBeLessThan(6_000)
  expect(shown(requests, 'c1')).toMatchObject({ length: 2_000 })
})

test('every event that names an artifact has the store keep it for the session', async () => {
  const { start, store, log } = world({
    script: [calls('look'), 'done'],
    tools: [anyTool('look', 'read', () => orders)],
  })
  const sessionId = await start()
  const ref = { tenant: 'default', sessionId }
  const state = await loadState(store, ref, wiring)
  const named = (await log(sessionId)).filter(({ event }) => JSON.stringify(event).includes('"mediaType"'))
  expect(named.map(({ event }) => event.type)).toEqual(['call_finished'])
  for (const { event } of named) expect(headChange(state, [event]).artifacts).toHaveLength(1)
  const artifact = { hash: 'a'.repeat(64), mediaType: 'application/json', bytes: 20_000 }
  const settled = {
    type: 'call_settled',
    callId: 'c1',
    attempt: 1,
    settlement: 'took_effect',
    by: 'ada',
    artifact,
    commandId: 'x',
  } as const
  expect(headChange(state, [settled]).artifacts).toEqual([artifact.hash])
})
