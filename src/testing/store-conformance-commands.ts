import { strict as assert } from 'node:assert'
import type { Locked, SessionRef, UnconditionalAppend } from '../ports/index.ts'
import {
  answered,
  bodies,
  change,
  create,
  dueIds,
  event,
  held,
  newRef,
  release,
  type StorePromises,
} from './store-conformance-kit.ts'

/** Commands: written once, whatever the version, or under the lock. */
export const COMMAND_PROMISES: StorePromises = {
  'a repeated commandId gets the place of the first': async ({ store }) => {
    const ref = await create(store)
    await store.append(change(ref, { events: [event('vote', 'v1')] }))
    assert.equal(
      answered(await store.append(change(ref, { version: 2, events: [event('vote', 'v1')] })), 'duplicate').seq,
      2,
    )
    assert.equal(answered(await store.appendUnconditionally(command(ref, 'v1')), 'duplicate').seq, 2)
    assert.equal(answered(await store.appendUnconditionally(command(ref, 'start')), 'duplicate').seq, 1)
    assert.equal((await store.head(ref))?.version, 2)
  },
  'a repeat is known before the version is compared': async ({ store }) => {
    const ref = await create(store)
    await store.append(change(ref, { events: [event('vote', 'v1')] }))
    answered(
      await store.append(change(ref, { version: 1, events: [event('other'), event('vote', 'v1')] })),
      'duplicate',
    )
  },
  'commandIds are of one session': async ({ store }) => {
    const [one, other] = [await create(store), await create(store)]
    answered(await store.appendUnconditionally(command(one, 'c1')), 'appended')
    answered(await store.appendUnconditionally(command(other, 'c1')), 'appended')
  },
  'a command that needs no state is written whatever the version, and answers its place': async ({
    store,
    advance,
  }) => {
    const { ref, fence } = await held(store)
    await store.append(change(ref, { fence }))
    advance(5)
    const { seq, at } = answered(await store.appendUnconditionally(command(ref, 'c1')), 'appended')
    assert.equal(seq, 3)
    assert.equal((await store.read(ref, 2, 1))[0]?.at, at)
    assert.equal((await store.head(ref))?.version, 3)
    assert.equal((await store.head(ref))?.fence, fence)
    answered(await store.append(change(ref, { fence, version: 2 })), 'conflict')
  },
  'a command comes through its gates only': async ({ store }) => {
    const ref = await create(store)
    await store.append(change(ref, { head: { gate: 'final', status: 'cancelled' } }))
    const answer = await store.appendUnconditionally({ ...command(ref, 'c1'), gates: ['open', 'message'] })
    assert.deepEqual(answer, { type: 'refused', gate: 'final', status: 'cancelled' })
    assert.equal((await bodies(store, ref)).length, 2)
  },
  'a repeat is known before the gate is looked at': async ({ store }) => {
    const ref = await create(store)
    await store.appendUnconditionally(command(ref, 'c1'))
    await store.append(change(ref, { version: 2, head: { gate: 'final' } }))
    assert.equal(answered(await store.appendUnconditionally(command(ref, 'c1')), 'duplicate').seq, 2)
  },
  'a command may reopen the gate': async ({ store }) => {
    const ref = await create(store)
    await store.append(change(ref, { head: { gate: 'message' } }))
    const reopening = { ...command(ref, 'c1'), gates: ['message'], gateAfter: 'open' } as const
    answered(await store.appendUnconditionally(reopening), 'appended')
    assert.equal((await store.head(ref))?.gate, 'open')
  },
  'a command may change what the head shows, but for what it keeps': async ({ store }) => {
    const ref = await create(store)
    const statusAfter = { status: 'running', keeps: ['waiting(timer)'] }
    for (const [shown, after] of [
      ['done', 'running'],
      ['waiting(timer)', 'waiting(timer)'],
    ] as const) {
      const version = (await store.head(ref))?.version ?? 0
      await store.append(change(ref, { version, head: { status: shown } }))
      answered(await store.appendUnconditionally({ ...command(ref, shown), statusAfter }), 'appended')
      assert.equal((await store.head(ref))?.status, after)
    }
  },
  'a command to an unknown session says so': async ({ store }) => {
    answered(await store.appendUnconditionally(command(newRef(), 'c1')), 'unknown_session')
    const decide = () => assert.fail('asked to decide')
    answered(await store.appendLocked(newRef(), 0, decide), 'unknown_session')
  },
  'a command wakes a session at rest, if it says so': async ({ store }) => {
    const { ref, fence } = await held(store)
    await release(store, ref, { fence })
    await store.appendUnconditionally({ ...command(ref, 'quiet'), wake: false })
    assert.deepEqual(await dueIds(store), [])
    await store.appendUnconditionally(command(ref, 'loud'))
    assert.deepEqual(await dueIds(store), [ref.sessionId])
  },
  'an append without a fence wakes the session, if it says so': async ({ store }) => {
    const { ref, fence } = await held(store)
    await release(store, ref, { fence })
    await store.append(change(ref))
    assert.deepEqual(await dueIds(store), [])
    await store.append(change(ref, { version: 2, wake: true }))
    assert.deepEqual(await dueIds(store), [ref.sessionId])
  },
}

