/** What an observer knows of the plan of a session, from the events alone. */
import type { EventOf, Json, PlanMode, PlanTask, RecoveryAction } from '../../core/index.ts'
import type { SessionRecord } from './record.ts'

export type PlannedStatus = 'pending' | 'active' | 'completed' | 'failed' | 'skipped' | 'cancelled'

/** A task of the version in force, or an element of one with `forEach`. */
export type PlannedRecord = {
  readonly task: PlanTask
  readonly element: number | null
  status: PlannedStatus
  /** It has failed, and is not tried again unless somebody says so. */
  isGivenUp: boolean
  /** Its newest call. */
  callId: string | null
  /** Its result, where an event says so. */
  output: Json | undefined
  /** What a person wants it to be tried again with. */
  input: Json | undefined
  /** How often each was chosen for it. */
  readonly chosen: Map<RecoveryAction, number>
}

export type ProposedRecord = {
  readonly version: number
  readonly seq: number
  readonly mode: PlanMode
  readonly cause: EventOf<'plan_proposed'>['cause']
  readonly tasks: PlanTask[]
  readonly taskCount: number
  /** Of another piece of work than the version in force. */
  readonly isNewWork: boolean
  approval: 'none' | 'asked' | 'approved' | 'refused'
}

export type PlanRecord = {
  /** The runtime carries out a plan, and no loop of the session's own goes on. */
  isExecuting: boolean
  /** The place at which the way to go about the newest work was chosen. */
  routedSeq: number
  /** The message that it was chosen for. */
  messageSeq: number
  /** The place at which the version in force was proposed. */
  versionSeq: number
  /** Nobody has said yes or no to it. */
  proposed: ProposedRecord | null
  /** In force; 0: none. */
  version: number
  mode: PlanMode
  /** Of the newest version that no person has written. */
  isNewWork: boolean
  readonly nodes: Map<string, PlannedRecord>
  /** By task: the number of its newest attempt, whatever the version. */
  readonly attempts: Map<string, number>
  /** The same, of those that were started. */
  readonly begunAttempts: Map<string, number>
  /** Of this piece of work, whatever the version. */
  readonly completed: Set<string>
  /** Under way, delegated ones as well. */
  readonly active: Map<string, EventOf<'task_started'>>
  /** Since the last message. */
  replans: number
  /** Given up, with none completed between them. */
  failuresInARow: number
}

export function freshPlanRecord(): PlanRecord {
  return {
    isExecuting: false,
    routedSeq: 0,
    messageSeq: 0,
    versionSeq: 0,
    proposed: null,
    version: 0,
    mode: 'strict',
    isNewWork: true,
    nodes: new Map(),
    attempts: new Map(),
    begunAttempts: new Map(),
    completed: new Set(),
    active: new Map(),
    replans: 0,
    failuresInARow: 0,
  }
}

export function freshPlanned(task: PlanTask, element: number | null = null): PlannedRecord {
  return {
    task,
    element,
    status: 'pending',
    isGivenUp: false,
    callId: null,
    output: undefined,
    input: undefined,
    chosen: new Map(),
  }
}

/** Turns that a loop may take: since the last message, or in one attempt of a task. */
export function maxTurnsOf({ started, plan }: SessionRecord, taskId: string): number {
  const all = started?.budget.maxTurns ?? 0
  if (taskId === 'root') return all
  const { task } = plan.nodes.get(taskId) ?? {}
  const specialist = task?.specialist ?? plan.active.get(taskId)?.delegated?.specialist ?? ''
  return task?.cap?.turns ?? started?.planning?.specialists?.[specialist]?.cap?.turns ?? all
}
