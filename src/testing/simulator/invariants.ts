/** What must hold after every event. Each has the number of the promise of DESIGN section 8 that it guards. */
import type { EventKind, LogEvent, PawlEvent } from '../../core/index.ts'
import { type Checking, type Checks, type Complaint, complain } from './complaint.ts'
import { approvalChecks } from './invariants-approvals.ts'
import { callChecks } from './invariants-calls.ts'
import { memoryChecks } from './invariants-memory.ts'
import { planChecks } from './invariants-plans.ts'
import { recoveryChecks } from './invariants-recovery.ts'
import { sessionChecks } from './invariants-session.ts'
import { taskChecks } from './invariants-tasks.ts'
import type { SessionRecord } from './record.ts'
import type { Expected } from './world.ts'

/** A kind may be looked at by several parts. */
const parts: readonly Checks[] = [
  sessionChecks,
  callChecks,
  approvalChecks,
  planChecks,
  taskChecks,
  recoveryChecks,
  memoryChecks,
]

/** Checked against what was known before the event. */
export function check(record: SessionRecord, logEvent: LogEvent, expected: Expected): readonly Complaint[] {
  const { seq, at, event } = logEvent
  // The table pairs each kind with its own check.
  const found = parts.flatMap((checks) => {
    const specific = checks[event.type] as
      | ((record: SessionRecord, event: unknown, checking: Checking) => readonly Complaint[])
      | undefined
    return specific?.(record, event, { seq, at, expected }) ?? []
  })
  return [...checkEnvelope(record, logEvent), ...found]
}

function checkEnvelope(record: SessionRecord, { seq, at, event }: LogEvent): readonly Complaint[] {
  const last = record.log.at(-1)
  const commandId = 'commandId' in event ? event.commandId : undefined
  const met = record.open.size === 0 ? undefined : metQuorum(record)
  return [
    ...complain(
      'P8 a quorum resolves at once',
      met !== undefined && !(event.type === 'approval_resolved' && event.approvalId === met),
      () => `${event.type} although ${met} has all its votes`,
    ),
    ...complain(
      'P13 dense order',
      seq !== (last?.seq ?? 0) + 1,
      () => `${event.type} has seq ${seq} after ${last?.seq}`,
    ),
    ...complain('P13 time never falls', at < (last?.at ?? 0), () => `${event.type} at ${at} after ${last?.at}`),
    ...complain(
      'rule 7: a command once',
      commandId !== undefined && record.commandIds.has(commandId),
      () => `${commandId} stands twice`,
    ),
    ...complain(
      'ended is ended',
      record.ended !== null && !mayFollowAnEnd(record.ended.reason, event),
      () => `${event.type} after ${record.ended?.reason}`,
    ),
  ]
}

/** An approval that has all its votes, and is not resolved yet. */
function metQuorum({ open }: SessionRecord): string | undefined {
  for (const { approvalId, votes, quorum } of open.values()) if (votes.size >= quorum) return approvalId
  return undefined
}

const afterAnyEnd: ReadonlySet<EventKind> = new Set(['call_settled', 'late_outcome_noted', 'budget_extended'])
const afterMessage: ReadonlySet<string> = new Set(['final_answer', 'turn_budget', 'wall_clock', 'replan_limit'])
const finalEnds: ReadonlySet<string> = new Set(['cancelled', 'failed', 'aborted'])

function mayFollowAnEnd(reason: string, event: PawlEvent): boolean {
  if (event.type === 'message_received') return afterMessage.has(reason)
  if (event.type === 'budget_extended') return !finalEnds.has(reason)
  return afterAnyEnd.has(event.type)
}
