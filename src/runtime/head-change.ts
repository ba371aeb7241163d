/** What lists show of a session, as it changes with its log. */
import {
  type CallState,
  type EventOf,
  type FailureClass,
  gateOf,
  type Json,
  type PawlEvent,
  ROOT_TASK,
  type State,
  type Subject,
  status,
  statusWord,
} from '../core/index.ts'
import type { ApprovalRow, HeadChange, SessionRef } from '../ports/index.ts'
import { canonicalJson } from './hash.ts'

export function headChange(state: State, events: readonly PawlEvent[]): HeadChange {
  const opened = events.flatMap((event) => (event.type === 'approval_requested' ? [event] : []))
  const closed = events.flatMap((event) => (event.type === 'approval_resolved' ? [event.approvalId] : []))
  const artifacts = events.flatMap((event) => artifactIn(event) ?? [])
  return {
    gate: gateOf(state),
    status: statusWord(status(state)),
    ...(opened.length > 0 && { openedApprovals: opened.map((event) => approvalRow(state, event)) }),
    ...(closed.length > 0 && { closedApprovals: closed }),
    ...(artifacts.length > 0 && { artifacts }),
    ...(events.some(({ type }) => isProgress(type)) && { isProgress: true as const }),
  }
}

/** It stays for as long as its session does. */
function artifactIn(event: PawlEvent): string | undefined {
  return event.type === 'call_finished' || event.type === 'call_settled' ? event.artifact?.hash : undefined
}

/** A worker that dies of what it does gets to none of these. */
function isProgress(type: PawlEvent['type']): boolean {
  return type === 'model_responded' || type === 'call_finished' || type === 'task_finished'
}

/** What lists show of it: of a call what will run, of a plan or a failed task what the question is about. */
function approvalRow(state: State, event: EventOf<'approval_requested'>): Omit<ApprovalRow, keyof SessionRef> {
  const { agent, requester, at } = state
  const call = state.calls.get(event.callId)
  const about = event.subject === undefined ? callShown(call) : subjectShown(state, event.subject)
  const body = canonicalJson({ ...event, agent, requester, ...about })
  return { approvalId: event.approvalId, requestedAt: at, expiresAt: event.expiresAt, body }
}

function callShown(call: CallState | undefined): Shown {
  const ofTask = call === undefined || call.taskId === ROOT_TASK ? {} : { taskId: call.taskId }
  return { tool: call?.tool ?? '', input: call?.input ?? null, ...ofTask }
}

type Shown = {
  /** Empty: it is no call. */
  readonly tool: string
  readonly input: Json
  /** Of a call that a task of a plan makes. */
  readonly taskId?: string
  readonly plan?: { readonly goal: string; readonly taskCount: number }
  readonly task?: { readonly name: string; readonly failure: FailureClass; readonly message: string }
}

/** A direct task is shown with the input that it was given; a plan can be as large as it likes, and is read with the session. */
function subjectShown({ plan }: State, subject: Subject): Shown {
  if (subject.type === 'plan') {
    const { goal = '', taskCount = 0 } = plan?.versions.find(({ version }) => version === subject.version) ?? {}
    return { tool: '', input: null, plan: { goal, taskCount } }
  }
  const node = plan?.nodes.get(subject.taskId)
  const { name = subject.taskId, tool = '' } = node?.task ?? {}
  const failure = node?.failure
  return {
    tool,
    input: node?.input ?? node?.task.input ?? null,
    ...(failure && { task: { name, ...failure } }),
  }
}
