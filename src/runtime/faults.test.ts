import { describe, expect, test } from 'vitest'
import { FORMAT } from '../core/index.ts'
import { type Store, StoreFullError, StoreUnavailableError, StoreUnclearError } from '../ports/index.ts'
import { memoryStore } from '../stores/memory.ts'
import { manualEnv } from '../testing/manual-env.ts'
import { anyTool, calls, heldTool, openAll, policy, replaced, world } from './world.fixture.ts'

const say = { type: 'send_message', text: 'and?', trust: 'user', origin: { type: 'user' } } as const
const full = () => new StoreFullError('no room')
const away = () => new StoreUnavailableError('away')

/** A store whose writes or reads fail while the test wants it. */
function failing(methods: readonly (keyof Store)[], problem: () => Error) {
  const env = manualEnv()
  const inner = memoryStore({ now: env.now })
  const switched = { isOn: false, failures: 0 }
  const entries = methods.map((name) => {
    const method = inner[name] as (...args: unknown[]) => Promise<unknown>
    const wrapped = async (...args: unknown[]) => {
      if (!switched.isOn) return method(...args)
      switched.failures += 1
      throw problem()
    }
    return [name, wrapped] as const
  })
  // Each method is replaced by one of its own type.
  return { env, store: replaced(inner, Object.fromEntries(entries) as Partial<Store>), switched }
}

const everything: readonly (keyof Store)[] = [
  ...(['append', 'appendUnconditionally', 'appendLocked', 'read', 'head', 'release', 'claim', 'renew', 'due'] as const),
  ...(['moved', 'workers', 'snapshot', 'saveSnapshot', 'saveDefinition'] as const),
]

describe('a store that takes nothing now (DESIGN 1: full or away: later)', () => {
  test.each<[string, () => Error]>([
    ['full', full],
    ['away', away],
  ])('one that is %s loses nothing: the outcome waits, the tool runs once', async (_, problem) => {
    const { env, store, switched } = failing(['append', 'appendLocked'], problem)
    const work = heldTool('work', 'unsafe')
    const { start, runtime, kinds } = world({ script: [calls('work'), 'done'], tools: [work.tool], store, env })
    const sessionId = await start()
    switched.isOn = true
    work.calls[0]?.end('paid')
    await env.advance(3_000)
    expect((await kinds(sessionId)).at(-1)).toBe('call_started')
    expect(switched.failures, 'it is tried again now and then, not over and over').toBeLessThan(20)
    switched.isOn = false
    await env.advance(1_000)
    expect(await runtime.result({ sessionId })).toMatchObject({ text: 'done', status: { type: 'done' } })
    expect(work.calls.length).toBe(1)
  })

  test('a message from elsewhere during an outage does not disturb what runs', async () => {
    const { env, store, switched } = failing(
      everything.filter((name) => name !== 'appendUnconditionally'),
      away,
    )
    const work = heldTool('work', 'unsafe')
    const { start, runtime } = world({ script: [calls('work'), 'done', 'more'], tools: [work.tool], store, env })
    const sessionId = await start()
    switched.isOn = true
    await runtime.send({ sessionId }, say)
    await env.advance(3_000)
    expect(work.calls[0]?.context.signal.aborted).toBe(false)
    switched.isOn = false
    work.calls[0]?.end('paid')
    await env.advance(2_000)
    expect(await runtime.result({ sessionId })).toMatchObject({ text: 'done', status: { type: 'done' } })
    expect(work.calls.length).toBe(1)
  })

  test('stopping ends also where the end of the lease cannot be written: it is told, and the lease runs out', async () => {
    const { env, store, switched } = failing(['dismiss', 'append', 'release'], full)
    const { start, runtime, problems } = world({ script: ['done'], tools: [], store, env })
    await start()
    switched.isOn = true
    await runtime.stop()
    expect(problems.at(-1)).toBeInstanceOf(StoreFullError)
  })

  test('a rest that cannot be written is written later, and its timer still rings', async () => {
    const { env, store, switched } = failing(everything, away)
    const model = {
      id: 'flaky',
      price: null,
      generate: async ({ attempt }: { attempt: number }) => {
        const { ModelRequestError } = await import('../ports/index.ts')
        if (attempt === 1) throw new ModelRequestError('http_500', 'no', { retryable: true, retryAfterMs: 10_000 })
        return { parts: [{ type: 'text', text: 'done' } as const], finish: 'stop', usage: null } as const
      },
    }
    const away1 = replaced(store, {
      release: async (...args) => {
        if (env.now() < 1_700_000_002_000) throw away()
        return store.release(...args)
      },
    })
    const { start, runtime } = world({ model, store: away1, env })
    const sessionId = await start()
    await env.advance(12_000)
    expect(await runtime.result({ sessionId })).toMatchObject({ text: 'done' })
    expect(switched.failures).toBe(0)
  })

  test('a snapshot that cannot be written costs nothing', async () => {
    const { env, store, switched } = failing(['saveSnapshot'], full)
    switched.isOn = true
    const big = anyTool('big', 'unsafe', () => 'x'.repeat(15_000))
    const script = [calls('big'), calls('big'), calls('big'), calls('big'), calls('big'), calls('big'), 'done']
    const { start, runtime, problems } = world({ script, tools: [{ ...big, repeat: 'allow' }], store, env })
    const sessionId = await start()
    expect(await runtime.result({ sessionId })).toMatchObject({ text: 'done' })
    expect(switched.failures).toBeGreaterThan(0)
    expect(problems.length).toBeGreaterThan(0)
  })

  test('everything away for a while: what was started goes on, and is told what could not be done', async () => {
    const { env, store, switched } = failing(everything, away)
    const { start, runtime } = world({ script: ['one', 'two'], store, env })
    const sessionId = await start()
    switched.isOn = true
    await expect(runtime.send({ sessionId }, say)).rejects.toMatchObject({ code: 'store_unavailable' })
    await env.advance(5_000)
    switched.isOn = false
    await runtime.send({ sessionId }, say)
    await env.advance(40_000)
    expect((await runtime.result({ sessionId })).text).toBe('two')
  })
})

