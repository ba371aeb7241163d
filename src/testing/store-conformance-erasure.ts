import { strict as assert } from 'node:assert'
import type { SessionRef, Store } from '../ports/index.ts'
import { verifyChain } from '../stores/chain.ts'
import {
  answered,
  artifactOf,
  change,
  claim,
  claimed,
  create,
  enlist,
  event,
  held,
  isKept,
  newRef,
  type StorePromises,
  storeNow,
} from './store-conformance-kit.ts'

/** What an erasure takes, what it leaves, and what can no longer be done. */
export const ERASURE_PROMISES: StorePromises = {
  'an erasure takes every body, and the chain holds to the head': async ({ store }) => {
    const ref = await ended(store)
    const before = await store.read(ref, 0, 9)
    assert.deepEqual(await erase(store, ref), { type: 'erased', events: 2, artifacts: 0 })
    const after = await store.read(ref, 0, 9)
    assert.deepEqual(
      after,
      before.map((stored) => ({ ...stored, body: null, salt: null })),
    )
    const head = (await store.head(ref)) ?? assert.fail('no tombstone')
    assert.equal(verifyChain(ref, after, { head }).type, 'holds')
  },
  'what is left of an erased session is a tombstone': async ({ store, advance }) => {
    const ref = await ended(store)
    const before = (await store.head(ref)) ?? assert.fail('no head')
    advance(1_000)
    await erase(store, ref)
    assert.deepEqual(await store.head(ref), {
      ...before,
      status: 'erased',
      gate: 'final',
      wakeAt: null,
      workerId: null,
      fence: before.fence + 1,
      erasedAt: await storeNow(store),
    })
    assert.deepEqual((await store.due({ limit: 9, deadWorkers: [] })).refs, [])
  },
  'only a session that has ended is erased, or one of which it is said aloud': async ({ store }) => {
    const ref = await create(store)
    await store.append(change(ref, { head: { status: 'blocked(approval)' } }))
    assert.deepEqual(await erase(store, ref), { type: 'open', status: 'blocked(approval)' })
    assert.equal((await store.read(ref, 0, 9)).filter(({ body }) => body === null).length, 0)
    assert.equal((await store.head(ref))?.erasedAt, null)
    assert.deepEqual(await store.erase(ref, { evenIfOpen: true }), { type: 'erased', events: 2, artifacts: 0 })
    answered(await erase(store, newRef()), 'unknown_session')
  },
  'a session that has gone on since somebody looked is not erased': async ({ store, advance }) => {
    const ref = await ended(store)
    const endedAt = (await store.head(ref))?.at ?? 0
    assert.deepEqual(await store.erase(ref, { evenIfOpen: false, endedBefore: endedAt }), {
      type: 'open',
      status: 'done',
    })
    advance(1_000)
    answered(await store.erase(ref, { evenIfOpen: false, endedBefore: endedAt + 1 }), 'erased')
  },
  'an erasure may be repeated': async ({ store, advance }) => {
    const ref = await ended(store)
    await erase(store, ref)
    const head = await store.head(ref)
    advance(1_000)
    assert.deepEqual(await erase(store, ref), { type: 'erased', events: 0, artifacts: 0 })
    assert.deepEqual(await store.head(ref), head)
  },
  'a driver of an erased session is fenced, and writes nothing more': async ({ store }) => {
    const { ref, fence } = await held(store)
    await store.erase(ref, { evenIfOpen: true })
    answered(await store.append(change(ref, { fence })), 'fenced')
    assert.equal(await store.release(ref, { fence, version: 1, wakeAt: 1, rested: true }), 'refused')
    await store.saveSnapshot(ref, { version: 1, reducerHash: 'r', bytes: new Uint8Array(9) })
    assert.equal(await store.snapshot(ref), null)
    assert.deepEqual(await store.moved([{ ref, version: 1, fence }]), [ref])
  },
  'nobody claims an erased session': async ({ store }) => {
    const ref = await ended(store)
    await erase(store, ref)
    await enlist(store, 'w1')
    answered(await claim(store, ref), 'erased')
    assert.equal((await store.head(ref))?.workerId, null)
  },
  'nothing is appended to an erased session': async ({ store }) => {
    const ref = await ended(store)
    await erase(store, ref)
    answered(await store.append(change(ref, { version: 2 })), 'erased')
    const gates = ['open', 'message', 'extend', 'final'] as const
    const said = await store.appendUnconditionally({ ref, event: event('again'), gates, wake: true })
    assert.deepEqual(said, { type: 'refused', gate: 'final', status: 'erased' })
    const decide = () => assert.fail('there is nothing to decide on')
    answered(await store.appendLocked(ref, 0, decide), 'erased')
    answered(await store.create({ ref, agent: 'triage', events: [event('anew')], status: 'running' }), 'exists')
    assert.equal((await store.head(ref))?.version, 2)
    assert.equal((await store.head(ref))?.wakeAt, null)
  },
  'snapshots, approvals and commands of an erased session are forgotten': async ({ store }) => {
    const ref = await create(store)
    const approval = { approvalId: 'a1', requestedAt: 1, expiresAt: 2, body: '{}' }
    await store.append(change(ref, { head: { openedApprovals: [approval] }, events: [event('said', 'said-1')] }))
    await store.saveSnapshot(ref, { version: 2, reducerHash: 'r', bytes: new Uint8Array(9) })
    await store.erase(ref, { evenIfOpen: true })
    assert.equal(await store.snapshot(ref), null)
    assert.deepEqual(await store.approvals({ limit: 9 }), [])
    answered(await store.append(change(ref, { version: 2, events: [event('said', 'said-1')] })), 'erased')
  },
  'artifacts go with the last session whose events name them': async ({ store }) => {
    const [one, other] = [await create(store), await create(store)]
    const [shared, own] = [artifactOf(140_000, 1), artifactOf(10, 2)]
    for (const artifact of [shared, own]) await store.saveArtifact(one.tenant, artifact)
    await store.append(change(one, { head: { artifacts: [shared.hash, own.hash] } }))
    await store.append(change(one, { version: 2, head: { artifacts: [shared.hash] } }))
    await store.append(change(other, { head: { artifacts: [shared.hash] } }))
    assert.deepEqual(await store.erase(one, { evenIfOpen: true }), { type: 'erased', events: 3, artifacts: 1 })
    assert.equal(await isKept(store, one.tenant, own.hash), false)
    assert.equal(await isKept(store, one.tenant, shared.hash), true)
    assert.deepEqual(await store.erase(other, { evenIfOpen: true }), { type: 'erased', events: 2, artifacts: 1 })
    assert.equal(await isKept(store, one.tenant, shared.hash), false)
  },
  'an artifact that somebody has saved since the session named it stays for them': async ({ store, advance }) => {
    const [ref, other] = [await create(store), await create(store)]
    const artifact = artifactOf(140_000)
    await store.saveArtifact(ref.tenant, artifact)
    await store.append(change(ref, { head: { artifacts: [artifact.hash] } }))
    advance(1_000)
    await store.saveArtifact(ref.tenant, artifact)
    assert.deepEqual(await store.erase(ref, { evenIfOpen: true }), { type: 'erased', events: 2, artifacts: 0 })
    answered(await store.append(change(other, { head: { artifacts: [artifact.hash] } })), 'appended')
    assert.equal(await isKept(store, ref.tenant, artifact.hash), true)
  },
  'an erasure touches no other session, and no other tenant’s of that name': async ({ store }) => {
    const ref = await ended(store)
    const theirs = await ended(store, { ...ref, tenant: 'globex' })
    const artifact = artifactOf(10)
    for (const { tenant } of [ref, theirs]) await store.saveArtifact(tenant, artifact)
    for (const each of [ref, theirs])
      await store.append(change(each, { version: 2, head: { artifacts: [artifact.hash] } }))
    const before = [await store.head(theirs), await store.read(theirs, 0, 9)]
    assert.deepEqual(await erase(store, ref), { type: 'erased', events: 3, artifacts: 1 })
    assert.deepEqual([await store.head(theirs), await store.read(theirs, 0, 9)], before)
    assert.equal(await isKept(store, theirs.tenant, artifact.hash), true)
  },
}

