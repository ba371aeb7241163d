/** Every write of the port as one synchronous rule over tables. */
import type { Artifacts, Blobs, EventLog, Leases, Retention } from '../ports/index.ts'
import { append, appendLocked, appendUnconditionally, createSession } from './append.ts'
import { checkArtifact, checkEvents } from './check.ts'
import { eraseSession } from './erase.ts'
import { claim, enlist, release, renew } from './leases.ts'
import type { Rules } from './tables.ts'

/** `once`: the rule may not run again where its group failed. `urgent`: it may use the room that a store keeps back. */
export type CommitOptions = { readonly once?: boolean; readonly urgent?: boolean }

/** Runs a rule atomically: now or soon, alone or in a group with others. */
export type Commit = <Result>(rule: (rules: Rules) => Result, options?: CommitOptions) => Promise<Result>

type Writes = Omit<EventLog, 'read'> &
  Pick<Leases, 'enlist' | 'renew' | 'dismiss' | 'claim' | 'release'> &
  Pick<Blobs, 'saveSnapshot' | 'saveDefinition'> &
  Pick<Artifacts, 'saveArtifact' | 'sweepArtifacts'> &
  Pick<Retention, 'erase'>

export function writes(commit: Commit): Writes {
  return {
    async create(session) {
      checkEvents(session.events)
      return commit((rules) => createSession(rules, session))
    },
    async append(change) {
      checkEvents(change.events)
      return commit((rules) => append(rules, change))
    },
    async appendUnconditionally(change) {
      checkEvents([change.event])
      return commit((rules) => appendUnconditionally(rules, change), { urgent: change.urgent ?? false })
    },
    appendLocked: (ref, after, decide) =>
      commit((rules) => appendLocked(rules, { ref, after, decide }), { once: true }),
    enlist: (worker) => commit((rules) => enlist(rules, worker)),
    renew: (workerId, leaseMs) => commit((rules) => renew(rules, { workerId, leaseMs })),
    dismiss: (workerId) => commit(({ tables }) => tables.deleteWorker(workerId)),
    claim: (ref, request) => commit((rules) => claim(rules, ref, request)),
    release: (ref, request) => commit((rules) => release(rules, ref, request)),
    saveSnapshot: (ref, snapshot) =>
      commit(({ tables }) => {
        const row = tables.head(ref)
        // A snapshot is a cache: where its session is gone there is nothing to cache, and of an erased one nothing may come back.
        if (row && row.erasedAt === null) tables.saveSnapshot(row.key, snapshot)
      }),
    saveDefinition: (definitionHash, body) =>
      commit(({ tables }) => {
        if (tables.definition(definitionHash) === undefined) tables.saveDefinition(definitionHash, body)
      }),
    async saveArtifact(tenant, artifact) {
      checkArtifact(artifact)
      const bytes = artifact.bytes.slice()
      await commit(({ tables, now }) => tables.saveArtifact(tenant, { ...artifact, bytes, savedAt: now() }))
    },
    sweepArtifacts: async (sweep) => (await commit(({ tables }) => tables.sweepArtifacts(sweep))).length,
    erase: async (ref, options) => (await commit((rules) => eraseSession(rules, ref, options))).erased,
  }
}
