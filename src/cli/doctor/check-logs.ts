/** The chains of the newest sessions; `pawl verify` checks all of them. */
import type { Store } from '../../index.ts'
import { counted } from '../render/units.ts'
import { newestFirst, shortId } from '../session-name.ts'
import { isSound, verifySession } from '../verify-log.ts'
import { bad, type Check, ok } from './check.ts'

const MAX_VERIFIED = 20

export async function checkLogs(store: Store): Promise<readonly Check[]> {
  const broken: string[] = []
  const emptied: string[] = []
  let verified = 0
  for await (const head of newestFirst(store, undefined, MAX_VERIFIED)) {
    const each = await verifySession(store, head)
    const { check, erased } = each
    verified += 1
    if (check.type === 'holds' && !isSound(each))
      emptied.push(`${shortId(head.sessionId)} (${counted(erased, 'event')})`)
    if (check.type === 'broken') broken.push(`${shortId(head.sessionId)} at event ${check.seq}`)
  }
  if (broken.length > 0)
    return [
      bad(
        'logs',
        `the hash chain is broken: ${broken.join(', ')}`,
        'Somebody or something changed what was written: pawl verify',
      ),
    ]
  if (emptied.length > 0)
    return [
      bad(
        'logs',
        `bodies of events are gone: ${emptied.join(', ')}`,
        'Nothing in Pawl takes them out: restore the file from a backup; pawl verify',
      ),
    ]
  return [
    ok('logs', verified === 0 ? 'none to check' : `the hash chains of the newest ${counted(verified, 'session')} hold`),
  ]
}