/** Decisions under the lock, and writes that are asked for together. */
export const LOCK_PROMISES: StorePromises = {
  'a locked decision sees the tail and the head, and is written': async ({ store }) => {
    const ref = await create(store)
    await store.append(change(ref, { events: [event('a'), event('b')] }))
    const seen: Locked[] = []
    const answer = await store.appendLocked(ref, 1, (locked) => {
      seen.push(locked)
      return change(ref, { version: locked.head.version, events: [event('decided', 'd1')] })
    })
    assert.equal(answered(answer, 'appended').version, 4)
    assert.equal(seen.length, 1)
    assert.deepEqual(seen[0]?.tail, await store.read(ref, 1, 2))
    assert.equal(seen[0]?.head.version, 3)
    assert.equal((await store.head(ref))?.version, 4)
  },
  'a locked decision may be to write nothing': async ({ store }) => {
    const ref = await create(store)
    answered(await store.appendLocked(ref, 0, () => null), 'nothing')
    assert.equal((await store.head(ref))?.version, 1)
  },
  'a locked decision for another version, or a repeat, is refused like any append': async ({ store }) => {
    const ref = await create(store)
    answered(await store.appendLocked(ref, 0, () => change(ref, { version: 5 })), 'conflict')
    answered(await store.appendLocked(ref, 0, () => change(ref, { events: [event('x', 'start')] })), 'duplicate')
    assert.equal((await store.head(ref))?.version, 1)
  },
  'what a locked decision throws is thrown, and nothing is written': async ({ store }) => {
    const ref = await create(store)
    const thrown = new Error('undecided')
    const decide = () => {
      throw thrown
    }
    await assert.rejects(store.appendLocked(ref, 0, decide), thrown)
    assert.equal((await store.head(ref))?.version, 1)
    answered(await store.append(change(ref)), 'appended')
  },
  'locked decisions never lose a race': async ({ store }) => {
    const ref = await create(store)
    const decide = ({ head }: Locked) => change(ref, { version: head.version })
    const racing = Array.from({ length: 10 }, () => store.appendLocked(ref, 0, decide))
    const answers = await Promise.all([...racing, store.appendUnconditionally(command(ref, 'c1'))])
    assert.ok(answers.every(({ type }) => type === 'appended'))
    assert.equal((await store.head(ref))?.version, 12)
  },
  'a failing member of a group does not fail its group': async ({ store }) => {
    const [one, other, third] = [await create(store), await create(store), await create(store)]
    const group = [
      store.append(change(one, { events: [event('good')] })),
      store.append(change(other, { version: 9 })),
      store.append(change(newRef())),
      store.appendLocked(other, 0, () => assert.fail('a defect')),
      store.append(change(third, { events: [event('also good')] })),
    ]
    const settled = await Promise.allSettled(group)
    const types = settled.map((result) => (result.status === 'fulfilled' ? result.value.type : 'thrown'))
    assert.deepEqual(types, ['appended', 'conflict', 'unknown_session', 'thrown', 'appended'])
    assert.equal((await bodies(store, one)).at(-1), event('good').body)
    assert.equal((await bodies(store, third)).at(-1), event('also good').body)
    assert.equal((await bodies(store, other)).length, 1)
  },
  'writes to one session take effect in the order in which they were asked for': async ({ store }) => {
    const ref = await create(store)
    const ids = Array.from({ length: 20 }, (_, index) => `c${index}`)
    const answers = await Promise.all(ids.map((id) => store.appendUnconditionally(command(ref, id))))
    assert.deepEqual(
      answers.map((answer) => answered(answer, 'appended').seq),
      ids.map((_, index) => index + 2),
    )
  },
}

function command(ref: SessionRef, commandId: string): UnconditionalAppend {
  return { ref, event: event('command', commandId), gates: ['open'], wake: true }
}