describe('a commit whose answer is lost (DESIGN 1: unclear: reload)', () => {
  test.each([
    ['it was committed', true],
    ['it was not', false],
  ])('%s: nothing starts before the log has shown it, and a call starts once', async (_, wasCommitted) => {
    const env = manualEnv()
    const inner = memoryStore({ now: env.now })
    const ran: string[] = []
    let losses = 0
    const store = replaced(inner, {
      append: async (change) => {
        const intends = change.events.some(({ kind }) => kind === 'call_started' || kind === 'call_finished')
        if (!intends || losses >= 2) return inner.append(change)
        losses += 1
        if (wasCommitted) await inner.append(change)
        expect(ran.length, 'nothing starts on an unclear commit').toBe(losses === 1 ? 0 : 1)
        throw new StoreUnclearError('no answer')
      },
    })
    const pay = anyTool('pay', 'unsafe', () => ran.push('paid'))
    const { start, runtime, kinds } = world({ script: [calls('pay'), 'done'], tools: [pay], store, env })
    const sessionId = await start()
    await env.advance(1_000)
    expect(await runtime.result({ sessionId })).toMatchObject({ text: 'done' })
    expect([ran, losses]).toEqual([['paid'], 2])
    const all = await kinds(sessionId)
    for (const kind of ['call_started', 'call_finished', 'session_ended'])
      expect(all.filter((each) => each === kind).length).toBe(1)
  })

  test('a command of a person may be sent again with its id', async () => {
    const env = manualEnv()
    const inner = memoryStore({ now: env.now })
    let isLost = true
    const store = replaced(inner, {
      appendUnconditionally: async (change) => {
        const appended = await inner.appendUnconditionally(change)
        if (isLost) throw new StoreUnclearError('no answer')
        return appended
      },
    })
    const { start, runtime, find } = world({ script: ['one', 'two'], store, env })
    const sessionId = await start()
    await expect(runtime.send({ sessionId }, { ...say, commandId: 'm1' })).rejects.toMatchObject({
      code: 'store_unclear',
    })
    isLost = false
    expect(await runtime.send({ sessionId }, { ...say, commandId: 'm1' })).toMatchObject({ type: 'accepted', seq: 7 })
    await env.settle()
    expect((await find(sessionId, 'message_received')).length).toBe(2)
  })
})

