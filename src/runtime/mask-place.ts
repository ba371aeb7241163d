/** What a reader of a log knows so far: whose inputs stand in its events, and which answers are plans. */
import type { PawlEvent, Purpose, State, Subject } from '../core/index.ts'

/** Of tools: all that it may have been, since versions of a plan may differ in that. None: nobody knows. */
export interface Place {
  note(event: PawlEvent): void
  /** What stood in the log before the reader began. */
  learn(state: State): void
  /** Whether the reader began at the beginning, or has learned. */
  isWhole(): boolean
  ofCall(callId: string): readonly string[]
  ofTask(taskId: string): readonly string[]
  ofApproval(approvalId: string): readonly string[]
  /** What the newest request of a task was for. Null: it stands before the place where the reader began. */
  purposeOf(taskId: string): Purpose | null
}

type Known = {
  readonly calls: Map<string, readonly string[]>
  readonly tasks: Map<string, readonly string[]>
  readonly approvals: Map<string, readonly string[]>
  readonly purposes: Map<string, Purpose>
  /** The tools of the newest response of each task, in order. */
  readonly proposed: Map<string, readonly string[]>
}

export function createPlace(): Place {
  const known: Known = {
    calls: new Map(),
    tasks: new Map(),
    approvals: new Map(),
    purposes: new Map(),
    proposed: new Map(),
  }
  let isWhole = false
  return {
    note: (event) => {
      if (event.type === 'session_started') isWhole = true
      note(known, event)
    },
    learn: (state) => {
      isWhole = true
      learn(known, state)
    },
    isWhole: () => isWhole,
    ofCall: (callId) => known.calls.get(callId) ?? [],
    ofTask: (taskId) => ofTask(known, taskId),
    ofApproval: (approvalId) => known.approvals.get(approvalId) ?? [],
    purposeOf: (taskId) => known.purposes.get(taskId) ?? null,
  }
}

function note(known: Known, event: PawlEvent): void {
  const { calls, purposes, proposed } = known
  switch (event.type) {
    case 'model_started':
      purposes.set(event.taskId, event.purpose)
      return
    case 'model_responded':
      proposed.set(
        event.taskId,
        event.response.parts.flatMap((part) => ('tool' in part ? [part.tool] : [])),
      )
      return
    case 'decision_recorded': {
      const tools = proposed.get(event.taskId)
      for (const [index, callId] of event.callIds.entries()) calls.set(callId, tools?.slice(index, index + 1) ?? [])
      return
    }
    case 'plan_proposed':
    case 'plan_tasks_listed':
      for (const { id, tool } of event.tasks) noteTask(known, id, tool)
      return
    case 'task_started':
      if (event.callId !== undefined) calls.set(event.callId, ofTask(known, event.taskId))
      return
    case 'approval_requested':
      noteApproval(known, event.approvalId, { callId: event.callId, subject: event.subject ?? null })
  }
}

function learn(known: Known, { calls, plan, approvals }: State): void {
  for (const { callId, tool } of calls.values()) known.calls.set(callId, [tool])
  for (const { tasks } of plan?.versions ?? []) for (const { id, tool } of tasks) noteTask(known, id, tool)
  for (const approval of approvals.values()) noteApproval(known, approval.approvalId, approval)
}

function noteTask({ tasks }: Known, taskId: string, tool: string | undefined): void {
  const before = tasks.get(taskId) ?? []
  if (tool !== undefined && !before.includes(tool)) tasks.set(taskId, [...before, tool])
}

type Asked = { readonly callId: string; readonly subject: Subject | null }

function noteApproval(known: Known, approvalId: string, { callId, subject }: Asked): void {
  const tools = subject?.type === 'task' ? ofTask(known, subject.taskId) : known.calls.get(callId)
  known.approvals.set(approvalId, tools ?? [])
}

/** A child of a task with `forEach` (`T1/0`) is in no plan: its tool is that of the task. */
function ofTask({ tasks }: Known, taskId: string): readonly string[] {
  const [ofPlan = ''] = taskId.split('/', 1)
  return tasks.get(ofPlan) ?? []
}
