/** The thread of `loop-watch.ts`: looks whether the loop beats, and gives the lease up where it does not. */
import { writeSync } from 'node:fs'
import { setTimeout as after } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import type { Leases, Store } from '../../ports/index.ts'
import { problemText } from '../problem-text.ts'
import { type LoopWatched, periodOf, type Runs, slots } from './shared.ts'

/** While the store is busy or full, this often and so far apart: together less than a lease. */
const MAX_TRIES = 5
const RETRY_MS = 500
/** Later than this many periods, the thread itself stood still: the whole process was frozen, and the loop has its chance first. */
const FROZEN_PERIODS = 3

// Given by the event loop that started this thread.
const { shared, workerId, stallMs, store: place } = workerData as LoopWatched
const periodMs = periodOf(stallMs)
const running = new Map<number, string>()
let beats = -1
let beatAt = performance.now()
let lookedAt = beatAt
let hasSaid = false

parentPort?.on('message', ({ id, what }: Runs) => (what === null ? running.delete(id) : running.set(id, what)))
// Loaded before it is needed, opened only then.
const opening = import(place.module)
opening.catch(() => {})
const timer = setInterval(look, periodMs)

function look(): void {
  const now = performance.now()
  const wasFrozen = now - lookedAt > FROZEN_PERIODS * periodMs
  lookedAt = now
  const seen = Atomics.load(shared, slots.beats)
  if (seen !== beats || wasFrozen) {
    beats = seen
    beatAt = now
    hasSaid = false
  } else if (now - beatAt >= stallMs) onStall(Math.round(now - beatAt))
}

function onStall(stalledMs: number): void {
  const sessions = Atomics.load(shared, slots.sessions)
  if (sessions > 1) {
    clearInterval(timer)
    // First the word to the loop, so that it starts nothing that it has no lease for.
    Atomics.store(shared, slots.givenUpAfterMs, stalledMs)
    say(stalledMs, `gives up its lease, so that others can drive its ${sessions} sessions`)
    void giveUp()
  } else if (!hasSaid) say(stalledMs, 'keeps its lease, since it drives nothing else')
  hasSaid = true
}

/** A lease renewed for no time is over. The worker's row stays, so that its death can still be noticed. */
async function giveUp(): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    let store: (Pick<Leases, 'renew'> & Pick<Store, 'close'>) | null = null
    try {
      store = (await opening)[place.open](place.options) as Store
      await store.renew(workerId, 0)
      return
    } catch (problem) {
      if (tries >= MAX_TRIES) return write(`cannot give its lease up: ${problemText(problem)}`)
      await after(RETRY_MS)
    } finally {
      await store?.close().catch(() => {})
    }
  }
}

function say(stalledMs: number, what: string): void {
  const names = [...running.values()]
  const blamed = names.length === 0 ? 'no tool is known to run' : `under way: ${names.join(', ')}`
  write(`its event loop has stood still for ${stalledMs} ms (${blamed}); it ${what}`)
}

/** Past the streams of the process, which the loop would have to serve. */
function write(what: string): void {
  try {
    writeSync(2, `pawl: worker ${workerId}: ${what}\n`)
  } catch {
    // Nobody reads it, or the pipe is full.
  }
}