describe('lost races (DESIGN 1: the third time under the lock)', () => {
  test('a driver that loses twice commits under the head row’s lock', async () => {
    const env = manualEnv()
    const inner = memoryStore({ now: env.now })
    const used: string[] = []
    const store = replaced(inner, {
      append: async (change) => {
        used.push('append')
        const event = {
          kind: 'message_received',
          format: FORMAT,
          body: JSON.stringify({ ...say, type: undefined, commandId: `m${used.length}` }),
        }
        if (used.length <= 2) await inner.appendUnconditionally({ ref: change.ref, event, gates: ['open'], wake: true })
        return inner.append(change)
      },
      appendLocked: (...args) => {
        used.push('locked')
        return inner.appendLocked(...args)
      },
    })
    const { start, runtime, find } = world({ script: ['one'], store, env })
    const sessionId = await start()
    await env.settle()
    expect(used.slice(0, 3)).toEqual(['append', 'append', 'locked'])
    expect((await runtime.result({ sessionId })).text).toBe('one')
    expect((await find(sessionId, 'message_received')).length).toBe(3)
  })

  test('the state that a driver goes on with is the one that the log adds up to', async () => {
    const { start, runtime, store, env, kinds } = world({
      script: [calls('look'), 'one', 'two'],
      tools: [anyTool('look', 'read', () => 1)],
    })
    const sessionId = await start()
    for (let n = 0; n < 3; n += 1) void runtime.send({ sessionId }, { ...say, commandId: `m${n}` })
    await env.settle()
    const { turns, spent } = await runtime.result({ sessionId })
    const fresh = await world({ store, env, isDriving: false }).runtime.result({ sessionId })
    expect({ turns, spent }).toEqual({ turns: fresh.turns, spent: fresh.spent })
    expect((await kinds(sessionId)).filter((kind) => kind === 'message_received').length).toBe(4)
  })
})

