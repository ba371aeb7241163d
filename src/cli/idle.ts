/** When a worker has nothing left to do. */
import { setTimeout as after } from 'node:timers/promises'
import type { App } from './app.ts'

/** Looks in a row that must find nothing: between a drive's end and the next one's start there is an instant without either. */
const QUIET_LOOKS = 2

export type IdleOptions = { readonly underWay: () => number; readonly signal: AbortSignal }

/** Resolves when no session is driven or due, and none comes due within the longest backoff; or when the signal comes. */
export async function idle({ store, limits }: App, { underWay, signal }: IdleOptions): Promise<void> {
  for (let quiet = 0; quiet < QUIET_LOOKS && !signal.aborted; ) {
    await after(Math.min(limits.noticeMs, 100), undefined, { signal }).catch(() => undefined)
    const { refs, nextWakeAt, storeNow } = await store.due({ limit: 1, deadWorkers: [] })
    const isSoon = nextWakeAt !== null && nextWakeAt - storeNow <= limits.maxBackoffMs
    quiet = underWay() === 0 && refs.length === 0 && !isSoon ? quiet + 1 : 0
  }
}
