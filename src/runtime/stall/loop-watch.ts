/**
 * A thread beside the event loop notices that the loop stands still (a tool that blocks it), and gives the worker's lease up in the
 * store, so that other processes take its sessions over at once. What the fences protect stays protected: an `unsafe` call of this
 * worker counts as lost no sooner than it would by the end of its lease.
 */
import { Worker as Thread } from 'node:worker_threads'
import type { StoreInThread } from '../../ports/index.ts'
import { type LoopWatched, periodOf, slots } from './shared.ts'

export interface LoopWatch {
  /** Names what may block the loop from now on; the answer is called when it is over. */
  runs(what: string): () => void
  /** How many sessions this worker drives. Where it is one or none, nobody waits for it, and nothing is given up. */
  drives(sessions: number): void
  /** For how many milliseconds the loop had stood still when the lease was given up; 0: it was not. */
  readonly givenUpAfterMs: number
  stop(): void
}

export type LoopWatchOptions = {
  readonly workerId: string
  readonly stallMs: number
  readonly store: StoreInThread
  /** Called once by the loop, when it moves again after its lease was given up. */
  readonly onGivenUp: () => void
}

export const noLoopWatch: LoopWatch = { runs: () => () => {}, drives: () => {}, givenUpAfterMs: 0, stop: () => {} }

export function watchLoop({ workerId, stallMs, store, onGivenUp }: LoopWatchOptions): LoopWatch {
  const shared = new Int32Array(new SharedArrayBuffer(4 * Object.keys(slots).length))
  const watched: LoopWatched = { shared, workerId, stallMs, store }
  const entry = new URL(import.meta.url.endsWith('.ts') ? './watch-thread.ts' : './watch-thread.js', import.meta.url)
  const thread = new Thread(entry, { workerData: watched, name: 'pawl loop watch' })
  thread.unref()
  const givenUpAfterMs = () => Atomics.load(shared, slots.givenUpAfterMs)
  const beat = () => {
    Atomics.add(shared, slots.beats, 1)
    if (givenUpAfterMs() === 0) return
    stop()
    onGivenUp()
  }
  // The machine's own time, whatever `Env` says: it is the loop itself that is watched.
  const timer = setInterval(beat, periodOf(stallMs)).unref()
  const stop = () => {
    clearInterval(timer)
    void thread.terminate()
  }
  // Without the thread everything works as before, and a stall is met by the end of the lease.
  thread.on('error', () => clearInterval(timer))
  let ran = 0
  return {
    runs: (what) => {
      ran += 1
      const id = ran
      thread.postMessage({ id, what })
      return () => thread.postMessage({ id, what: null })
    },
    drives: (sessions) => void Atomics.store(shared, slots.sessions, sessions),
    get givenUpAfterMs() {
      return givenUpAfterMs()
    },
    stop,
  }
}
