import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { Json } from '../core/index.ts'
import type { Store, StoredEvent } from '../ports/index.ts'
import { tool } from './define.ts'
import { createLogMask } from './mask-log.ts'
import { createRedactor } from './redact.ts'
import { createSessionShapes, type SessionShapes } from './session-shapes.ts'
import { clerk, collect, policy, replaced, type World, world } from './world.fixture.ts'

const MARK = '[redacted:sensitive]'
const INPUT = { card: { number: '4111-1111-1111-1234', kind: 'debit' }, pin: 'four-nine-two' }
const payCall = { calls: [{ tool: 'pay', input: INPUT }] }

/** The clerk of one deploy: its payments are held, and what it marks is given. */
const deployed = (sensitive: readonly string[], description = 'Pays.') =>
  clerk({
    script: ['Later.', payCall, 'done'],
    tools: [
      tool({ name: 'pay', description, effect: 'unsafe', sensitive, input: z.looseObject({}), run: () => 'paid' }),
    ],
    policies: [policy(() => ({ type: 'require_approval', reason: 'money' }))],
  })

type Deploy = ReturnType<typeof deployed>

/** A session that was begun by one deploy, and whose payment another one holds. */
async function heldBy(first: Deploy, second: Deploy = first) {
  const begun = world({ agents: [first] })
  const sessionId = await begun.start()
  await begun.runtime.stop()
  const { store, env } = begun
  const driving = world({ store, env, agents: [second] })
  await driving.runtime.send(
    { sessionId },
    { type: 'send_message', text: 'now', trust: 'user', origin: { type: 'user' } },
  )
  await env.settle()
  await driving.runtime.stop()
  return { ...driving, sessionId, ref: { tenant: 'default', sessionId } }
}

type Held = Pick<World, 'store' | 'env'> & { readonly sessionId: string }

/** The input as it is listed, and as it is watched, by a runtime that has this agent, or none. */
async function viewsOf({ store, env, sessionId }: Held, atHand: Deploy | null, from: Store = store) {
  const { runtime } = world({ store: from, env, agents: atHand === null ? [] : [atHand], isDriving: false })
  const [open] = await runtime.approvals.list()
  const watched = await collect(runtime.watch({ sessionId }, { until: 'rest' }))
  const parts = watched.flatMap((item) =>
    item.type === 'event' && item.event.type === 'model_responded' ? item.event.response.parts : [],
  )
  return [open?.input, parts.find((part) => part.type === 'call')?.input]
}

const shownBy = ({ of }: SessionShapes) =>
  createLogMask(of, createRedactor({ finder: null, keptPatterns: new Set() })).input('pay', INPUT)

const twice = (shown: Json) => [shown, shown]

