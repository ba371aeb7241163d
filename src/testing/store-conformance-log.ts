import { strict as assert } from 'node:assert'
import type { SessionRef, Store } from '../ports/index.ts'
import { verifyChain } from '../stores/chain.ts'
import {
  answered,
  bodies,
  change,
  create,
  created,
  event,
  FORMAT,
  held,
  newRef,
  type StorePromises,
  storeNow,
} from './store-conformance-kit.ts'

/** The log: what an append writes, and when it does not. */
export const LOG_PROMISES: StorePromises = {
  'a new session stands in the log, and on its head': async ({ store }) => {
    const ref = newRef()
    const events = [event('one'), event('two')]
    const answer = created(await store.create({ ref, agent: 'triage', events, status: 'running' }))
    assert.equal(answer.version, 2)
    const head = (await store.head(ref)) ?? assert.fail('no head')
    const { agent, gate, status, version, fence, workerId, deaths, format } = head
    assert.deepEqual(
      { agent, gate, status, version, fence, workerId, deaths, format },
      {
        agent: 'triage',
        gate: 'open',
        status: 'running',
        version: 2,
        fence: 0,
        workerId: null,
        deaths: 0,
        format: FORMAT,
      },
    )
    assert.equal(head.createdAt, answer.storeNow)
    assert.ok(head.shard >= 0 && head.shard < 1024)
    assert.deepEqual(
      await bodies(store, ref),
      events.map(({ body }) => body),
    )
  },
  'a session is created once': async ({ store }) => {
    const ref = await create(store)
    const again = answered(await store.create({ ref, agent: 'other', events: [event('again')], status: 'x' }), 'exists')
    assert.deepEqual(again.head, await store.head(ref))
    assert.equal((await bodies(store, ref)).length, 1)
  },
  'an append moves the version by its events, and seq is dense from 1': async ({ store }) => {
    const ref = await create(store)
    const events = [event('a'), event('b'), event('c')]
    assert.equal(answered(await store.append(change(ref, { events })), 'appended').version, 4)
    assert.equal(answered(await store.append(change(ref, { version: 4 })), 'appended').version, 5)
    assert.deepEqual(await seqs(store, ref), [1, 2, 3, 4, 5])
    assert.equal((await store.head(ref))?.version, 5)
  },
  'read gives a stretch, in order': async ({ store }) => {
    const ref = await create(store)
    await store.append(change(ref, { events: [event('a'), event('b'), event('c')] }))
    assert.deepEqual(
      (await store.read(ref, 1, 2)).map(({ seq }) => seq),
      [2, 3],
    )
    assert.deepEqual(await store.read(ref, 4, 10), [])
    assert.deepEqual(await store.read(newRef(), 0, 10), [])
  },
  'an append for an old version is a conflict, and writes nothing': async ({ store }) => {
    const ref = await create(store)
    await store.append(change(ref))
    const head = await store.head(ref)
    const opened = { approvalId: 'a1', requestedAt: 1, expiresAt: 2, body: '{}' }
    const stale = change(ref, { head: { gate: 'final', status: 'done', openedApprovals: [opened] } })
    assert.equal(answered(await store.append(stale), 'conflict').version, 2)
    assert.deepEqual(await store.head(ref), head)
    assert.equal((await bodies(store, ref)).length, 2)
    assert.deepEqual(await store.approvals({ limit: 10 }), [])
  },
  'of two appends for one version, one is written': async ({ store }) => {
    const ref = await create(store)
    const answers = await Promise.all([store.append(change(ref)), store.append(change(ref))])
    assert.deepEqual(answers.map(({ type }) => type).toSorted(), ['appended', 'conflict'])
    assert.deepEqual(await seqs(store, ref), [1, 2])
  },
  'an append to an unknown session says so': async ({ store }) => {
    answered(await store.append(change(newRef())), 'unknown_session')
  },
  'a commit with an old fence writes nothing': async ({ store }) => {
    const { ref, fence } = await held(store)
    answered(await store.append(change(ref, { fence: fence - 1 })), 'fenced')
    answered(await store.append(change(ref, { fence: fence + 1 })), 'fenced')
    answered(await store.append(change(ref, { fence: fence - 1, version: 7 })), 'fenced')
    assert.deepEqual(await seqs(store, ref), [1])
    answered(await store.append(change(ref, { fence })), 'appended')
  },
  'a commit changes gate and status only where it says so': async ({ store }) => {
    const ref = await create(store)
    await store.append(change(ref, { head: { gate: 'message', status: 'done' } }))
    await store.append(change(ref, { version: 2 }))
    const { gate, status } = (await store.head(ref)) ?? assert.fail('no head')
    assert.deepEqual({ gate, status }, { gate: 'message', status: 'done' })
  },
  'the head keeps the highest format of its events': async ({ store }) => {
    const ref = await create(store)
    await store.append(
      change(ref, {
        events: [
          { ...event('new'), format: 3 },
          { ...event('old'), format: 2 },
        ],
      }),
    )
    assert.equal((await store.head(ref))?.format, 3)
    assert.deepEqual(
      (await store.read(ref, 1, 10)).map(({ format }) => format),
      [3, 2],
    )
  },
  'bodies reload to the same bytes': async ({ store }) => {
    const ref = await create(store)
    const texts = [
      '',
      ' \u0000\u001f\u007f',
      '"\\/',
      'é e\u0301',
      '\u2028\u2029',
      '😀 \u{10ffff}',
      '1e400',
      'x'.repeat(100_000),
    ]
    const events = texts.map((text) => event(text))
    await store.append(change(ref, { events }))
    const spaced = { ...event(''), body: '{"z":1,  "a":-0,"n":1.0e2}' }
    await store.append(change(ref, { version: 1 + texts.length, events: [spaced] }))
    assert.deepEqual(
      (await bodies(store, ref)).slice(1),
      [...events, spaced].map(({ body }) => body),
    )
  },
  'a mistake of the caller is thrown, and writes nothing': async ({ store }) => {
    const ref = await create(store)
    await assert.rejects(store.append(change(ref, { events: [] })))
    await assert.rejects(store.append(change(ref, { events: [event('a', 'twice'), event('b', 'twice')] })))
    await assert.rejects(store.append(change(ref, { events: [{ ...event(''), body: '"\ud800"' }] })))
    assert.deepEqual(await seqs(store, ref), [1])
  },
}