describe('a worker that is no longer the one (P3)', () => {
  /** A session that another worker has taken, while the first one still believes in it. */
  async function taken() {
    const work = heldTool('work', 'unsafe')
    const around = world({ script: [calls('work'), 'done'], tools: [work.tool] })
    const sessionId = await around.start()
    const ref = { tenant: 'default', sessionId }
    const [worker] = await around.store.workers()
    const claimed = await around.store.claim(ref, {
      workerId: 'other',
      format: FORMAT,
      deadWorkers: [worker?.workerId ?? ''],
      alone: false,
    })
    return { ...around, work, sessionId, ref, claimed }
  }

  test('writes nothing but the late outcome of what it ran, and aborts it', async () => {
    const { work, sessionId, kinds, env, claimed } = await taken()
    expect(claimed).toMatchObject({ type: 'claimed', fence: 2 })
    const before = await kinds(sessionId)
    work.calls[0]?.end('paid')
    await env.settle()
    await env.advance(500)
    expect((await kinds(sessionId)).slice(before.length)).toEqual(['late_outcome_noted'])
    expect(work.calls.length).toBe(1)
  })

  test('a tool that ends after its worker has left is noted too', async () => {
    const work = heldTool('work', 'unsafe')
    const other = heldTool('other', 'read')
    const tools = [work.tool, other.tool]
    const { start, store, env, kinds } = world({ script: [calls('work', 'other'), 'done'], tools })
    const sessionId = await start()
    const deadWorkers = (await store.workers()).map(({ workerId }) => workerId)
    await store.claim(
      { tenant: 'default', sessionId },
      { workerId: 'other', format: FORMAT, deadWorkers, alone: false },
    )
    other.calls[0]?.end()
    await env.settle()
    expect(work.calls[0]?.context.signal.aborted).toBe(true)
    work.calls[0]?.end('paid')
    await env.settle()
    expect((await kinds(sessionId)).slice(-2)).toEqual(['late_outcome_noted', 'late_outcome_noted'])
  })

  test('one that rests under a fence that is gone leaves, and does not go round in circles', async () => {
    const env = manualEnv()
    const inner = memoryStore({ now: env.now })
    let releases = 0
    const store = replaced(inner, {
      release: async (ref, release) => {
        releases += 1
        if (releases === 1)
          await inner.claim(ref, {
            workerId: 'other',
            format: FORMAT,
            deadWorkers: (await inner.workers()).map(({ workerId }) => workerId),
            alone: false,
          })
        return inner.release(ref, release)
      },
    })
    const { start } = world({ store, env })
    await start()
    expect(releases).toBe(1)
  })

  test('a lease that cannot be renewed is lost: what runs is aborted, and the worker enlists anew', async () => {
    const { env, store, switched } = failing(['renew'], away)
    const work = heldTool('work', 'read')
    const { start, kinds, runtime } = world({ script: [calls('work'), 'done'], tools: [work.tool], store, env })
    const sessionId = await start()
    switched.isOn = true
    await env.advance(16_000)
    expect(work.calls[0]?.context.signal.aborted).toBe(true)
    switched.isOn = false
    await env.advance(1_000)
    expect(work.calls.length).toBe(2)
    work.calls[1]?.end()
    await env.advance(1_000)
    expect((await runtime.result({ sessionId })).text).toBe('done')
    expect((await kinds(sessionId)).filter((kind) => kind === 'call_lost').length).toBe(1)
  })

  test('an intent whose commit took longer than the lease is never begun', async () => {
    const env = manualEnv()
    const inner = memoryStore({ now: env.now })
    const ran: number[] = []
    const pay = anyTool('pay', 'unsafe', () => ran.push(env.now()))
    let slow = 0
    const store = replaced(inner, {
      append: async (change) => {
        const appended = await inner.append(change)
        if (change.events.some(({ kind }) => kind === 'call_started') && slow === 0) {
          slow += 1
          await new Promise<void>((resolve) => env.setTimer(16_000, resolve))
        }
        return appended
      },
    })
    const { start, find, runtime } = world({
      script: [calls('pay'), 'done'],
      tools: [pay],
      policies: [openAll([pay])],
      store,
      env,
    })
    const sessionId = await start()
    await env.advance(16_000)
    expect(ran).toEqual([])
    await env.advance(120_000)
    expect(ran).toEqual([])
    expect(await find(sessionId, 'call_finished')).toMatchObject([{ outcome: { type: 'unknown' } }])
    expect((await runtime.result({ sessionId })).status).toEqual({ type: 'blocked', reason: 'unknown_outcome' })
  })
})

describe('judgements under way when a pass is undone', () => {
  test('are asked for again: a call whose policy promised is neither forgotten nor judged by a state that is gone', async () => {
    const env = manualEnv()
    const inner = memoryStore({ now: env.now })
    let conflicts = 0
    const store = replaced(inner, {
      append: async (change) => {
        if (conflicts === 0 && change.events.some(({ kind }) => kind === 'model_responded')) {
          conflicts += 1
          const body = JSON.stringify({ text: 'hurry', trust: 'user', origin: { type: 'user' }, commandId: 'm1' })
          const event = { kind: 'message_received', format: 1, body }
          await inner.appendUnconditionally({ ref: change.ref, event, gates: ['open'], wake: true })
          await env.settle()
        }
        return inner.append(change)
      },
    })
    const ran: string[] = []
    const tools = ['put', 'pay'].map((name) =>
      anyTool(name, name === 'put' ? 'idempotent' : 'unsafe', () => ran.push(name)),
    )
    const deny = { type: 'deny', reason: 'no' } as const
    let puts = 0
    // The first verdict on `put` comes at once, and the denial of `pay` behind it makes a second one due, which is promised.
    const policies = [
      policy(() => {
        puts += 1
        return puts % 2 === 1 ? { type: 'allow' } : Promise.resolve({ type: 'allow' })
      }, ['put']),
      policy(() => deny),
    ]
    const { start, runtime } = world({ script: [calls('put', 'pay'), 'done'], tools, policies, store, env })
    const sessionId = await start()
    await env.settle()
    expect([conflicts, ran]).toEqual([1, ['put']])
    expect((await runtime.result({ sessionId })).text).toBe('done')
  })
})
