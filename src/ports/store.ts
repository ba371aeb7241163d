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
import type { JsonObject } from '../core/index.ts'
import type {
  Append,
  Appended,
  ApprovalFilter,
  ApprovalRow,
  Artifact,
  Claimed,
  Created,
  Erased,
  EraseOptions,
  Head,
  Locked,
  NewArtifact,
  NewSession,
  SessionFilter,
  SessionRef,
  StoredEvent,
  Sweep,
  UnconditionalAppend,
  UnconditionallyAppended,
} from './store-records.ts'

/** The log. */
export interface EventLog {
  create(session: NewSession): Promise<Created>
  append(append: Append): Promise<Appended>
  appendUnconditionally(append: UnconditionalAppend): Promise<UnconditionallyAppended>
  /**
   * Calls `decide` once under the head row's lock; what it returns is appended in the same transaction (null: nothing is written).
   * `decide` is synchronous, and its `version` must be the head's. For what lost its race twice.
   */
  appendLocked(
    ref: SessionRef,
    after: number,
    decide: (locked: Locked) => Append | null,
  ): Promise<Appended | { readonly type: 'nothing' }>
  /** In order, at most `limit`, with `seq > after`. */
  read(ref: SessionRef, after: number, limit: number): Promise<readonly StoredEvent[]>
}

/**
 * Who may drive. A worker is one incarnation of a process; it has one lease, and renews it at half. A lease that ran out is not
 * renewed: the worker enlists anew. Leases save work; fences alone keep the log right.
 */
export interface Leases {
  /** `holder` is what `Env.isDead` understands. */
  enlist(worker: {
    readonly workerId: string
    readonly holder: string
    readonly leaseMs: number
  }): Promise<{ readonly storeNow: number }>
  /** For 0 ms: the lease is over now, and so is the worker, which stays listed while it holds a session. */
  renew(
    workerId: string,
    leaseMs: number,
  ): Promise<{ readonly type: 'renewed'; readonly storeNow: number } | { readonly type: 'refused' }>
  /** Ends the worker's lease; what it still holds counts as released uncleanly only if it was not released before. */
  dismiss(workerId: string): Promise<void>
  /** Every worker whose lease runs, or that still holds a session, for finding dead holders. */
  workers(): Promise<readonly { readonly workerId: string; readonly holder: string; readonly leaseUntil: number }[]>
  /**
   * Takes the session for the worker if nobody holds it, its holder's lease has run out, its holder is in `deadWorkers`, or it is
   * the holder itself (whose activation ended without a release: no death). `wakeAt` is then not after now.
   * An unclean end of another holder counts as a death (see `Head.deaths`). `alone` says whether the activation that begins drives
   * alone; it is kept, and decides how its own unclean end counts.
   */
  claim(
    ref: SessionRef,
    claim: {
      readonly workerId: string
      readonly format: number
      readonly deadWorkers: readonly string[]
      readonly alone: boolean
    },
  ): Promise<Claimed>
  /** Lets go, if fence and version still stand; otherwise `refused`, and nothing changes. Resets `deaths` where `rested` (an append with `isProgress` does, too). May be repeated. */
  release(
    ref: SessionRef,
    release: {
      readonly fence: number
      readonly version: number
      readonly wakeAt: number | null
      readonly rested: boolean
    },
  ): Promise<'released' | 'refused'>
  /**
   * Sessions to look at: `wakeAt <= now`, and held by nobody, by a lease that ran out, or by one of `deadWorkers`; none of a format
   * above `format`, and of no agent but `agents` (absent: of any), so that what this program cannot drive does not fill the list. Earliest first. `nextWakeAt` is the first moment
   * at which the answer may be another (a `wakeAt`, or the end of a lease); not after `storeNow` where `limit` left some out.
   */
  due(due: {
    readonly limit: number
    readonly deadWorkers: readonly string[]
    readonly format?: number
    readonly agents?: readonly string[]
  }): Promise<{ readonly refs: readonly SessionRef[]; readonly nextWakeAt: number | null; readonly storeNow: number }>
  /** Which of these heads are no longer at the version (or the fence) that the caller knows. */
  moved(
    known: readonly { readonly ref: SessionRef; readonly version: number; readonly fence: number }[],
  ): Promise<readonly SessionRef[]>
}

