/** What an observer knows of a session's memory, from the events alone. */
import type { EventOf, Json } from '../../core/index.ts'

export type FactRecord = Omit<EventOf<'fact_noted'>, 'type'>

export type CompactionRecord = {
  readonly seq: number
  readonly throughSeq: number
  readonly summary: string | null
  readonly cutCharacters: number | null
}

export type MemoryRecord = {
  /** By key: the newest. */
  readonly facts: Map<string, FactRecord & { readonly seq: number }>
  /** Places of events that changed facts. */
  factsSeq: number
  /** Facts that the newest patch has noted, by key, and that have not come yet. */
  readonly awaited: Map<string, string>
  /** By id: whether it is open. */
  readonly questions: Map<string, boolean>
  /** By task. */
  readonly compactions: Map<string, CompactionRecord>
  /** By task: what its newest request for a summary has shown. */
  readonly summarized: Map<string, string>
  /** By task: up to where its newest request of memory may have seen the log. */
  readonly askedSeq: Map<string, number>
  /** By task: what was looked up. */
  readonly recalled: Map<string, EventOf<'context_recalled'>>
  /** Hashes, with the calls whose outputs they are. */
  readonly artifacts: Map<string, Set<string>>
  /** Whole outputs of calls whose outcome is a preview. */
  readonly wholes: Map<string, Json>
  /** `callId/attempt` of what a processor has looked at. */
  readonly processed: Set<string>
}

export function freshMemoryRecord(): MemoryRecord {
  return {
    facts: new Map(),
    factsSeq: 0,
    awaited: new Map(),
    questions: new Map(),
    compactions: new Map(),
    summarized: new Map(),
    askedSeq: new Map(),
    recalled: new Map(),
    artifacts: new Map(),
    wholes: new Map(),
    processed: new Set(),
  }
}

/** Never made shorter: decisions, constraints, and what has a high priority. */
export function isPinnedRecord({ key, kind, priority }: FactRecord, pinAt: number): boolean {
  return key !== COMPRESSED && (kind === 'decision' || kind === 'constraint' || priority >= pinAt)
}

export const COMPRESSED = 'compressed_context'
