/** Mistakes that the checks must notice, and the check that has to be among those that do. */
import type { DatabaseSync } from 'node:sqlite'
import type { Store } from 'pawl/ports'
import type { WorkerBug } from './planted-worker.ts'
import type { CheckName } from './violation.ts'
import type { Mode } from './worker-orders.ts'

export type Plant = {
  readonly bug: string
  /** The rounds that it is planted in. */
  readonly mode: Mode
  /** Any of these is the right one to notice it. */
  readonly caughtBy: readonly CheckName[]
  readonly worker?: WorkerBug
  /** The store as the people of the round see it. */
  readonly peoplesStore?: (store: Store) => Store
  /** Done to the file when all is over. */
  readonly tamper?: (file: DatabaseSync) => void
}

const ofKill: readonly Omit<Plant, 'mode'>[] = [
  { bug: 'an idempotent tool that ignores its key', caughtBy: ['lands_once'], worker: 'keys_ignored' },
  {
    bug: 'an unsafe tool declared idempotent',
    caughtBy: ['starts_once'],
    worker: 'unsafe_declared_idempotent',
  },
  {
    bug: 'a resume that takes every fence for its own',
    caughtBy: ['starts_once', 'intent'],
    worker: 'fence_ignored',
  },
  { bug: 'a cancel that is ignored', caughtBy: ['cancel'], worker: 'cancel_ignored' },
  { bug: 'an approval that is ignored', caughtBy: ['approval'], worker: 'approval_ignored' },
  { bug: 'a worker that never looks for what is due', caughtBy: ['rest'], worker: 'wakes_ignored' },
  {
    bug: 'a message acknowledged that was never written',
    caughtBy: ['acknowledged'],
    peoplesStore: forgetful,
  },
  {
    bug: 'a body changed in the file',
    caughtBy: ['chain'],
    tamper: (file) => file.exec(`UPDATE events SET body = replace(body, 'Run some', 'Skip all') WHERE seq = 2`),
  },
  {
    bug: 'a log cut off at its end',
    caughtBy: ['chain'],
    tamper: (file) =>
      file.exec('DELETE FROM events WHERE event_key IN (SELECT max(event_key) FROM events GROUP BY session_key)'),
  },
]

const ofFreeze: readonly Omit<Plant, 'mode'>[] = [
  { bug: 'no lease check before a start', caughtBy: ['late_start'], worker: 'may_start_ignored' },
  {
    bug: 'a clock that stands still while its process is frozen',
    caughtBy: ['late_start'],
    worker: 'clock_stands_still',
  },
  { bug: 'an append under whatever fence stands', caughtBy: ['fence'], worker: 'fence_unchecked' },
  { bug: 'a tool that does not heed startBy', caughtBy: ['late_begin'], worker: 'start_by_ignored' },
]

const ofTerm: readonly Omit<Plant, 'mode'>[] = [
  { bug: 'a drain that waits for nothing', caughtBy: ['released'], worker: 'drained_at_once' },
  { bug: 'a drain that forgets to let go', caughtBy: ['released'], worker: 'release_forgotten' },
  { bug: 'a drain that begins something new', caughtBy: ['drain'], worker: 'drained_late' },
  { bug: 'a drain that cuts off what it should wait for', caughtBy: ['drain'], worker: 'drain_cuts' },
  { bug: 'a message acknowledged before it is written', caughtBy: ['acknowledged'], worker: 'acknowledged_early' },
]

export const plants: readonly Plant[] = [
  ...ofKill.map((plant) => ({ ...plant, mode: 'kill' }) as const),
  ...ofFreeze.map((plant) => ({ ...plant, mode: 'freeze' }) as const),
  ...ofTerm.map((plant) => ({ ...plant, mode: 'term' }) as const),
]

/** Says yes to every third message, and writes nothing. */
function forgetful(store: Store): Store {
  let messages = 0
  return {
    ...store,
    appendUnconditionally: async (append) => {
      if (append.event.kind === 'message_received') messages += 1
      const isForgotten = append.event.kind === 'message_received' && messages % 3 === 0
      if (!isForgotten) return store.appendUnconditionally(append)
      const head = await store.head(append.ref)
      return { type: 'appended', seq: (head?.version ?? 0) + 1, at: Date.now() }
    },
  }
}
