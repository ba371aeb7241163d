import { strict as assert } from 'node:assert'
import {
  answered,
  change,
  claim,
  claimed,
  create,
  dueIds,
  enlist,
  event,
  FORMAT,
  held,
  LEASE_MS,
  newRef,
  release,
  type StorePromises,
  storeNow,
} from './store-conformance-kit.ts'

/** Workers and their leases. */
export const WORKER_PROMISES: StorePromises = {
  'a worker is listed while its lease runs': async ({ store, advance }) => {
    const { storeNow: now } = await store.enlist({ workerId: 'w1', holder: 'host/1', leaseMs: LEASE_MS })
    assert.deepEqual(await store.workers(), [{ workerId: 'w1', holder: 'host/1', leaseUntil: now + LEASE_MS }])
    advance(LEASE_MS)
    assert.deepEqual(await store.workers(), [])
  },
  'a worker whose lease has run out is listed for as long as it holds a session': async ({ store, advance }) => {
    const { ref, fence } = await held(store)
    advance(LEASE_MS)
    await enlist(store, 'another')
    const holder = (await store.head(ref))?.workerId
    assert.ok((await store.workers()).some(({ workerId }) => workerId === holder))
    await release(store, ref, { fence })
    await enlist(store, 'a third')
    assert.ok(!(await store.workers()).some(({ workerId }) => workerId === holder))
  },
  'a running lease is renewed from now on': async ({ store, advance }) => {
    await enlist(store, 'w1')
    advance(LEASE_MS - 1)
    const { storeNow: now } = answered(await store.renew('w1', LEASE_MS), 'renewed')
    assert.equal((await store.workers())[0]?.leaseUntil, now + LEASE_MS)
  },
  'a lease that ran out is not renewed, and neither is an unknown one': async ({ store, advance }) => {
    await enlist(store, 'w1')
    advance(LEASE_MS)
    answered(await store.renew('w1', LEASE_MS), 'refused')
    answered(await store.renew('w2', LEASE_MS), 'refused')
    await enlist(store, 'w1')
    answered(await store.renew('w1', LEASE_MS), 'renewed')
  },
  'a lease renewed for no time is over: what it holds is free, and its holder still listed': async ({ store }) => {
    const { ref } = await held(store)
    answered(await store.renew('w1', 0), 'renewed')
    answered(await store.renew('w1', LEASE_MS), 'refused')
    assert.deepEqual(await dueIds(store), [ref.sessionId])
    assert.deepEqual(
      (await store.workers()).map(({ workerId }) => workerId),
      ['w1'],
    )
    assert.equal((await claimed(store, ref, { workerId: 'w2' })).deadFence, 0)
  },
  'a dismissed worker has no lease, and what it holds is free': async ({ store }) => {
    const { ref } = await held(store)
    await store.dismiss('w1')
    assert.deepEqual(await store.workers(), [])
    answered(await store.renew('w1', LEASE_MS), 'refused')
    assert.deepEqual(await dueIds(store), [ref.sessionId])
    assert.equal((await claimed(store, ref, { workerId: 'w2' })).deaths, 1)
  },
}

/** Claims and releases. */
export const CLAIM_PROMISES: StorePromises = {
  'every activation gets a new fence': async ({ store }) => {
    const { ref, fence } = await held(store)
    await release(store, ref, { fence })
    const again = await claimed(store, ref)
    assert.equal(again.fence, fence + 1)
    assert.equal(again.version, 1)
    assert.equal((await store.head(ref))?.workerId, 'w1')
  },
  'of two claims, one wins': async ({ store }) => {
    await enlist(store, 'w1')
    await enlist(store, 'w2')
    const ref = await create(store)
    const answers = await Promise.all([claim(store, ref), claim(store, ref, { workerId: 'w2' })])
    assert.deepEqual(answers.map(({ type }) => type).toSorted(), ['claimed', 'held'])
  },
  'a session is held while the lease of its holder runs, and free after it': async ({ store, advance }) => {
    const { ref, fence } = await held(store)
    await enlist(store, 'w2')
    assert.equal(answered(await claim(store, ref, { workerId: 'w2' }), 'held').workerId, 'w1')
    advance(LEASE_MS)
    const taken = await claimed(store, ref, { workerId: 'w2' })
    assert.deepEqual([taken.fence, taken.deadFence], [fence + 1, 0])
    answered(await store.append(change(ref, { fence })), 'fenced')
  },
  'a session of a dead worker is free at once, and its fence is called dead': async ({ store }) => {
    const { ref, fence } = await held(store)
    const taken = await claimed(store, ref, { workerId: 'w2', deadWorkers: ['w1'] })
    assert.deepEqual([taken.fence, taken.deadFence, taken.deaths], [fence + 1, fence, 1])
  },
  'a fence that was released is not called dead': async ({ store }) => {
    const { ref, fence } = await held(store)
    await release(store, ref, { fence })
    const taken = await claimed(store, ref, { workerId: 'w2', deadWorkers: ['w1'] })
    assert.deepEqual([taken.deadFence, taken.deaths], [0, 0])
  },
  'a worker may take again what it holds, with a new fence, and no death': async ({ store }) => {
    const { ref, fence } = await held(store)
    const again = await claimed(store, ref)
    assert.deepEqual([again.fence, again.deaths, again.deadFence], [fence + 1, 0, 0])
  },
  'an older program does not claim a session of a newer format': async ({ store }) => {
    const ref = newRef()
    const events = [{ ...event('new'), format: FORMAT + 1 }]
    await store.create({ ref, agent: 'triage', events, status: 'running' })
    assert.equal(answered(await claim(store, ref), 'format').format, FORMAT + 1)
    assert.equal((await store.head(ref))?.fence, 0)
    await claimed(store, ref, { format: FORMAT + 1 })
  },
  'a claim of an unknown session says so': async ({ store }) => {
    answered(await claim(store, newRef()), 'unknown_session')
  },
  'a session is released only under its fence and its version': async ({ store }) => {
    const { ref, fence } = await held(store)
    await store.appendUnconditionally({ ref, event: event('late', 'c1'), gates: ['open'], wake: true })
    const head = await store.head(ref)
    const request = { fence, version: 1, wakeAt: null, rested: true }
    assert.equal(await store.release(ref, request), 'refused')
    assert.equal(await store.release(ref, { ...request, version: 2, fence: fence + 1 }), 'refused')
    assert.equal(await store.release(newRef(), request), 'refused')
    assert.deepEqual(await store.head(ref), head)
    assert.equal(await store.release(ref, { ...request, version: 2 }), 'released')
    assert.equal((await store.head(ref))?.workerId, null)
  },
  'a release whose answer was lost may be repeated': async ({ store }) => {
    const { ref, fence } = await held(store)
    await release(store, ref, { fence })
    await release(store, ref, { fence })
  },
}

