/** What a writer is told, and what it says: each line that it writes to stdout is an acknowledgement, and stands in the trace. */

/** `early_acknowledgement`: says that an append stands before it is asked for. `never_syncs`: the store asks for no sync at all. */
export type WriterBug = 'early_acknowledgement' | 'never_syncs'

export type WriterOrders = {
  readonly seed: string
  readonly storePath: string
  readonly durability: 'power_loss' | 'process_crash'
  /** The store is opened and closed again this many times. */
  readonly lives: number
  readonly sessionsInALife: number
  readonly bug: WriterBug | null
}

/**
 * `appended`: the log of a session reaches to `version`, where `hash` chains all that stands before; null where the writer says so too
 * early to know it. `claimed`: an activation has this fence. `done`: the writer came to its end.
 */
export type Acknowledgement =
  | { readonly type: 'appended'; readonly sessionId: string; readonly version: number; readonly hash: string | null }
  | { readonly type: 'claimed'; readonly sessionId: string; readonly fence: number }
  | { readonly type: 'done' }

/** The store's folder, and one above it, are not there when the writer begins: the store has to make them. */
export const FOLDERS = ['stores', 'first'] as const
export const STORE_FILE = 'sessions.db'
export const LOG_FILE = `${STORE_FILE}-wal`
export const TENANT = 'default'
