/** The chain of one session of an export, event by event. */
import type { StoredEvent } from '../../ports/index.ts'
import { type ChainCheck, type ChainPlace, verifyChain } from '../../stores/chain.ts'
import { isErasedHead } from '../erased-session.ts'
import type { ExportedHead } from '../exported-heads.ts'
import type { Verified } from '../verify-log.ts'

type FileHead = ExportedHead & { readonly status: string }

export interface SessionCheck {
  /** Whether the log holds up to here and with it. */
  event(event: StoredEvent, how: { readonly isMasked: boolean }): ChainCheck['type']
  /** When all events have been given. */
  verified(): Verified
}

export function sessionCheck(head: FileHead, kept: readonly ExportedHead[]): SessionCheck {
  const { tenant, sessionId } = head
  const ref = { tenant, sessionId }
  const before = kept.find((each) => each.tenant === tenant && each.sessionId === sessionId)
  let place: ChainPlace = { version: 0, hash: '' }
  let broken: Extract<ChainCheck, { type: 'broken' }> | null = null
  let erased = 0
  return {
    event: (event, { isMasked }) => {
      if (broken !== null) return 'broken'
      const check = verifyChain(ref, [event], { after: place })
      if (check.type === 'broken') broken = check
      else if (before?.version === check.version && before.hash !== check.hash)
        broken = { type: 'broken', seq: check.version, reason: 'head' }
      else place = check
      if (broken !== null) return 'broken'
      if (event.body === null && !isMasked) erased += 1
      return 'holds'
    },
    verified: () => {
      const isErased = isErasedHead(head)
      const end = broken ?? verifyChain(ref, [], { after: place, head })
      if (end.type === 'broken' || before === undefined || before.version <= end.version)
        return { ...ref, check: end, erased, isErased }
      return { ...ref, check: { type: 'broken', seq: before.version, reason: 'missing' }, erased, isErased }
    },
  }
}