/** When to look, and at what. */
export const WAKE_PROMISES: StorePromises = {
  'a new session is due': async ({ store }) => {
    const ref = await create(store)
    assert.deepEqual(await dueIds(store), [ref.sessionId])
  },
  'a session is due at its wakeAt': async ({ store, advance }) => {
    const { ref, fence } = await held(store)
    const wakeAt = (await storeNow(store)) + 1_000
    await release(store, ref, { fence, wakeAt })
    assert.deepEqual(await store.due({ limit: 9, deadWorkers: [] }), {
      refs: [],
      nextWakeAt: wakeAt,
      storeNow: wakeAt - 1_000,
    })
    advance(1_000)
    assert.deepEqual(await dueIds(store), [ref.sessionId])
  },
  'a session of an agent that was not asked for is not due': async ({ store }) => {
    const ref = await create(store)
    const agent = (await store.head(ref))?.agent ?? ''
    const others = await store.due({ limit: 9, deadWorkers: [], agents: ['another'] })
    assert.deepEqual([others.refs, others.nextWakeAt], [[], null])
    const own = await store.due({ limit: 9, deadWorkers: [], agents: ['another', agent] })
    assert.deepEqual(own.refs, [ref])
  },
  'a session at rest is never due': async ({ store, advance }) => {
    const { ref, fence } = await held(store)
    await release(store, ref, { fence })
    advance(1e9)
    const { refs, nextWakeAt } = await store.due({ limit: 9, deadWorkers: [] })
    assert.deepEqual([refs, nextWakeAt], [[], null])
  },
  'a held session is due when its holder is dead, or its lease has run out': async ({ store, advance }) => {
    const { ref } = await held(store)
    assert.deepEqual(await dueIds(store), [])
    assert.deepEqual(await dueIds(store, ['w1']), [ref.sessionId])
    const { nextWakeAt, storeNow: now } = await store.due({ limit: 9, deadWorkers: [] })
    assert.equal(nextWakeAt, now + LEASE_MS)
    advance(LEASE_MS)
    assert.deepEqual(await dueIds(store), [ref.sessionId])
  },
  'the earliest is due first, and a limit leaves the others for the next look': async ({ store, advance }) => {
    const early = await create(store)
    advance(10)
    const late = await create(store)
    assert.deepEqual(await dueIds(store), [early.sessionId, late.sessionId])
    const { refs, nextWakeAt, storeNow: now } = await store.due({ limit: 1, deadWorkers: [] })
    assert.deepEqual(refs, [early])
    assert.ok(nextWakeAt !== null && nextWakeAt <= now)
  },
  'a session of a newer format does not stand in the way of others': async ({ store, advance }) => {
    const events = [{ ...event('new'), format: FORMAT + 1 }]
    await store.create({ ref: newRef(), agent: 'triage', events, status: 'running' })
    advance(10)
    const ref = await create(store)
    assert.deepEqual((await store.due({ limit: 1, deadWorkers: [], format: FORMAT })).refs, [ref])
  },
  'moved names the heads that are not at the known version and fence': async ({ store }) => {
    const refs = [await create(store), await create(store), newRef()]
    const known = refs.map((ref) => ({ ref, version: 1, fence: 0 }))
    assert.deepEqual(await store.moved(known), [refs[2]])
    await store.append(change(refs[0] ?? newRef()))
    assert.deepEqual(await store.moved(known), [refs[0], refs[2]])
    await claim(store, refs[1] ?? newRef())
    assert.deepEqual(await store.moved(known), refs)
    assert.deepEqual(await store.moved([{ ref: refs[0] ?? newRef(), version: 2, fence: 0 }]), [])
  },
}
