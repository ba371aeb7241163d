/** What goes into a store and comes out of it. The promises are those of `store.ts`. */
import type { Gate } from '../core/index.ts'

/** The public key of a session. */
export type SessionRef = { readonly tenant: string; readonly sessionId: string }

/** An event on its way into a log. `body` is the canonical JSON of the event without its `type`. */
export type NewEvent = {
  readonly kind: string
  readonly format: number
  readonly body: string
  readonly commandId?: string
}

/** An event as it stands in a log. `body` and `salt` are null after an erasure; the chain still holds through `bodyHash`. */
export type StoredEvent = {
  readonly seq: number
  /** Epoch milliseconds. */
  readonly at: number
  readonly kind: string
  readonly format: number
  readonly body: string | null
  /** 32 hex characters. */
  readonly salt: string | null
  /** sha256 (hex) over the canonical array of salt and body. */
  readonly bodyHash: string
  /** sha256 (hex) over the canonical array of the previous hash and this event's fields. */
  readonly hash: string
}

/** What a head row shows. */
export type Head = SessionRef & {
  readonly agent: string
  /** hash(tenant) modulo 1024. */
  readonly shard: number
  /** The highest format that an event of the session needs. */
  readonly format: number
  /** The `seq` of the last event. */
  readonly version: number
  readonly hash: string
  /** Of the last event. */
  readonly at: number
  readonly createdAt: number
  readonly gate: Gate
  /** For lists: `running`, `blocked(approval)`, `done`, … as of the driver's last commit. */
  readonly status: string
  /** When somebody should look; null: nothing to do until a command comes. */
  readonly wakeAt: number | null
  readonly fence: number
  /** The worker that holds it; null: nobody drives it. */
  readonly workerId: string | null
  /** Unclean ends of workers that held it since it last rested or got on: two at most from ends in company, the third only from dying alone. */
  readonly deaths: number
  /** When its content was erased, epoch milliseconds of the store's clock; null: it has it. An erased session is at rest for ever. */
  readonly erasedAt: number | null
}

/** A row of the list of open approvals, kept in the append's own transaction. */
export type ApprovalRow = SessionRef & {
  readonly approvalId: string
  readonly requestedAt: number
  readonly expiresAt: number
  /** Canonical JSON for lists: call, tool, input, reason, … */
  readonly body: string
}

/** What a commit changes beside the log. Absent fields stay as they are. */
export type HeadChange = {
  readonly gate?: Gate
  readonly status?: string
  readonly openedApprovals?: readonly Omit<ApprovalRow, keyof SessionRef>[]
  readonly closedApprovals?: readonly string[]
  /** Hashes of artifacts that the events name: they stay for as long as the session does. */
  readonly artifacts?: readonly string[]
  /** Something was done that will not be done again: deaths before it are forgotten, as at rest. */
  readonly isProgress?: true
}

export type NewSession = {
  readonly ref: SessionRef
  readonly agent: string
  /** Stands as the session's first events. Their `at` is stamped by the store. */
  readonly events: readonly NewEvent[]
  readonly status: string
}

export type Created =
  | { readonly type: 'created'; readonly version: number; readonly storeNow: number }
  | { readonly type: 'exists'; readonly head: Head }

/** A driver's commit (`fence` set), or one of a person who has read the state (`fence` null). */
export type Append = {
  readonly ref: SessionRef
  /** The head's version that the events were made for. */
  readonly version: number
  readonly fence: number | null
  readonly events: readonly NewEvent[]
  /**
   * The driver's stamp; the store refuses one before the last event, or more than `maxSkewMs` off max(last event, its own clock), so
   * that a clock that was set back strands no session. Null: the store stamps, with that maximum.
   */
  readonly at: number | null
  readonly head: HeadChange
  /** Only with a null fence: wake the session (`wakeAt = now`). */
  readonly wake?: boolean
}

