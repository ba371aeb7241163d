import { defaultLimits } from '../core/limits.ts'
import type { Store } from '../ports/index.ts'
import { type RandomBytes, sealer } from './chain.ts'
import { due } from './leases.ts'
import { memoryTables } from './memory-tables.ts'
import { type Commit, writes } from './rules.ts'
import { type Rules, toHead } from './tables.ts'

export type MemoryStoreOptions = {
  /** The store's clock, epoch milliseconds. Default: `Date.now`. */
  readonly now?: () => number
  /** How far a driver's stamp may be off the store's clock. Default: 5 minutes. */
  readonly maxSkewMs?: number
  /** For the salts. Default: `node:crypto`. */
  readonly randomBytes?: RandomBytes
}

/** Keeps everything in this process and nothing beyond it: for tests and the simulator. Everything happens at once, inside the call. */
export function memoryStore(options: MemoryStoreOptions = {}): Store {
  const { now = Date.now, maxSkewMs = defaultLimits.maxSkewMs, randomBytes } = options
  const tables = memoryTables()
  const rules: Rules = { tables, now, maxSkewMs, seal: sealer(randomBytes) }
  const commit: Commit = async (rule) => rule(rules)
  return {
    name: 'memory',
    durability: 'none',
    ...writes(commit),
    read: async (ref, after, limit) => tables.events(ref, after, limit),
    workers: async () => tables.workers(now()),
    due: async (query) => due(rules, query),
    moved: async (known) =>
      known.flatMap(({ ref, version, fence }) => {
        const head = tables.head(ref)
        return head?.version === version && head.fence === fence ? [] : [ref]
      }),
    head: async (ref) => {
      const row = tables.head(ref)
      return row ? toHead(row) : null
    },
    sessions: async (filter) => tables.heads(filter),
    approvals: async (filter) => tables.approvals(filter),
    snapshot: async (ref) => tables.snapshot(ref) ?? null,
    definition: async (definitionHash) => tables.definition(definitionHash) ?? null,
    artifact: async (tenant, hash) => {
      const kept = tables.artifact(tenant, hash)
      return kept?.bytes ? { ...kept, bytes: kept.bytes } : null
    },
    scrub: async () => {},
    close: async () => {},
  }
}
