/**
 * What a store that runs inside the process keeps, as rows, and the few things the rules do with them. The rules (`append.ts`,
 * `leases.ts`) are written once over it, and all of it is synchronous: whoever calls a rule makes it atomic.
 */
import type {
  ApprovalFilter,
  ApprovalRow,
  Artifact,
  Head,
  NewEvent,
  SessionFilter,
  SessionRef,
  StoredEvent,
  Sweep,
} from '../ports/index.ts'
import type { Seal } from './chain.ts'

/** A head as it is kept. `key` is the store's own; `alone`: the activation that holds it drives it alone. */
export type HeadRow = Head & { readonly key: number; readonly alone: boolean }

/** The part of a head that an append changes. */
export type LogEnd = Pick<HeadRow, 'version' | 'hash' | 'at' | 'format' | 'gate' | 'status'>

/** The part of a head that a claim and a release change. */
export type Hold = Pick<HeadRow, 'fence' | 'workerId' | 'alone' | 'deaths' | 'wakeAt'>

export type WorkerRow = { readonly workerId: string; readonly holder: string; readonly leaseUntil: number }

/** `bytes`: null where they stand in a file of their own. */
export type KeptArtifact = Omit<Artifact, 'bytes'> & { readonly bytes: Uint8Array | null }

export type GoneArtifact = { readonly tenant: string; readonly hash: string; readonly isFile: boolean }

export type Snapshot = { readonly version: number; readonly reducerHash: string; readonly bytes: Uint8Array }

export type DueQuery = {
  readonly now: number
  readonly limit: number
  readonly deadWorkers: readonly string[]
  readonly format: number
  /** Null: of any agent. */
  readonly agents: readonly string[] | null
}

export interface Tables {
  head(ref: SessionRef): HeadRow | undefined
  insertHead(head: Head): HeadRow
  saveLogEnd(key: number, end: LogEnd): void
  saveHold(key: number, hold: Hold): void
  saveWakeAt(key: number, wakeAt: number): void

  seqOfCommand(key: number, commandId: string): number | undefined
  insertEvent(key: number, event: StoredEvent, commandId: NewEvent['commandId']): void
  /** In order, with `seq > after`. */
  events(ref: SessionRef, after: number, limit: number): readonly StoredEvent[]

  saveApproval(key: number, approval: Omit<ApprovalRow, keyof SessionRef>): void
  deleteApproval(key: number, approvalId: string): void
  approvals(filter: ApprovalFilter): readonly ApprovalRow[]

  worker(workerId: string): WorkerRow | undefined
  workers(now: number): readonly WorkerRow[]
  saveWorker(worker: WorkerRow): void
  deleteWorker(workerId: string): void
  deleteExpiredWorkers(now: number): void

  due(query: DueQuery): readonly (SessionRef & { readonly wakeAt: number })[]
  /** The first moment after `now` at which a session's time comes, or the lease of one whose time has come runs out. */
  nextMoment(query: DueQuery): number | null
  heads(filter: SessionFilter): readonly Head[]

  snapshot(ref: SessionRef): Snapshot | undefined
  saveSnapshot(key: number, snapshot: Snapshot): void
  definition(definitionHash: string): string | undefined
  saveDefinition(definitionHash: string, body: string): void

  artifact(tenant: string, hash: string): KeptArtifact | undefined
  /** Saved again: its time; its media type stays. */
  saveArtifact(tenant: string, artifact: KeptArtifact): void
  hasArtifact(tenant: string, hash: string): boolean
  /** By a session: it stays. */
  useArtifact(key: number, use: ArtifactUse): void
  /** Those that no session uses, the oldest first. */
  sweepArtifacts(sweep: Sweep): readonly GoneArtifact[]
  /** A session uses none any more; with its use go those that no other has, and that were not saved after it. */
  dropArtifacts(key: number): readonly GoneArtifact[]

  /** Bodies, salts and command ids of its events, its snapshot and its approvals; how many bodies there were. */
  eraseContent(key: number): number
  /** What stays of its head, with a new fence. */
  saveTombstone(key: number, erasedAt: number): void
}

/** `at`: when its event was appended, by the clock that `savedAt` is of. */
export type ArtifactUse = { readonly tenant: string; readonly hash: string; readonly at: number }

/** What every rule needs. */
export type Rules = {
  readonly tables: Tables
  /** The store's clock, epoch milliseconds. */
  readonly now: () => number
  readonly maxSkewMs: number
  readonly seal: Seal
}

/** A row as the port shows it. */
export function toHead({ key: _key, alone: _alone, ...head }: HeadRow): Head {
  return head
}
