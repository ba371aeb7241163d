import { isStorable } from '../core/index.ts'
import type { SessionRef } from '../ports/index.ts'
import { UnknownSessionError } from './watch.ts'

/** Names a session; `tenant` is `default` where the application has only one. */
export type SessionName = { readonly sessionId: string; readonly tenant?: string }

/** Null where no session can have this name, because it is no text that can stand in a log: stores need not agree on what that means. */
export function namedRef(name: unknown): SessionRef | null {
  if (typeof name !== 'object' || name === null) return null
  // What is read is checked below.
  const { sessionId, tenant = 'default' } = name as { sessionId?: unknown; tenant?: unknown }
  if (typeof sessionId !== 'string' || typeof tenant !== 'string') return null
  return isStorable(sessionId) && isStorable(tenant) ? { tenant, sessionId } : null
}

/** @throws UnknownSessionError where no session can have this name. */
export function refOf(name: SessionName): SessionRef {
  const ref = namedRef(name)
  if (ref === null)
    throw new UnknownSessionError({ tenant: 'default', sessionId: 'of a name that is no well-formed text' })
  return ref
}
