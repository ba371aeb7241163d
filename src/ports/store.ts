/**
 * The store: the log, the heads, and who may drive. One contract for every store, with one conformance suite
 * (`storeConformance` in `pawl/testing`).
 *
 * What every store promises:
 * - A write commits whole or not at all; once a promise resolves with an accepted answer, it survives SIGKILL and power loss.
 * - `seq` is dense from 1; `at` never falls; `hash` chains every event to the one before it (`docs/decisions/0001-permanent-formats.md`).
 * - Every method may throw `StoreUnavailableError` or `StoreFullError`, and then has written nothing; or `StoreUnclearError`, and
 *   then may have written everything. Nothing else is thrown for reasons outside the caller's control.
 * - A mistake of the caller (no events, a `commandId` twice in one append, a body that is not well-formed) throws, and writes nothing.
 */
import type { Gate } from '../core/index.ts'

/** The public key of a session. */
export type SessionRef = { readonly tenant: string; readonly sessionId: string }

/** An event on its way into a log. `body` is the canonical JSON of the event without its `type`. */
export type NewEvent = { readonly kind: string; readonly format: number; readonly body: string; readonly commandId?: string }

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
  /** Unclean ends of workers that held it: two at most from ends in company, the third only from dying alone. */
  readonly deaths: number
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
  | { readonly type: 'unknown_session' }

/** Appended whatever the version, stamped by the store, under the head row's conditions. Always wakes the session. */
export type UnconditionalAppend = {
  readonly ref: SessionRef
  readonly event: NewEvent
  /** The gates through which it may come. */
  readonly gates: readonly Gate[]
  /** Where it reopens a session: the gate afterwards. */
  readonly gateAfter?: Gate
  readonly wake: boolean
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
  | { readonly type: 'unknown_session' }

/** The log. */
export interface EventLog {
  create(session: NewSession): Promise<Created>
  append(append: Append): Promise<Appended>
  appendUnconditionally(append: UnconditionalAppend): Promise<UnconditionallyAppended>
  /**
   * Calls `decide` once under the head row's lock; what it returns is appended in the same transaction (null: nothing is written).
   * `decide` is synchronous, and its `version` must be the head's. For what lost its race twice.
   */
  appendLocked(ref: SessionRef, after: number, decide: (locked: Locked) => Append | null): Promise<Appended | { readonly type: 'nothing' }>
  /** In order, at most `limit`, with `seq > after`. */
  read(ref: SessionRef, after: number, limit: number): Promise<readonly StoredEvent[]>
}

/**
 * Who may drive. A worker is one incarnation of a process; it has one lease, and renews it at half. A lease that ran out is not
 * renewed: the worker enlists anew. Leases save work; fences alone keep the log right.
 */
export interface Leases {
  /** `holder` is what `Env.isDead` understands. */
  enlist(worker: { readonly workerId: string; readonly holder: string; readonly leaseMs: number }): Promise<{ readonly storeNow: number }>
  renew(workerId: string, leaseMs: number): Promise<{ readonly type: 'renewed'; readonly storeNow: number } | { readonly type: 'refused' }>
  /** Ends the worker's lease; what it still holds counts as released uncleanly only if it was not released before. */
  dismiss(workerId: string): Promise<void>
  /** Every worker whose lease runs, for finding dead holders. */
  workers(): Promise<readonly { readonly workerId: string; readonly holder: string; readonly leaseUntil: number }[]>
  /**
   * Takes the session for the worker if nobody holds it, its holder's lease has run out, its holder is in `deadWorkers`, or it is
   * the holder itself (whose activation ended without a release: no death). `wakeAt` is then not after now.
   * An unclean end of another holder counts as a death (see `Head.deaths`). `alone` says whether the activation that begins drives
   * alone; it is kept, and decides how its own unclean end counts.
   */
  claim(ref: SessionRef, claim: { readonly workerId: string; readonly format: number; readonly deadWorkers: readonly string[]; readonly alone: boolean }): Promise<Claimed>
  /** Lets go, if fence and version still stand; otherwise `refused`, and nothing changes. Resets `deaths` where `rested`. May be repeated. */
  release(ref: SessionRef, release: { readonly fence: number; readonly version: number; readonly wakeAt: number | null; readonly rested: boolean }): Promise<'released' | 'refused'>
  /**
   * Sessions to look at: `wakeAt <= now`, and held by nobody, by a lease that ran out, or by one of `deadWorkers`; none of a format
   * above `format`, and of no agent but `agents` (absent: of any), so that what this program cannot drive does not fill the list. Earliest first. `nextWakeAt` is the first moment
   * at which the answer may be another (a `wakeAt`, or the end of a lease); not after `storeNow` where `limit` left some out.
   */
  due(due: { readonly limit: number; readonly deadWorkers: readonly string[]; readonly format?: number; readonly agents?: readonly string[] }): Promise<{ readonly refs: readonly SessionRef[]; readonly nextWakeAt: number | null; readonly storeNow: number }>
  /** Which of these heads are no longer at the version (or the fence) that the caller knows. */
  moved(known: readonly { readonly ref: SessionRef; readonly version: number; readonly fence: number }[]): Promise<readonly SessionRef[]>
}

export type SessionFilter = {
  readonly tenant?: string
  readonly agent?: string
  /** A prefix: `blocked` finds `blocked(approval)`. */
  readonly status?: string
  readonly limit: number
  /** Sessions created before this one, newest first. */
  readonly before?: string
}

/** What people look at. */
export interface Views {
  head(ref: SessionRef): Promise<Head | null>
  /** Newest first. */
  sessions(filter: SessionFilter): Promise<readonly Head[]>
  /** Open ones, the oldest first. */
  approvals(filter: { readonly tenant?: string; readonly limit: number }): Promise<readonly ApprovalRow[]>
}

/** Caches and content that is addressed by its hash. Losing a snapshot costs time and nothing else. */
export interface Blobs {
  saveSnapshot(ref: SessionRef, snapshot: { readonly version: number; readonly reducerHash: string; readonly bytes: Uint8Array }): Promise<void>
  snapshot(ref: SessionRef): Promise<{ readonly version: number; readonly reducerHash: string; readonly bytes: Uint8Array } | null>
  /** Stores a definition once per hash. */
  saveDefinition(definitionHash: string, body: string): Promise<void>
  definition(definitionHash: string): Promise<string | null>
}

export interface Store extends EventLog, Leases, Views, Blobs {
  /** For messages and `doctor`: `memory`, `sqlite`, … */
  readonly name: string
  /** What an accepted write survives. Anything but `power_loss` has been asked for, and is shown. */
  readonly durability: 'power_loss' | 'process_crash' | 'none'
  close(): Promise<void>
}
