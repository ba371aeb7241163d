/** Plans in the words of a specification: tasks, and what became of them, as events that would stand in a log. */
import { type GivenEvent, given, type Specification } from '../../testing/given.ts'
import type { EventOf, PawlEvent } from '../event.ts'
import type { Answered } from '../log.fixture.ts'
import { asked, message, responded, started, text } from '../log.fixture.ts'
import type { FailureClass, RecoveryAction } from '../vocabulary.ts'
import type { PlanTask } from './plan.ts'
import type { PlanCause } from './plan-events.ts'
import { planning, proposed, routed } from './plan-log.fixture.ts'
import { type PlanningTerms, recoveryTable } from './planning-terms.ts'

export type PlanOpening = { readonly terms?: Partial<PlanningTerms> } & Parameters<typeof started>[0]

/** A session that carries these out. `tool_terminal` is escalated, `stale_plan` planned anew, as the table ships. */
export function carriedOut(tasks: readonly PlanTask[], { terms, ...opening }: PlanOpening = {}): Specification {
  const recovery = recoveryTable({ tool_terminal: { action: 'escalate', maxRetries: 0, backoffMs: 0 } })
  return given([
    { ...started(opening), planning: { ...planning, maxParallelTasks: 4, onPartial: 'ask', recovery, ...terms } },
    message('go'),
    { ...proposed, tasks, taskCount: tasks.length },
    routed,
    { type: 'plan_adopted', version: 1, warnings: [] },
  ])
}

export function task(id: string, more: Partial<PlanTask> = {}): PlanTask {
  return { id, name: id, dependsOn: [], ...more }
}

/** A call. */
export function looks(id: string, more: Partial<PlanTask> = {}): PlanTask {
  return task(id, { tool: 'look', input: {}, ...more })
}

type More = Partial<EventOf<'task_started'>>

export function begins(taskId: string, more: More = {}): PawlEvent {
  return { type: 'task_started', taskId, attempt: 1, version: 1, ...more }
}

export function ends(taskId: string): PawlEvent {
  return { type: 'task_finished', taskId, status: 'completed' }
}

/** Begun and done. */
export function does(taskId: string, more: More = {}): readonly PawlEvent[] {
  return [begins(taskId, more), ends(taskId)]
}

export function fails(taskId: string, failure: FailureClass = 'tool_terminal', attempt = 1): EventOf<'task_failed'> {
  return { type: 'task_failed', taskId, failure, message: 'no', attempt }
}

export function chosen(
  taskId: string,
  action: RecoveryAction,
  more: Partial<EventOf<'recovery_chosen'>> = {},
): PawlEvent {
  return { type: 'recovery_chosen', taskId, failure: 'tool_terminal', action, reason: '', attempt: 1, ...more }
}

/** Begun, failed and given up. */
export function lost(taskId: string, action: RecoveryAction = 'escalate', more: More = {}): readonly PawlEvent[] {
  return [begins(taskId, more), fails(taskId), chosen(taskId, action)]
}

/** People are asked what becomes of it. */
export function questioned(taskId: string, approvalId: string): EventOf<'approval_requested'> {
  return {
    type: 'approval_requested',
    approvalId,
    callId: '',
    subject: { type: 'task', taskId, attempt: 1 },
    kind: 'question',
    reason: 'escalation',
    hash: '',
    quorum: 1,
    notRequester: false,
    expiresAt: 900_000_000,
    question: { text: 'What now?', options: ['retry', 'skip', 'abort', 'replan'] },
  }
}

/** What a person says of it, as `handle` writes it. */
export function decided(taskId: string, approvalId: string, action: RecoveryAction): readonly PawlEvent[] {
  const by = 'ada'
  return [
    {
      type: 'approval_resolved',
      approvalId,
      resolution: 'answered',
      by,
      answer: action,
      commandId: `says ${approvalId}`,
    },
    chosen(taskId, action, { by, approvalId }),
    ...(action === 'skip' ? [{ type: 'task_finished', taskId, status: 'skipped' } as const] : []),
  ]
}

/** Another version, in force. */
export function replanned(
  version: number,
  tasks: readonly PlanTask[],
  taskIds: readonly string[],
): readonly PawlEvent[] {
  const cause: PlanCause = { type: 'replan', taskIds, failure: 'tool_terminal' }
  return [
    { ...proposed, version, cause, tasks, taskCount: tasks.length },
    { type: 'plan_adopted', version, warnings: [] },
  ]
}

/** A planner answers in its n-th turn, and it is no plan. */
export function answersNothing(turn: number, more: Answered = {}): readonly GivenEvent[] {
  return [
    asked(turn, { purpose: 'plan' }),
    responded(turn, [text('none')], more),
    { type: 'plan_rejected', version: 0, attempt: turn, problems: [{ code: 'no_answer', tasks: [], message: 'none' }] },
  ]
}
