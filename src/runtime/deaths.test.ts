import { describe, expect, test } from 'vitest'
import { FORMAT } from '../core/index.ts'
import { embedded } from '../engines/embedded.ts'
import { memoryStore } from '../stores/memory.ts'
import { manualClock, manualEnv } from '../testing/manual-env.ts'
import { buildRuntime } from './runtime.ts'
import { anyTool, calls, clerk, world } from './world.fixture.ts'

const say = { type: 'send_message', text: 'try again', trust: 'user', origin: { type: 'user' } } as const

/** Processes over one store and one time; each dies when it is told to. A dead one hears of nothing more. */
function processes() {
  const clock = manualClock()
  const dead = new Set<string>()
  const store = memoryStore({ now: clock.now })
  const begun: string[] = []
  /** Hangs for ever, as a process that is about to die does. */
  const deadly = anyTool('deadly', 'unsafe', (_, { attempt }) => {
    begun.push(`attempt ${attempt}`)
    return new Promise(() => {})
  })
  const launch = (holder: string) => {
    const env = manualEnv({ clock, holder, dead })
    const around = world({ store, env, tools: [deadly], script: [calls('deadly'), 'done', 'again'] })
    return { ...around, die: () => void dead.add(holder) }
  }
  return { clock, store, launch, begun }
}

describe('a session that kills its workers (DESIGN 6, Poison)', () => {
  test('one death is an accident: the next process goes on at once, since it knows that the holder is dead', async () => {
    const { clock, launch, begun, store } = processes()
    const first = launch('p1')
    const sessionId = await first.start()
    expect(begun).toEqual(['attempt 1'])
    first.die()
    const second = launch('p2')
    await clock.advance(2_000)
    expect(await second.kinds(sessionId)).toContain('call_lost')
    expect(begun, 'an unsafe call is never started twice').toEqual(['attempt 1'])
    expect(await second.runtime.result({ sessionId })).toMatchObject({
      status: { type: 'blocked', reason: 'unknown_outcome' },
    })
    expect(await store.head({ tenant: 'default', sessionId })).toMatchObject({ deaths: 0 })
  })

  test('a holder of which nothing is known is waited for: its lease, then lease, timeout and grace of the call', async () => {
    const { clock, launch } = processes()
    const first = launch('p1')
    const sessionId = await first.start()
    const stopTimers = manualEnv({ clock, holder: 'p2' })
    const second = world({ store: first.store, env: stopTimers, tools: [anyTool('deadly', 'unsafe', () => 1)] })
    first.die()
    await clock.advance(79_000)
    expect(await second.kinds(sessionId)).not.toContain('call_lost')
    await clock.advance(2_000)
    expect(await second.kinds(sessionId)).toContain('call_lost')
  })

  /** A model that takes its worker with it, every time. */
  async function poisoned() {
    const clock = manualClock()
    const dead = new Set<string>()
    const store = memoryStore({ now: clock.now })
    const alone: string[] = []
    let isDeadly = true
    let asked = 0
    const launch = (holder: string, driveAlone = false) => {
      const env = manualEnv({ clock, holder, dead })
      const generate = () => {
        asked += 1
        if (!isDeadly)
          return Promise.resolve({
            parts: [{ type: 'text', text: 'done' } as const],
            finish: 'stop',
            usage: null,
          } as const)
        dead.add(holder)
        return new Promise<never>(() => {})
      }
      const runtime = buildRuntime({
        store,
        agents: [clerk({ model: { id: 'deadly', price: null, generate } })],
        env,
        engine: embedded(),
        onProblem: () => {},
        ...(driveAlone && { driveAlone: async ({ sessionId }) => void alone.push(sessionId) }),
      })
      return { runtime, holder, die: () => void dead.add(holder) }
    }
    const first = launch('p1')
    const { sessionId } = await first.runtime.start('clerk', { message: 'hi' })
    await clock.settle()
    const head = () => store.head({ tenant: 'default', sessionId })
    const heal = () => {
      isDeadly = false
    }
    return { clock, store, launch, sessionId, alone, head, asked: () => asked, heal }
  }

  test('the second unclean end makes it lonely: it is driven alone, in a process of its own where there is one', async () => {
    const { clock, launch, alone, sessionId, asked } = await poisoned()
    launch('p2')
    await clock.advance(2_000)
    expect(asked()).toBe(2)
    launch('p3', true)
    await clock.advance(2_000)
    expect(alone).toContain(sessionId)
    expect(asked(), 'this process does not drive it').toBe(2)
  })

  test('the third death, alone, parks it: nobody drives it until a person writes, and then it is as new', async () => {
    const { clock, launch, sessionId, head, asked, heal } = await poisoned()
    for (const holder of ['p2', 'p3']) {
      launch(holder)
      await clock.advance(2_000)
    }
    expect([asked(), (await head())?.deaths]).toEqual([3, 2])
    const fourth = launch('p4')
    await clock.advance(2_000)
    expect(asked()).toBe(3)
    expect(await fourth.runtime.result({ sessionId })).toMatchObject({ status: { type: 'blocked', reason: 'poison' } })
    expect(await head()).toMatchObject({ workerId: null, wakeAt: null, deaths: 0, status: 'blocked(poison)' })
    await clock.advance(3_600_000)
    expect(asked()).toBe(3)
    heal()
    await fourth.runtime.send({ sessionId }, say)
    await clock.settle()
    expect(await fourth.runtime.result({ sessionId })).toMatchObject({ text: 'done', status: { type: 'done' } })
  })

  test('deaths between which work was done are no poison: each begins to count anew', async () => {
    const clock = manualClock()
    const dead = new Set<string>()
    const store = memoryStore({ now: clock.now })
    const script = [...Array.from({ length: 5 }, () => calls('step')), 'done'] as const
    let steps = 0
    const launch = (holder: string) => {
      // Every second call takes its worker with it.
      const step = anyTool('step', 'read', () => {
        steps += 1
        if (steps % 2 === 1) return steps
        dead.add(holder)
        return new Promise(() => {})
      })
      return world({ store, env: manualEnv({ clock, holder, dead }), tools: [step], script })
    }
    const sessionId = await launch('p1').start()
    for (const holder of ['p2', 'p3', 'p4', 'p5']) {
      launch(holder)
      await clock.advance(2_000)
    }
    const last = launch('p6')
    await clock.advance(2_000)
    expect(await last.runtime.result({ sessionId })).toMatchObject({ text: 'done', status: { type: 'done' } })
  })

  test('a cancel ends one that is parked by poison', async () => {
    const { clock, launch, sessionId } = await poisoned()
    for (const holder of ['p2', 'p3']) {
      launch(holder)
      await clock.advance(2_000)
    }
    const fourth = launch('p4')
    await clock.advance(2_000)
    await fourth.runtime.send({ sessionId }, { type: 'cancel', by: 'ada' })
    await clock.settle()
    expect((await fourth.runtime.result({ sessionId })).status).toEqual({ type: 'cancelled', reason: 'cancelled' })
  })

  test('ends in company count to two at most, and a clean rest forgets them', async () => {
    const { clock, launch, head, heal } = await poisoned()
    heal()
    launch('p2')
    await clock.advance(2_000)
    expect(await head()).toMatchObject({ deaths: 0, status: 'done' })
  })
})

