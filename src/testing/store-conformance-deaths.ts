import { strict as assert } from 'node:assert'
import { answered, change, claimed, held, release, type StorePromises } from './store-conformance-kit.ts'

/** Unclean ends. */
export const DEATH_PROMISES: StorePromises = {
  'ends in company count to two': async ({ store }) => {
    const { ref } = await held(store)
    const deaths: number[] = []
    for (let round = 1; round <= 4; round += 1) {
      const fields = { workerId: `w${round + 1}`, deadWorkers: [`w${round}`] }
      deaths.push((await claimed(store, ref, fields)).deaths)
    }
    assert.deepEqual(deaths, [1, 2, 2, 2])
  },
  'only dying alone counts past two': async ({ store }) => {
    const { ref } = await held(store)
    const deaths: number[] = []
    for (const [round, alone] of [false, true, false, false].entries()) {
      const fields = { workerId: `w${round + 2}`, deadWorkers: [`w${round + 1}`], alone }
      deaths.push((await claimed(store, ref, fields)).deaths)
    }
    assert.deepEqual(deaths, [1, 2, 3, 3])
  },
  'deaths are forgotten when something was done': async ({ store }) => {
    const { ref } = await held(store)
    const { fence } = await claimed(store, ref, { workerId: 'w2', deadWorkers: ['w1'] })
    answered(await store.append(change(ref, { fence })), 'appended')
    assert.equal((await store.head(ref))?.deaths, 1)
    answered(await store.append(change(ref, { fence, version: 2, head: { isProgress: true } })), 'appended')
    const { deaths, workerId } = (await store.head(ref)) ?? {}
    assert.deepEqual({ deaths, workerId }, { deaths: 0, workerId: 'w2' })
  },
  'deaths are forgotten at rest, and at no other release': async ({ store }) => {
    const { ref } = await held(store)
    const second = await claimed(store, ref, { workerId: 'w2', deadWorkers: ['w1'] })
    await release(store, ref, { fence: second.fence, rested: false })
    assert.equal((await store.head(ref))?.deaths, 1)
    const third = await claimed(store, ref, { workerId: 'w2' })
    assert.equal(third.deaths, 1)
    await release(store, ref, { fence: third.fence, rested: true })
    assert.equal((await store.head(ref))?.deaths, 0)
  },
}