/** Time and the chain. */
export const CHAIN_PROMISES: StorePromises = {
  'every event is chained to the one before it': async ({ store, advance }) => {
    const ref = await create(store)
    await store.append(change(ref, { events: [event('a'), event('b')] }))
    advance(10)
    await store.appendUnconditionally({ ref, event: event('c'), gates: ['open'], wake: true })
    const head = (await store.head(ref)) ?? assert.fail('no head')
    assert.equal(head.version, 4)
    const events = await store.read(ref, 0, 10)
    assert.deepEqual(verifyChain(ref, events, { head }), { type: 'holds', version: 4, hash: head.hash })
    assert.ok(events.every(({ salt }) => /^[0-9a-f]{32}$/.test(salt ?? '')))
    assert.equal(new Set(events.map(({ salt }) => salt)).size, 4)
  },
  'without a stamp the store stamps, and at never falls': async ({ store, advance }) => {
    const ref = await create(store)
    const start = (await store.head(ref))?.at ?? assert.fail('no head')
    const { fence } = await held(store)
    assert.ok(fence > 0)
    answered(await store.append(change(ref, { at: start + 60_000 })), 'appended')
    answered(await store.append(change(ref, { version: 2 })), 'appended')
    advance(90_000)
    answered(await store.append(change(ref, { version: 3 })), 'appended')
    const ats = (await store.read(ref, 0, 10)).map(({ at }) => at - start)
    assert.deepEqual(ats, [0, 60_000, 60_000, 90_000])
    assert.equal((await store.head(ref))?.at, start + 90_000)
  },
  'a stamp before the last event, or far off the clock, is refused': async ({ store, advance }) => {
    const ref = await create(store)
    advance(1_000)
    const now = await storeNow(store)
    for (const at of [now - 1_001, now + 3_600_000])
      assert.equal(answered(await store.append(change(ref, { at })), 'skewed').storeNow, now)
    advance(3_600_000)
    answered(await store.append(change(ref, { at: now })), 'skewed')
    assert.deepEqual(await seqs(store, ref), [1])
    answered(await store.append(change(ref, { at: now + 3_600_000 + 1_000 })), 'appended')
  },
}

async function seqs(store: Store, ref: SessionRef): Promise<readonly number[]> {
  return (await store.read(ref, 0, 1_000)).map(({ seq }) => seq)
}
