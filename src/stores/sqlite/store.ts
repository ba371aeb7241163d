import { resolve } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { defaultLimits } from '../../core/limits.ts'
import type { Artifacts, Blobs, EventLog, Leases, Store, Views } from '../../ports/index.ts'
import { type RandomBytes, sealer } from '../chain.ts'
import { due } from '../leases.ts'
import { writes } from '../rules.ts'
import { type Rules, type Tables, toHead } from '../tables.ts'
import { type ArtifactFiles, artifactFiles } from './artifact-files.ts'
import { fileNames } from './artifact-tables.ts'
import { contentOf, contents } from './contents.ts'
import { logCutter } from './cut-log.ts'
import { beforeCommit, isBusy, notOurTables } from './errors.ts'
import {
  BUSY_RETRY_MS,
  type CommitStats,
  closedError,
  type Defer,
  groupCommit,
  MAX_BUSY_RETRIES,
} from './group-commit.ts'
import { movedHeads } from './moved.ts'
import { openInReserve } from './open.ts'
import { diskReserve, inTurn, pageReserve, RESERVE_BYTES } from './reserve.ts'
import { sqliteTables } from './tables.ts'
import { transactions } from './transact.ts'

export type SqliteStoreOptions = {
  /** A file on a local disk, or `:memory:`. */
  readonly path: string
  /**
   * What an accepted write survives. `power_loss` (default): every commit is synced. `process_crash`: SIGKILL, but the last commits
   * may be lost with the machine. A store in `:memory:` says `none`.
   */
  readonly durability?: 'power_loss' | 'process_crash'
  /** The store's clock, epoch milliseconds. Default: `Date.now`. */
  readonly now?: () => number
  /** How far a driver's stamp may be off the store's clock. Default: 5 minutes. */
  readonly maxSkewMs?: number
  /** Where the file may not grow without end: the write that would pass this size throws `StoreFullError`. */
  readonly maxFileBytes?: number
  /**
   * Room kept back for cancels, so that a session can be stopped where the disk is full: a file beside the database
   * (`<path>-reserve`), and of `maxFileBytes` at most a quarter. Default: 256 KiB. 0: none.
   */
  readonly reserveBytes?: number
  /** When writes that were asked for are committed together. Default: `setImmediate`. A simulator calls at once. */
  readonly defer?: Defer
  /** For the salts. Default: `node:crypto`. */
  readonly randomBytes?: RandomBytes
}

/** The file, and the room on its disk that is kept back for cancels, in bytes. */
export type StoreDisk = { readonly path: string; readonly reserveBytes: number }

/** `disk`: null where there is no file. */
export type SqliteStore = Store & { readonly stats: Readonly<CommitStats>; readonly disk: StoreDisk | null }

/**
 * The embedded store: one SQLite file, which several processes may open. Throws `StoreFileError` where the file is another program's
 * or a newer Pawl's.
 */
export function sqliteStore(options: string | SqliteStoreOptions): SqliteStore {
  const settings = typeof options === 'string' ? { path: options } : options
  const { path, durability = 'power_loss', now = Date.now, defer = setImmediate } = settings
  const synchronous = durability === 'power_loss' ? 'FULL' : 'NORMAL'
  const { maxFileBytes, reserveBytes = RESERVE_BYTES } = settings
  const disk = diskReserve(path, reserveBytes)
  const database = openInReserve(path, { synchronous }, disk)
  const pages = maxFileBytes === undefined ? [] : [pageReserve(database, maxFileBytes, reserveBytes)]
  const reserve = inTurn([...pages, disk])
  reserve.takeBack()
  const files = path === ':memory:' ? null : artifactFiles(`${path}.artifacts`)
  const { tables, isNamed } = tablesOf(database)
  const maxSkewMs = settings.maxSkewMs ?? defaultLimits.maxSkewMs
  const rules: Rules = { tables, now, maxSkewMs, seal: sealer(settings.randomBytes) }
  const { commit, stats, drain } = groupCommit(transactions(database, rules, reserve), defer)
  const moved = movedHeads(database, tables, () => stats.commits)
  const isOpen = () => database.isOpen
  const clearing = { cutLog: logCutter(database), vacuum: () => whenFree(isOpen, () => database.exec('VACUUM')) }
  return {
    name: 'sqlite',
    durability: path === ':memory:' ? 'none' : durability,
    stats,
    disk: path === ':memory:' ? null : { path, reserveBytes },
    ...inThread(settings),
    ...writes(commit),
    ...contents({ commit, files, isNamed, ...clearing, now }),
    ...reads(rules, { moved, files, isOpen }),
    async close() {
      await drain()
      if (database.isOpen) database.close()
    },
  }
}

/** A damaged schema shows where its statements are prepared; what is thrown leaves no connection behind. */
function tablesOf(database: DatabaseSync): { readonly tables: Tables; readonly isNamed: (name: string) => boolean } {
  try {
    return { tables: sqliteTables(database), isNamed: fileNames(database) }
  } catch (error) {
    database.close()
    throw notOurTables(error)
  }
}

/** Another connection to the same file, which leaves the reserve to this one. Without one where there is no file, or a clock that only this thread has. */
function inThread({ path, durability = 'power_loss', now }: SqliteStoreOptions): Pick<Store, 'inThread'> {
  if (path === ':memory:' || now !== undefined) return {}
  return {
    inThread: {
      module: import.meta.url,
      open: 'sqliteStore',
      options: { path: resolve(path), durability, reserveBytes: 0 },
    },
  }
}

type Reads = Pick<EventLog, 'read'> &
  Pick<Leases, 'workers' | 'due' | 'moved'> &
  Views &
  Pick<Blobs, 'snapshot' | 'definition'> &
  Pick<Artifacts, 'artifact'>

type ReadsContext = {
  readonly moved: (known: Parameters<Leases['moved']>[0]) => Awaited<ReturnType<Leases['moved']>>
  readonly files: ArtifactFiles | null
  readonly isOpen: () => boolean
}

/** Reads see what is committed, at once, and wait for nobody: not for writers, and not for the group that is being gathered. */
function reads(rules: Rules, { moved, files, isOpen }: ReadsContext): Reads {
  const { tables, now } = rules
  const reading = <Result>(read: () => Result): Promise<Result> => whenFree(isOpen, read)
  return {
    read: (ref, after, limit) => reading(() => tables.events(ref, after, limit)),
    workers: () => reading(() => tables.workers(now())),
    due: (query) => reading(() => due(rules, query)),
    moved: (known) => reading(() => moved(known)),
    head: (ref) =>
      reading(() => {
        const row = tables.head(ref)
        return row ? toHead(row) : null
      }),
    sessions: (filter) => reading(() => tables.heads(filter)),
    approvals: (filter) => reading(() => tables.approvals(filter)),
    snapshot: (ref) => reading(() => tables.snapshot(ref) ?? null),
    definition: (definitionHash) => reading(() => tables.definition(definitionHash) ?? null),
    artifact: async (tenant, hash) => contentOf(files, tenant, await reading(() => tables.artifact(tenant, hash))),
  }
}

/** In a write-ahead log readers wait only in rare instants: while another process recovers the log, or closes the file as its last user. */
async function whenFree<Result>(isOpen: () => boolean, read: () => Result): Promise<Result> {
  for (let retries = 0; ; retries += 1) {
    if (!isOpen()) throw closedError()
    try {
      return read()
    } catch (error) {
      if (!isBusy(error) || retries >= MAX_BUSY_RETRIES) throw beforeCommit(error)
    }
    await new Promise((resolve) => setTimeout(resolve, BUSY_RETRY_MS))
  }
}
