/** What whoever asks for an erased session is told. */
import { type Head, PawlError, type SessionRef, type Store, type StoredEvent } from '../ports/index.ts'

/** The session's content was erased: its state cannot be had any more. `version`: how many events are left of it, without bodies. */
export class SessionErasedError extends PawlError {
  readonly erasedAt: number
  readonly version: number

  constructor({ tenant, sessionId, version }: Head, erasedAt: number) {
    super(
      'session_erased',
      `expected session ${sessionId} of tenant ${tenant} to have its content; found it erased at ${new Date(erasedAt).toISOString()}. ` +
        `What is left are the kinds, times and hashes of its ${version} events, for verifying. Start a new session`,
    )
    this.erasedAt = erasedAt
    this.version = version
  }
}

export function refuseErasedHead(head: Head | null): void {
  if (head !== null && head.erasedAt !== null) throw new SessionErasedError(head, head.erasedAt)
}

/** Before a page is decoded. A body that is gone from a session that was not erased is for the decoder to refuse. */
export async function refuseErased(
  store: Pick<Store, 'head'>,
  ref: SessionRef,
  page: readonly StoredEvent[],
): Promise<void> {
  if (page.some(({ body }) => body === null)) refuseErasedHead(await store.head(ref))
}
