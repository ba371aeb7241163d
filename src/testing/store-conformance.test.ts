import { describe, expect, test } from 'vitest'
import type { Store } from '../ports/index.ts'
import { memoryStore } from '../stores/memory.ts'
import { type StoreHarness, storeConformance } from './store-conformance.ts'
import { erasurePlants, pruningPlants } from './store-conformance-erasure-plants.fixture.ts'
import { artifactPlants, type Plant } from './store-conformance-plants.fixture.ts'

/** Runs the whole suite on a store, and returns the sentences that did not hold. */
async function brokenPromises(plant: (store: Store) => Partial<Store>): Promise<string[]> {
  const makeStore = (): StoreHarness => {
    let now = 1_700_000_000_000
    const advance = (ms: number): void => {
      now += ms
    }
    const store = memoryStore({ now: () => now })
    return { store: { ...store, ...plant(store) }, advance }
  }
  const runs: Promise<string[]>[] = []
  const run = async (sentence: string, body: () => Promise<void>): Promise<string[]> =>
    body().then(
      () => [],
      () => [sentence],
    )
  storeConformance('planted', makeStore, {
    describe: (_name, body) => body(),
    test: (sentence, body) => runs.push(run(sentence, body)),
  })
  return (await Promise.all(runs)).flat()
}

const plants: readonly Plant[] = [
  [
    'no fence',
    (store) => ({ append: (change) => store.append({ ...change, fence: null }) }),
    'a commit with an old fence writes nothing',
  ],
  [
    'no version',
    (store) => ({
      append: async (change) => store.append({ ...change, version: (await store.head(change.ref))?.version ?? 0 }),
    }),
    'an append for an old version is a conflict, and writes nothing',
  ],
  [
    'commandIds forgotten',
    (store) => ({
      appendUnconditionally: ({ event: { commandId: _forgotten, ...event }, ...change }) =>
        store.appendUnconditionally({ ...change, event }),
    }),
    'a repeat is known before the gate is looked at',
  ],
  [
    'gates ignored',
    (store) => ({
      appendUnconditionally: (change) =>
        store.appendUnconditionally({ ...change, gates: ['open', 'message', 'extend', 'final'] }),
    }),
    'a command comes through its gates only',
  ],
  [
    'the store stamps always',
    (store) => ({ append: (change) => store.append({ ...change, at: null }) }),
    'a stamp before the last event, or far off the clock, is refused',
  ],
  [
    'commands that do not wake',
    (store) => ({
      appendUnconditionally: (change) => store.appendUnconditionally({ ...change, wake: false }),
    }),
    'a command wakes a session at rest, if it says so',
  ],
  [
    'a release whatever the version',
    (store) => ({
      release: async (ref, request) =>
        store.release(ref, { ...request, version: (await store.head(ref))?.version ?? 0 }),
    }),
    'a session is released only under its fence and its version',
  ],
  [
    'leases ignored',
    (store) => ({ claim: (ref, request) => store.claim(ref, { ...request, deadWorkers: ['w1', 'w2'] }) }),
    'a session is held while the lease of its holder runs, and free after it',
  ],
  [
    'every end is in company',
    (store) => ({ claim: (ref, request) => store.claim(ref, { ...request, alone: false }) }),
    'only dying alone counts past two',
  ],
  [
    'deaths forgotten at any release',
    (store) => ({ release: (ref, request) => store.release(ref, { ...request, rested: true }) }),
    'deaths are forgotten at rest, and at no other release',
  ],
  [
    'deaths never forgotten while it works',
    (store) => ({
      append: ({ head: { isProgress: _, ...head }, ...request }) => store.append({ ...request, head }),
    }),
    'deaths are forgotten when something was done',
  ],
  [
    'the dead are not asked for',
    (store) => ({ due: (query) => store.due({ ...query, deadWorkers: [] }) }),
    'a held session is due when its holder is dead, or its lease has run out',
  ],
  [
    'nothing moves',
    () => ({ moved: async () => [] }),
    'moved names the heads that are not at the known version and fence',
  ],
  [
    'one tenant for all',
    (store) => ({ head: (ref) => store.head({ ...ref, tenant: 'acme' }) }),
    'a tenant reaches nothing of another by its session ids',
  ],
  [
    'bodies written anew',
    (store) => ({
      append: (change) =>
        store.append({
          ...change,
          events: change.events.map((event) => ({ ...event, body: JSON.stringify(JSON.parse(event.body)) })),
        }),
    }),
    'bodies reload to the same bytes',
  ],
  [
    'approvals that stay open',
    (store) => ({
      append: (change) => store.append({ ...change, head: { ...change.head, closedApprovals: [] } }),
    }),
    'an approval is listed from the append that opens it to the one that closes it',
  ],
  [
    'acknowledged, not written',
    (store) => ({
      append: async (change) => ({ type: 'appended', version: change.version + 1, storeNow: 0 }),
      read: store.read,
    }),
    'an append moves the version by its events, and seq is dense from 1',
  ],
  [
    'a decision asked for twice',
    (store) => ({
      appendLocked: (ref, after, decide) =>
        store.appendLocked(ref, after, (locked) => {
          decide(locked)
          return decide(locked)
        }),
    }),
    'a locked decision sees the tail and the head, and is written',
  ],
  [
    'the first snapshot kept for ever',
    (store) => ({
      saveSnapshot: async (ref, snapshot) => {
        if ((await store.snapshot(ref)) === null) await store.saveSnapshot(ref, snapshot)
      },
    }),
    'the last snapshot is kept, byte for byte',
  ],
  ...artifactPlants,
  ...erasurePlants,
  ...pruningPlants,
]

describe('the conformance suite', () => {
  test('holds for the store in memory', async () => {
    expect(await brokenPromises(() => ({}))).toEqual([])
  })

  test.each(plants)('catches %s', async (_bug, plant, sentence) => {
    expect(await brokenPromises(plant)).toContain(sentence)
  })
})
