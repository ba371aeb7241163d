/** Whether the store takes writes, what they survive, and whether its clock is ours. */
import type { Limits, Store } from '../../index.ts'
import { nodeEnv } from '../../runtime/index.ts'
import { duration } from '../render/units.ts'
import { bad, type Check, ok, warn } from './check.ts'

/** A clock that is off by more is worth a word, long before commits are refused. */
const SKEW_TOLD_MS = 2_000

export async function checkStore(store: Store, path: string | null, limits: Limits): Promise<readonly Check[]> {
  const where = path === null ? store.name : `${store.name}, ${path}`
  const env = nodeEnv()
  const workerId = env.uuid()
  const askedAt = env.now()
  const { storeNow } = await store.enlist({ workerId, holder: env.holder, leaseMs: limits.leaseMs })
  const tookMs = env.now() - askedAt
  await store.dismiss(workerId)
  return [
    ok('store', `${where}; a write took ${duration(tookMs)}`),
    durability(store),
    clock(storeNow - askedAt - tookMs / 2, limits),
  ]
}

function durability({ durability: survives }: Store): Check {
  switch (survives) {
    case 'power_loss':
      return ok('durability', 'power_loss: what was acknowledged survives the machine')
    case 'process_crash':
      return warn(
        'durability',
        'process_crash: the last commits may be lost with the machine',
        "Ask for durability: 'power_loss' where that is not wanted.",
      )
    case 'none':
      return bad('durability', 'none: everything is gone when this process ends', "Use sqliteStore('.pawl/pawl.db').")
  }
}

function clock(offMs: number, { maxSkewMs }: Limits): Check {
  const says = `${duration(Math.abs(offMs))} off the store’s clock`
  if (Math.abs(offMs) > maxSkewMs)
    return bad('clock', says, `Commits are refused beyond ${duration(maxSkewMs)}: set the machine’s time.`)
  return Math.abs(offMs) > SKEW_TOLD_MS
    ? warn('clock', says, 'Let NTP set the time of both machines.')
    : ok('clock', says)
}
