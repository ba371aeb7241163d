import type { SessionRef } from '../ports/index.ts'

/**
 * The key of a call for systems outside, the same for every attempt: `session/call`, with the tenant in front where it is not
 * `default`. Tenants may choose the same session ids; neither may be given what the other's call has done.
 */
export function idempotencyKeyOf({ tenant, sessionId }: SessionRef, callId: string): string {
  const parts = tenant === 'default' ? [sessionId] : [tenant, sessionId]
  return [...parts.map(encodeURIComponent), callId].join('/')
}
