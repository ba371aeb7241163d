/** What people say of a task that has failed: which recovery action, with a hint or another input. */
import type { CommandOf } from '../command.ts'
import type { EventOf, PawlEvent } from '../event.ts'
import { accepted, type Handled, refused } from '../handled.ts'
import type { ApprovalState, State } from '../state.ts'
import type { RecoveryAction } from '../vocabulary.ts'
import type { TaskNode } from './plan-state.ts'
import { isAtReplanLimit } from './progress.ts'

/** `retry`, `2`, or `retry: ask the other registry`: an action by its name or number, and after a colon what is to be known. */
export function answerEscalation(state: State, approval: ApprovalState, command: CommandOf<'answer'>): Handled {
  const node = nodeOf(state, approval)
  if (node === null) return overtaken(approval)
  const options = approval.question?.options ?? []
  const [, said = '', hint = ''] = /^\s*([^:\s]+)\s*(?::\s*([\s\S]*))?$/.exec(command.answer) ?? []
  const action = options.find((option, index) => option === said || String(index + 1) === said)
  if (action === undefined)
    return refused(
      'not_an_option',
      `expected one of ${options.join(', ')}, by name or number; found ${JSON.stringify(command.answer)}`,
    )
  if (action === 'replan' && isAtReplanLimit(state))
    return refused(
      'not_an_option',
      `the plan was replaced ${state.plan?.replans} times meanwhile, which is the limit: choose another of ${options.join(', ')}`,
    )
  const { approvalId, by, answer, commandId } = command
  return accepted(
    { type: 'approval_resolved', approvalId, resolution: 'answered', by, answer, commandId },
    // The options are recovery actions.
    ...chosen(node, { action: action as RecoveryAction, by, approvalId, ...(hint !== '' && { hint }) }),
  )
}

/** The call of a direct task is tried again with another input. */
export function editTask(state: State, approval: ApprovalState, command: CommandOf<'edit'>): Handled {
  const node = nodeOf(state, approval)
  const { approvalId, by, input, commandId } = command
  if (node === null) return overtaken(approval)
  if (node.task.tool === undefined)
    return refused(
      'invalid_input',
      `${approvalId} is about a task that is no single call: answer with retry and a hint`,
    )
  return accepted(
    { type: 'approval_resolved', approvalId, resolution: 'edited', by, input, commandId },
    ...chosen(node, { action: 'retry', by, approvalId, input }),
  )
}

type Choice = Pick<EventOf<'recovery_chosen'>, 'action' | 'by' | 'approvalId' | 'hint' | 'input'>

function chosen(node: TaskNode, { action, by = '', ...choice }: Choice): readonly PawlEvent[] {
  const { task, failure, attempt } = node
  const recovery = {
    type: 'recovery_chosen',
    taskId: task.id,
    failure: failure?.failure ?? 'tool_terminal',
    attempt,
  } as const
  const reason = `${by} decided: ${action}`
  const events: PawlEvent[] = [{ ...recovery, action, reason, by, ...choice }]
  if (action === 'skip') events.push({ type: 'task_finished', taskId: task.id, status: 'skipped', reason })
  return events
}

/** Null: another version has come into force, or something else was decided, and nobody wants an answer any more. */
function nodeOf({ plan }: State, { approvalId, subject }: ApprovalState): TaskNode | null {
  const node = subject?.type === 'task' ? plan?.nodes.get(subject.taskId) : undefined
  return node?.approvalId === approvalId ? node : null
}

function overtaken({ approvalId, subject }: ApprovalState): Handled {
  const task = subject?.type === 'task' ? subject.taskId : 'a task'
  return refused(
    'already_resolved',
    `${approvalId} asked about ${task}, which the plan in force does not ask about any more`,
  )
}