/** What people look at. */
export interface Views {
  head(ref: SessionRef): Promise<Head | null>
  /** Newest first; with `endedBefore` what ended first. */
  sessions(filter: SessionFilter): Promise<readonly Head[]>
  /** Open ones, the oldest first. */
  approvals(filter: ApprovalFilter): Promise<readonly ApprovalRow[]>
}

/** Caches and content that is addressed by its hash. Losing a snapshot costs time and nothing else. */
export interface Blobs {
  saveSnapshot(
    ref: SessionRef,
    snapshot: { readonly version: number; readonly reducerHash: string; readonly bytes: Uint8Array },
  ): Promise<void>
  snapshot(
    ref: SessionRef,
  ): Promise<{ readonly version: number; readonly reducerHash: string; readonly bytes: Uint8Array } | null>
  /** Stores a definition once per hash. */
  saveDefinition(definitionHash: string, body: string): Promise<void>
  definition(definitionHash: string): Promise<string | null>
}

/** Outputs that are too large for a prompt. Addressed by (tenant, hash): the same content is stored once for each tenant. */
export interface Artifacts {
  /**
   * Stores the bytes, as durably as an append; they are there when this resolves, before any event names them. Saved again, only its
   * `savedAt` changes. The bytes are copied. Throws where they do not have this hash.
   */
  saveArtifact(tenant: string, artifact: NewArtifact): Promise<void>
  /** Null: there is none, it was erased, or what is left of it does not have its hash. */
  artifact(tenant: string, hash: string): Promise<Artifact | null>
  /**
   * Takes away those that no session's events have named (`HeadChange.artifacts`), and that were saved before a moment: a worker may
   * have died between the two. Answers how many went.
   */
  sweepArtifacts(sweep: Sweep): Promise<number>
}

/** The end of what is kept. */
export interface Retention {
  /**
   * In one transaction: bodies, salts and command ids of all its events go, with its snapshot, its open approvals, and the artifacts
   * that no other session uses and that nobody has saved since its events named them. Kinds, times and hashes stay, so that the chain
   * holds, and the head as a tombstone: status `erased`, gate `final`, never due, with a fence that no driver has.
   *
   * An erased session is never claimed, takes no event and no snapshot. May be repeated, and then finds no events; after a
   * `StoreUnclearError` it should be, because traces of the content may be left until it has answered.
   */
  erase(ref: SessionRef, options: EraseOptions): Promise<Erased>
  /**
   * Writes what is kept anew, so that no unused room holds a copy of anything that was erased. Takes time and room in proportion to
   * the whole store, and others wait to write meanwhile; an erasure means it when nothing of the content may be left on the disk.
   * Throws `StoreUnclearError` where that could not be done: what was erased is, and it should be repeated.
   */
  scrub(): Promise<void>
}

/** `module` (an address for `import()`) exports a function named `open`, which takes `options` and answers with a `Store`. */
export type StoreInThread = { readonly module: string; readonly open: string; readonly options: JsonObject }

export interface Store extends EventLog, Leases, Views, Blobs, Artifacts, Retention {
  /** For messages and `doctor`: `memory`, `sqlite`, … */
  readonly name: string
  /** What an accepted write survives. Anything but `power_loss` has been asked for, and is shown. */
  readonly durability: 'power_loss' | 'process_crash' | 'none'
  /** How a thread beside this one opens the same store for itself; absent where it cannot. */
  readonly inThread?: StoreInThread
  close(): Promise<void>
}
