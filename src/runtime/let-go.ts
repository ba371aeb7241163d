import type { SessionRef, Store } from '../ports/index.ts'

const MAX_RELEASES = 8

export type LettingGo = { readonly fence: number; readonly version: number; readonly wakeAt: number }

/**
 * Lets go of a session as it was. Refused where somebody has written meanwhile: then against what stands there now, so that
 * nobody takes the end for a death, and the session is not held by a worker that does not drive it.
 */
export async function letGo(store: Store, ref: SessionRef, { fence, version, wakeAt }: LettingGo): Promise<void> {
  let current = version
  for (let tries = 0; tries < MAX_RELEASES; tries += 1) {
    if ((await store.release(ref, { fence, version: current, wakeAt, rested: false })) === 'released') return
    const head = await store.head(ref)
    if (head === null || head.fence !== fence || head.workerId === null) return
    current = head.version
  }
}