/** How what may be erased is found. */
export const PRUNING_PROMISES: StorePromises = {
  'sessions that ended before a moment are listed by their end, page by page': async ({ store, advance }) => {
    const [late, early, open] = [await create(store), await create(store), await create(store)]
    await end(store, early)
    advance(1_000)
    await end(store, late)
    advance(1_000)
    const now = await storeNow(store)
    const ids = async (filter: object) =>
      (await store.sessions({ limit: 9, endedBefore: now, ...filter })).map(({ sessionId }) => sessionId)
    assert.deepEqual(await ids({}), [early.sessionId, late.sessionId])
    assert.deepEqual(await ids({ limit: 1 }), [early.sessionId])
    assert.deepEqual(await ids({ limit: 1, before: early }), [late.sessionId])
    assert.deepEqual(await ids({ before: late }), [])
    assert.deepEqual(await ids({ before: newRef() }), [])
    assert.deepEqual(await ids({ endedBefore: now - 1_000 }), [early.sessionId])
    assert.deepEqual(await ids({ status: 'failed' }), [])
    assert.deepEqual(await ids({ status: 'done', agent: 'triage', tenant: 'acme' }), [early.sessionId, late.sessionId])
    assert.deepEqual(await ids({ tenant: 'globex' }), [])
    assert.equal((await store.head(open))?.gate, 'open')
  },
  'a session that is erased, or goes on, is not one that ended': async ({ store, advance }) => {
    const [gone, reopened] = [await ended(store), await ended(store)]
    await erase(store, gone)
    const message = { ref: reopened, event: event('again'), gates: ['message'] as const, gateAfter: 'open' as const }
    answered(await store.appendUnconditionally({ ...message, wake: true }), 'appended')
    advance(1_000)
    assert.deepEqual(await store.sessions({ limit: 9, endedBefore: await storeNow(store) }), [])
    assert.deepEqual(
      (await store.sessions({ limit: 9, status: 'erased' })).map(({ sessionId }) => sessionId),
      [gone.sessionId],
    )
  },
  'a session that is held when it is erased holds up nobody': async ({ store, advance }) => {
    const ref = await ended(store)
    await enlist(store, 'w1')
    await claimed(store, ref)
    await erase(store, ref)
    advance(60_000)
    assert.deepEqual(await store.workers(), [])
  },
}

async function end(store: Store, ref: SessionRef): Promise<void> {
  answered(await store.append(change(ref, { head: { gate: 'message', status: 'done' } })), 'appended')
}

/** A session of two events that has answered. */
async function ended(store: Store, ref: SessionRef = newRef()): Promise<SessionRef> {
  await create(store, ref)
  await end(store, ref)
  return ref
}

function erase(store: Store, ref: SessionRef) {
  return store.erase(ref, { evenIfOpen: false })
}