describe('sessions that this process cannot drive', () => {
  test('one of an agent that is not here is left to others, and told to who speaks to it', async () => {
    const { store, env, start } = world({ isDriving: false })
    const sessionId = await start()
    const other = world({ store, env, agents: [] })
    await other.runtime.send({ sessionId }, say)
    await env.advance(1_000)
    expect(other.problems).toMatchObject([{ code: 'unknown_agent', message: expect.stringContaining('agent "clerk"') }])
    await other.runtime.stop()
    const right = world({ store, env })
    await env.advance(1_000)
    expect((await right.runtime.result({ sessionId })).text).toBe('done')
  })

  test('one of a newer format is left alone: claim steps aside, and nobody goes round in circles', async () => {
    const { store, env, start } = world({ isDriving: false })
    const sessionId = await start()
    const ref = { tenant: 'default', sessionId }
    const newer = { kind: 'plan_adopted', format: FORMAT + 1, body: '{}' }
    await store.append({ ref, version: 2, fence: null, events: [newer], at: null, head: {}, wake: true })
    expect(await store.claim(ref, { workerId: 'w', format: FORMAT, deadWorkers: [], alone: false })).toEqual({
      type: 'format',
      format: FORMAT + 1,
    })
    const before = await store.head(ref)
    const driving = world({ store, env })
    await env.advance(10_000)
    expect(await store.head(ref)).toEqual(before)
    expect(driving.problems).toEqual([])
    await expect(driving.runtime.result({ sessionId })).rejects.toMatchObject({ code: 'unknown_event' })
  })

  test('one with an unknown event in a known format stops loudly, and holds up no other', async () => {
    const { store, env, start, runtime, problems } = world()
    const broken = { kind: 'plan_burnt', format: FORMAT, body: '{}' }
    const sessionId = await start()
    const ref = { tenant: 'default', sessionId }
    const head = await store.head(ref)
    await store.append({
      ref,
      version: head?.version ?? 0,
      fence: null,
      events: [broken],
      at: null,
      head: {},
      wake: true,
    })
    await env.advance(1_000)
    expect(problems).toContainEqual(expect.objectContaining({ code: 'unknown_event' }))
    expect(problems.length).toBeLessThan(6)
    expect((await runtime.result({ sessionId: await start() })).text).toBe('done')
  })
})
