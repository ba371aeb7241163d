/** Of a session that was erased there is nothing to be shown but that it was there. */
import type { Head, SessionRef, Store } from '../ports/index.ts'
import { CliError } from './errors.ts'
import { absolute } from './render/units.ts'
import { shortId } from './session-name.ts'

export function isErasedHead({ status }: Pick<Head, 'status'>): boolean {
  return status === 'erased'
}

/** @throws CliError `session_erased`, which says when, and what is left. */
export async function refuseErased(store: Store, { tenant, sessionId }: SessionRef): Promise<void> {
  const head = await store.head({ tenant, sessionId })
  if (head === null || !isErasedHead(head)) return
  const id = shortId(sessionId)
  const when = head.erasedAt === null ? '' : ` at ${absolute(head.erasedAt)}`
  throw new CliError(
    'session_erased',
    `session ${id} was erased${when}: its content is gone. What is left, ids, times, kinds and hashes, \`pawl verify ${id}\` checks and \`pawl export ${id}\` prints.`,
  )
}
