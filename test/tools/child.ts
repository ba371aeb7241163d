/** Processes of the proof: workers of ours, and the command line. */
import { type Child as Started, startChild } from '../run/child.ts'
import type { Orders } from './orders.ts'

export type Child = Pick<Started, 'ended' | 'signal'> & {
  /** Resolves with true when it has printed its first line; false where it ended before. */
  readonly ready: Promise<boolean>
  /** What it wrote to stderr so far. */
  complaints(): string
}

export function startWorker(orders: Orders): Child {
  return start(new URL('./worker.ts', import.meta.url), JSON.stringify(orders))
}

/** `pawl`, as it is shipped, from the sources. */
export function startPawl(...given: readonly string[]): Child {
  return start(new URL('../../bin/pawl.js', import.meta.url), ...given)
}

function start(program: URL, ...given: readonly string[]): Child {
  const ready = Promise.withResolvers<boolean>()
  const child = startChild(program, given, () => ready.resolve(true))
  void child.ended.then(() => ready.resolve(false))
  let complaints = ''
  return {
    ready: ready.promise,
    ended: child.ended,
    complaints: () => {
      complaints += child.takeComplaints()
      return complaints
    },
    signal: child.signal,
  }
}
