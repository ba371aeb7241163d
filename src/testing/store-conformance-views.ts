import { strict as assert } from 'node:assert'
import { answered, bodies, change, claim, create, event, newRef, type StorePromises } from './store-conformance-kit.ts'

/** What people look at. */
export const VIEW_PROMISES: StorePromises = {
  'sessions are listed newest first, page by page': async ({ store }) => {
    const refs = [await create(store), await create(store), await create(store)].toReversed()
    const page = await store.sessions({ limit: 2 })
    assert.deepEqual(
      page.map(({ sessionId }) => sessionId),
      refs.slice(0, 2).map(({ sessionId }) => sessionId),
    )
    const before = page.at(-1) ?? assert.fail('an empty page')
    const rest = await store.sessions({ limit: 2, before })
    assert.deepEqual(rest, [await store.head(refs[2] ?? newRef())])
    assert.deepEqual(await store.sessions({ limit: 2, before: newRef() }), [])
  },
  'sessions are listed by tenant, agent and the beginning of their status': async ({ store }) => {
    const [mine, other] = [await create(store), await create(store, newRef('globex'))]
    await store.append(change(mine, { head: { status: 'blocked(approval)' } }))
    const ids = async (filter: object) =>
      (await store.sessions({ limit: 9, ...filter })).map(({ sessionId }) => sessionId)
    assert.deepEqual(await ids({ tenant: 'globex' }), [other.sessionId])
    assert.deepEqual(await ids({ status: 'blocked' }), [mine.sessionId])
    assert.deepEqual(await ids({ status: 'approval' }), [])
    assert.deepEqual(await ids({ agent: 'triage', tenant: 'acme' }), [mine.sessionId])
    assert.deepEqual(await ids({ agent: 'nobody' }), [])
  },
  'an approval is listed from the append that opens it to the one that closes it': async ({ store }) => {
    const ref = await create(store)
    const rows = [approval('a1', 20), approval('a2', 10)]
    await store.append(change(ref, { head: { openedApprovals: rows } }))
    assert.deepEqual(await store.approvals({ limit: 9 }), [
      { ...ref, ...rows[1] },
      { ...ref, ...rows[0] },
    ])
    assert.deepEqual(
      (await store.approvals({ limit: 1 })).map(({ approvalId }) => approvalId),
      ['a2'],
    )
    await store.append(change(ref, { version: 2, head: { closedApprovals: ['a2', 'unheard of'] } }))
    assert.deepEqual(await store.approvals({ tenant: 'acme', limit: 9 }), [{ ...ref, ...rows[0] }])
    assert.deepEqual(await store.approvals({ tenant: 'globex', limit: 9 }), [])
  },
  'approvals of two sessions may have one id': async ({ store }) => {
    const [one, other] = [await create(store), await create(store)]
    for (const ref of [one, other]) await store.append(change(ref, { head: { openedApprovals: [approval('a1', 1)] } }))
    await store.append(change(one, { version: 2, head: { closedApprovals: ['a1'] } }))
    assert.deepEqual(
      (await store.approvals({ limit: 9 })).map(({ sessionId }) => sessionId),
      [other.sessionId],
    )
  },
  'a tenant reaches nothing of another by its session ids': async ({ store }) => {
    const mine = await create(store)
    const theirs = { ...mine, tenant: 'globex' }
    assert.equal(await store.head(theirs), null)
    assert.deepEqual(await store.read(theirs, 0, 9), [])
    answered(await store.append(change(theirs)), 'unknown_session')
    answered(await claim(store, theirs), 'unknown_session')
    await create(store, theirs)
    await store.append(change(theirs, { events: [event('theirs')] }))
    assert.equal((await bodies(store, mine)).length, 1)
    assert.notEqual((await store.read(mine, 0, 1))[0]?.hash, (await store.read(theirs, 0, 1))[0]?.hash)
  },
  'tenant and session are not confused where one name runs into the other': async ({ store }) => {
    const [one, other] = [
      { tenant: 'a', sessionId: 'bc' },
      { tenant: 'ab', sessionId: 'c' },
    ]
    await create(store, one)
    assert.equal(await store.head(other), null)
    await create(store, other)
  },
}

/** Caches and content. */
export const BLOB_PROMISES: StorePromises = {
  'the last snapshot is kept, byte for byte': async ({ store }) => {
    const ref = await create(store)
    assert.equal(await store.snapshot(ref), null)
    const bytes = Uint8Array.from({ length: 1_000 }, (_, index) => index % 256)
    await store.saveSnapshot(ref, { version: 1, reducerHash: 'r1', bytes: bytes.slice(0, 10) })
    await store.saveSnapshot(ref, { version: 2, reducerHash: 'r2', bytes })
    const kept = (await store.snapshot(ref)) ?? assert.fail('no snapshot')
    assert.deepEqual([kept.version, kept.reducerHash], [2, 'r2'])
    assert.deepEqual([...kept.bytes], [...bytes])
  },
  'a snapshot does not change with the bytes that it was made of': async ({ store }) => {
    const ref = await create(store)
    const bytes = new Uint8Array([1, 2, 3])
    await store.saveSnapshot(ref, { version: 1, reducerHash: 'r1', bytes })
    bytes[0] = 9
    assert.deepEqual([...((await store.snapshot(ref))?.bytes ?? [])], [1, 2, 3])
  },
  'a snapshot of another tenant is not seen, and one of no session is let go': async ({ store }) => {
    const ref = await create(store)
    const snapshot = { version: 1, reducerHash: 'r1', bytes: new Uint8Array(1) }
    await store.saveSnapshot(ref, snapshot)
    const theirs = { ...ref, tenant: 'globex' }
    await store.saveSnapshot(theirs, snapshot)
    assert.equal(await store.snapshot(theirs), null)
  },
  'a definition is stored once per hash': async ({ store }) => {
    assert.equal(await store.definition('d1'), null)
    await store.saveDefinition('d1', '{"name":"triage"}')
    await store.saveDefinition('d1', '{"name":"another"}')
    assert.equal(await store.definition('d1'), '{"name":"triage"}')
  },
}

function approval(approvalId: string, requestedAt: number) {
  return { approvalId, requestedAt, expiresAt: requestedAt + 1_000, body: `{"id":"${approvalId}"}` }
}