export type Appended =
  | { readonly type: 'appended'; readonly version: number; readonly storeNow: number }
  /** The version moved. */
  | { readonly type: 'conflict'; readonly version: number; readonly storeNow: number }
  /** Another activation has claimed the session. */
  | { readonly type: 'fenced' }
  /** A `commandId` stands in the log already, at this place. */
  | { readonly type: 'duplicate'; readonly seq: number }
  | { readonly type: 'skewed'; readonly storeNow: number }
  /** Nothing is appended to what is left of it. Drivers hear that they are fenced. */
  | { readonly type: 'erased' }
  | { readonly type: 'unknown_session' }

/** Appended whatever the version, stamped by the store, under the head row's conditions. Always wakes the session. */
export type UnconditionalAppend = {
  readonly ref: SessionRef
  readonly event: NewEvent
  /** The gates through which it may come. */
  readonly gates: readonly Gate[]
  /** Where it reopens a session: the gate afterwards. */
  readonly gateAfter?: Gate
  /** What the head shows afterwards; a status named in `keeps` stays. */
  readonly statusAfter?: { readonly status: string; readonly keeps: readonly string[] }
  readonly wake: boolean
  /** A store that is full takes it nevertheless where it has kept room back for such writes. */
  readonly urgent?: boolean
}

export type UnconditionallyAppended =
  | { readonly type: 'appended'; readonly seq: number; readonly at: number }
  | { readonly type: 'duplicate'; readonly seq: number }
  | { readonly type: 'refused'; readonly gate: Gate; readonly status: string }
  | { readonly type: 'unknown_session' }

/** What a locked decision is made on: all that stands after `after`, and the head, under the row's lock. */
export type Locked = { readonly head: Head; readonly tail: readonly StoredEvent[]; readonly storeNow: number }

export type Claimed =
  | {
      readonly type: 'claimed'
      /** New for every activation, one more than the last. */
      readonly fence: number
      readonly version: number
      readonly deaths: number
      readonly storeNow: number
      /** The fence before this one ended without a release, and its worker is dead, not only late. 0: not so. */
      readonly deadFence: number
    }
  | { readonly type: 'held'; readonly workerId: string }
  | { readonly type: 'format'; readonly format: number }
  /** There is nothing left to drive. */
  | { readonly type: 'erased' }
  | { readonly type: 'unknown_session' }

export type SessionFilter = {
  readonly tenant?: string
  readonly agent?: string
  /** A prefix: `blocked` finds `blocked(approval)`. */
  readonly status?: string
  readonly limit: number
  /** Only sessions behind this one in the order of the list. */
  readonly before?: SessionRef
  /** Sessions that have ended, are not erased, and whose last event is older, epoch milliseconds: what ended first comes first. */
  readonly endedBefore?: number
}

/** Absent: of every tenant, of every session. */
export type ApprovalFilter = { readonly tenant?: string; readonly sessionId?: string; readonly limit: number }

/** Content that is kept beside the log, addressed by its hash within a tenant. */
export type NewArtifact = {
  /** sha256 of the bytes, 64 hex characters. */
  readonly hash: string
  /** As `application/json` or `text/plain; charset=utf-8`. */
  readonly mediaType: string
  readonly bytes: Uint8Array
}

export type Artifact = NewArtifact & {
  /** Epoch milliseconds, of the store's clock: when it was saved last. */
  readonly savedAt: number
}

/** `before`: saved earlier, epoch milliseconds. `limit`: rows looked at in one transaction. */
export type Sweep = { readonly before: number; readonly limit: number }

export type EraseOptions = {
  /** Also a session that has not ended. */
  readonly evenIfOpen: boolean
  /** Else only one whose last event is older, epoch milliseconds: it may have gone on since somebody looked. */
  readonly endedBefore?: number
}

/** How many events had a body, and how many artifacts went. `open`: nothing was changed. */
export type Erased =
  | { readonly type: 'erased'; readonly events: number; readonly artifacts: number }
  | { readonly type: 'open'; readonly status: string }
  | { readonly type: 'unknown_session' }
