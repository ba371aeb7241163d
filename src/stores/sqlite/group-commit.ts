import { StoreUnavailableError } from '../../ports/errors.ts'
import type { Commit } from '../rules.ts'
import type { Rule, Transact } from './transact.ts'

/** Writes in one transaction at most, so that the first of them does not wait for too many others. */
const MAX_GROUP = 256

/** Waits for another process's lock: this often, this long each, 10 s in all. */
export const MAX_BUSY_RETRIES = 400
export const BUSY_RETRY_MS = 25

/** What happened so far, for tests and benchmarks. */
export type CommitStats = {
  /** Transactions that committed: each is one fsync, unless all its rules only refused. */
  commits: number
  /** Writes that were answered. */
  writes: number
  /** Transactions of which nothing stands. */
  failures: number
  busyRetries: number
}

/** Schedules a flush: `setImmediate`, or at once. */
export type Defer = (flush: () => void) => void

export type GroupCommit = {
  readonly commit: Commit
  readonly stats: Readonly<CommitStats>
  /** Resolves when everything that was asked for has been answered; nothing is taken afterwards. */
  drain(): Promise<void>
}

/**
 * `alone`: in no group, because it may run only once, or because its group has failed. `urgent`: it may use the reserve, by itself
 * or in a group of such writes; in any other group it runs again alone first.
 */
type Write = {
  readonly rule: Rule
  readonly alone: boolean
  readonly urgent: boolean
  readonly resolve: (answer: unknown) => void
  readonly reject: (error: unknown) => void
}

/**
 * Writes that are ready in the same turn of the event loop share one transaction and one fsync, in the order in which they came.
 *
 * A rule reads all its preconditions before it writes, so a refusal needs no savepoint. Where one fails for another reason the
 * whole transaction is rolled back, and each write of the group runs again in one of its own: only the one that fails, fails.
 */
export function groupCommit(transact: Transact, defer: Defer): GroupCommit {
  const queue: Write[] = []
  const stats: CommitStats = { commits: 0, writes: 0, failures: 0, busyRetries: 0 }
  let scheduled = false
  let closed = false

  function flush(retries: number): void {
    for (let group = nextGroup(queue); group.length > 0; group = nextGroup(queue)) {
      const left = perform(group, { transact, stats, mayWait: retries < MAX_BUSY_RETRIES })
      queue.unshift(...left.writes)
      if (left.isBusy) {
        setTimeout(() => flush(retries + 1), BUSY_RETRY_MS)
        return
      }
      retries = 0
    }
    scheduled = false
  }

  return {
    stats,
    commit: (rule, options) => {
      if (closed) return Promise.reject(closedError())
      return new Promise((resolve, reject) => {
        // The answer that comes is what `rule` returned.
        const answer = resolve as (answer: unknown) => void
        const { once = false, urgent = false } = options ?? {}
        queue.push({ rule, alone: once, urgent, resolve: answer, reject })
        if (scheduled) return
        scheduled = true
        defer(() => flush(0))
      })
    },
    async drain() {
      closed = true
      while (scheduled) await new Promise((resolve) => setTimeout(resolve, 1))
    },
  }
}

export function closedError(): StoreUnavailableError {
  return new StoreUnavailableError('Expected an open store, found one that was closed. Open it again.')
}

function nextGroup(queue: Write[]): Write[] {
  const firstAlone = queue.findIndex(({ alone }) => alone)
  if (firstAlone === 0) return queue.splice(0, 1)
  return queue.splice(0, firstAlone === -1 ? MAX_GROUP : Math.min(firstAlone, MAX_GROUP))
}

type Means = { readonly transact: Transact; readonly stats: CommitStats; readonly mayWait: boolean }

/** Answers a group; returns the writes that have to be tried again. */
function perform(
  group: readonly Write[],
  { transact, stats, mayWait }: Means,
): { writes: readonly Write[]; isBusy: boolean } {
  const rules = group.map(({ rule }) => rule)
  const done = transact(rules, { urgent: group.every(({ urgent }) => urgent) })
  if (done.type === 'committed') {
    stats.commits += 1
    stats.writes += group.length
    for (const [index, { resolve }] of group.entries()) resolve(done.answers[index])
    return { writes: [], isBusy: false }
  }
  if (done.type === 'busy' && mayWait) {
    stats.busyRetries += 1
    return { writes: group, isBusy: true }
  }
  stats.failures += 1
  if (done.type === 'failed' && group.length > 1)
    return { writes: group.map((write) => ({ ...write, alone: true })), isBusy: false }
  for (const { reject } of group) reject(done.error)
  return { writes: [], isBusy: false }
}
