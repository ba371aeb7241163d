import { afterEach, expect, test } from 'vitest'
import { memoryStore } from '../stores/memory.ts'
import { manualEnv } from '../testing/manual-env.ts'
import { createStoreClock } from './clock.ts'
import { nodeEnv } from './node-env.ts'
import { noLoopWatch } from './stall/loop-watch.ts'
import { enlistWorker, type Worker, type WorkerOptions } from './worker.ts'

const enlisted: Worker[] = []
afterEach(async () => {
  for (const worker of enlisted.splice(0)) await worker.dismiss()
})

async function enlist(options: Partial<WorkerOptions>): Promise<Worker> {
  const { env = manualEnv() } = options
  const terms = { store: memoryStore(), clock: createStoreClock(env), leaseMs: 15_000, stallMs: 5_000 }
  const worker = await enlistWorker({ ...terms, env, onLost: () => {}, report: () => {}, ...options })
  enlisted.push(worker)
  return worker
}

/** A store that says how a thread opens it, and is never opened. */
const threaded = () => ({ ...memoryStore(), inThread: { module: 'file:///nowhere.js', open: 'open', options: {} } })
const isWatched = ({ runs }: Worker) => runs !== noLoopWatch.runs

test('a thread watches the loop where time is real and the store can be opened beside it', async () => {
  expect(isWatched(await enlist({ env: nodeEnv(), store: threaded() }))).toBe(true)
})

test.each<[string, Partial<WorkerOptions>]>([
  ['in a simulation', { store: threaded() }],
  ['over a store in memory', { env: nodeEnv() }],
  ['if it is switched off', { env: nodeEnv(), store: threaded(), stallMs: 0 }],
  ['if the lease ends before a stall is noticed', { env: nodeEnv(), store: threaded(), stallMs: 15_000 }],
])('none does %s', async (_, options) => {
  expect(isWatched(await enlist(options))).toBe(false)
})
