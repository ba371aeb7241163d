import { memoryStore } from 'pawl/stores/memory'
import { expect, test } from 'vitest'
import { startLoad } from './load.ts'
import { runWorker } from './run-worker.ts'

const PER_SECOND = 100

test('a load that is stopped sees its sessions to their rest', async () => {
  const begun = Promise.withResolvers<void>()
  const load = startLoad(memoryStore(), PER_SECOND, begun.resolve)
  await begun.promise
  expect(await load.stop(20_000)).toBe(0)
})

test('sessions that nobody drives are counted when the time is up, not waited for', async () => {
  const store = memoryStore()
  const begun = Promise.withResolvers<void>()
  const wedged = { ...store, claim: async () => ({ type: 'held', workerId: 'another' }) as const }
  const load = startLoad(wedged, PER_SECOND, begun.resolve)
  await begun.promise
  expect(await load.stop(10)).toBe(load.begun())
})

test.each([
  ['hangs', ['-e', 'setInterval(() => {}, 1000)'], 200, /^did not end within 0\.2 s$/],
  ['dies', ['-e', 'process.exit(3)'], 20_000, /^died of 3$/],
  ['says nothing', ['-e', ''], 20_000, /^said nothing that can be read/],
])('a worker that %s is a finding', async (_, args, maxMs, problem) => {
  expect(await runWorker(args, maxMs)).toEqual({ problem: expect.stringMatching(problem) })
})

test('what a worker says last is what it found', async () => {
  const args = ['-e', `console.log('on the way\\n' + JSON.stringify({ samples: [], handlesLeft: [], warnings: [] }))`]
  expect(await runWorker(args, 20_000)).toEqual({ soaked: { samples: [], handlesLeft: [], warnings: [] } })
})