describe('what is hidden of an input', () => {
  test('is what the agent at hand marks, and what the definition marks under which it was proposed', async () => {
    const held = await heldBy(deployed(['/pin']))
    expect(await viewsOf(held, deployed(['/card/number']))).toEqual(
      twice({ card: { number: MARK, kind: 'debit' }, pin: MARK }),
    )
    expect(await viewsOf(held, deployed([]))).toEqual(twice({ ...INPUT, pin: MARK }))
    expect(await viewsOf(held, null)).toEqual(twice({ ...INPUT, pin: MARK }))
  })

  test('is what any definition of the log marks, the oldest too, and where one lies within another', async () => {
    const outer = await heldBy(deployed(['/card']), deployed(['/card/number']))
    const inner = await heldBy(deployed(['/card/number']), deployed(['/card']))
    const other = await heldBy(deployed(['/pin']), deployed([]))
    for (const atHand of [null, deployed([])]) {
      expect(await viewsOf(outer, atHand)).toEqual(twice({ ...INPUT, card: MARK }))
      expect(await viewsOf(inner, atHand)).toEqual(twice({ ...INPUT, card: MARK }))
      expect(await viewsOf(other, atHand)).toEqual(twice({ ...INPUT, pin: MARK }))
    }
  })

  test('is nothing where no definition marks anything', async () => {
    expect(await viewsOf(await heldBy(deployed([])), deployed([]))).toEqual(twice(INPUT))
  })

  test('is the whole of it where a definition is missing, other than that of the agent at hand', async () => {
    const held = await heldBy(deployed([]), deployed([], 'Pays now.'))
    const forgetful = replaced(held.store, { definition: async () => null })
    expect(await viewsOf(held, deployed([]), forgetful)).toEqual(twice(MARK))
    let isBack = false
    const definition: Store['definition'] = async (hash) => (isBack ? held.store.definition(hash) : null)
    const atFirst = world({ store: replaced(held.store, { definition }), env: held.env, agents: [], isDriving: false })
    expect(await atFirst.runtime.approvals.list()).toMatchObject([{ input: MARK }])
    isBack = true
    expect(await atFirst.runtime.approvals.list()).toMatchObject([{ input: INPUT }])
    const same = await heldBy(deployed(['/pin']))
    const alsoForgetful = replaced(same.store, { definition: async () => null })
    expect(await viewsOf(same, deployed(['/pin']), alsoForgetful)).toEqual(twice({ ...INPUT, pin: MARK }))
  })

  test('is the whole of it where its log cannot be read, and the list has the others', async () => {
    const begun = await heldBy(deployed([]))
    const { store, env } = begun
    const next = world({ store, env, agents: [deployed([])] })
    const damaged = await next.start()
    await next.runtime.send(
      { sessionId: damaged },
      { type: 'send_message', text: 'now', trust: 'user', origin: { type: 'user' } },
    )
    await env.settle()
    const erased = (event: StoredEvent) => (event.kind === 'model_started' ? { ...event, body: null } : event)
    const read: Store['read'] = async (ref, after, limit) => {
      const page = await store.read(ref, after, limit)
      return ref.sessionId === damaged ? page.map(erased) : page
    }
    const { runtime } = world({ store: replaced(store, { read }), env, agents: [deployed([])], isDriving: false })
    const listed = await runtime.approvals.list()
    expect(listed.map(({ sessionId, input }) => [sessionId, input])).toEqual([
      [begun.sessionId, INPUT],
      [damaged, MARK],
    ])
  })

  test('is the whole of it before anything was learned', async () => {
    const { store, ref } = await heldBy(deployed([]))
    const shapes = createSessionShapes({ store, agents: new Map() }, ref)
    expect(shownBy(shapes)).toBe(MARK)
    await shapes.learn()
    expect(shownBy(shapes)).toEqual(INPUT)
  })
})

/** Which events were read. */
function counted(store: Store) {
  const seqs: number[] = []
  const read: Store['read'] = async (ref, after, limit) => {
    const page = await store.read(ref, after, limit)
    seqs.push(...page.map(({ seq }) => seq))
    return page
  }
  return { store: replaced(store, { read }), seqs }
}

describe('a log', () => {
  test('that is in hand is not read again', async () => {
    const { store, ref } = await heldBy(deployed(['/pin']))
    const log = await store.read(ref, 0, 1_000)
    const reading = counted(store)
    const shapes = createSessionShapes({ store: reading.store, agents: new Map() }, ref)
    shapes.take(log.slice(0, 4))
    shapes.take(log.slice(4))
    await shapes.learn()
    expect(shownBy(shapes)).toEqual({ ...INPUT, pin: MARK })
    expect(reading.seqs).toEqual([])
  })

  test('of which only the end is in hand is read from its beginning', async () => {
    const { store, ref } = await heldBy(deployed(['/pin']), deployed([]))
    const log = await store.read(ref, 0, 1_000)
    const shapes = createSessionShapes({ store, agents: new Map() }, ref)
    shapes.take(log.slice(log.findLastIndex(({ kind }) => kind === 'model_started')))
    await shapes.learn()
    expect(shownBy(shapes)).toEqual({ ...INPUT, pin: MARK })
  })

  test('is read once for all lists of the approvals of its session, and once by who watches it from the beginning', async () => {
    const twoCalls = { calls: [...payCall.calls, ...payCall.calls] }
    const agents = [{ ...deployed(['/pin']), model: clerk({ script: [twoCalls, 'done'] }).model }]
    const { store, env, start } = world({ agents })
    const sessionId = await start()
    const log = (await store.read({ tenant: 'default', sessionId }, 0, 1_000)).map(({ seq }) => seq)
    const listing = counted(store)
    const lists = world({ store: listing.store, env, agents, isDriving: false })
    expect(await lists.runtime.approvals.list()).toHaveLength(2)
    expect(await lists.runtime.approvals.list()).toHaveLength(2)
    expect(listing.seqs).toEqual(log)
    const watching = counted(store)
    const watches = world({ store: watching.store, env, agents, isDriving: false })
    await collect(watches.runtime.watch({ sessionId }, { until: 'rest' }))
    expect(watching.seqs).toEqual(log)
  })
})
