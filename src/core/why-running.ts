/** What a running session is at, and what a waiting one waits for. */
import type { JsonObject } from './json.ts'
import { type CallState, ROOT_TASK, type State, type TaskState } from './state.ts'
import type { WaitingReason } from './vocabulary.ts'
import { openApprovals } from './why-blocked.ts'
import { askedFor, memoryWork } from './why-memory.ts'
import { retrying, underWay } from './why-plan.ts'
import { nameOf, row, type Why, type WhyContext, type WhyRow } from './why-row.ts'

export function whyWaiting(context: WhyContext, reason: WaitingReason): Pick<Why, 'because' | 'rows'> {
  const { state, session } = context
  if (reason === 'job') return { because: 'It waits for a job to end.', rows: [] }
  const tasks = retrying(context)
  if (tasks.length > 0)
    return { because: 'What is left of its plan has failed, and is tried again in a moment.', rows: tasks }
  const rows = [...state.tasks.values()].flatMap((task) => backingOff(task, state, session))
  return { because: 'The request to the model failed, and is made again in a moment.', rows }
}

function backingOff(task: TaskState, state: State, session: string): readonly WhyRow[] {
  const { lastError, retryAt, failures } = task
  if (retryAt === null) return []
  const fields: JsonObject = {
    ...(lastError !== null && { error: lastError.code, message: lastError.message }),
    attempt: `${failures + 1} of ${state.limits.transportAttempts}`,
    retryAt,
  }
  const says = `Attempt ${failures} of turn ${task.turn} failed: ${lastError?.code ?? 'unknown'}.`
  return [row('model', says, { fields, commands: [`pawl cancel ${session}`] })]
}

export function whyRunning(context: WhyContext): Pick<Why, 'because' | 'rows'> {
  const { state, session } = context
  const rows = [
    ...cancelling(state),
    ...asking(state),
    ...openCalls(state),
    ...memoryWork(state),
    ...underWay(state),
    ...retrying(context),
    ...openApprovals(context),
  ]
  if (rows.length > 0) return { because: 'It is being worked on, or will be as soon as a worker has it.', rows }
  const commands = ['pawl work', `pawl work --session ${session}`]
  return {
    because: 'Its next step is due; a worker takes it as soon as one runs.',
    rows: [row('worker', 'If nothing happens, no worker is running on this store.', { commands })],
  }
}

function cancelling({ cancel }: State): readonly WhyRow[] {
  if (cancel === null) return []
  const why = cancel.reason === null ? {} : { reason: cancel.reason }
  return [row('cancel', `${cancel.by} has cancelled it; what is open is being ended.`, { fields: why })]
}

/** Of tasks of the plan it is told with the task. */
function asking(state: State): readonly WhyRow[] {
  const { tasks, plan } = state
  return [...tasks.values()].flatMap((task) => {
    const { taskId, phase, model } = task
    if (phase !== 'deciding' || model === null || plan?.running.has(taskId)) return []
    const fields = { attempt: model.attempt, startedAt: model.startedAt }
    return [row('model', `The model is asked for ${askedFor(state, task)}.`, { fields })]
  })
}

function openCalls({ tasks, calls }: State): readonly WhyRow[] {
  const open = tasks.get(ROOT_TASK)?.open ?? []
  return open.flatMap((callId) => {
    const call = calls.get(callId)
    return call === undefined ? [] : [openCall(call)]
  })
}

function openCall(call: CallState): WhyRow {
  const { callId, status, attempt, startedAt, retryAt, terms, input } = call
  const fields: JsonObject = {
    input,
    ...(attempt > 0 && { attempt }),
    ...(status === 'started' && { startedAt, ...(terms !== null && { timeoutMs: terms.timeoutMs }) }),
    ...(retryAt !== null && { retryAt }),
  }
  return row('call', `${nameOf(call)} ${doing(call)}.`, { id: callId, fields })
}

function doing({ status, retryAt }: CallState): string {
  switch (status) {
    case 'proposed':
      return 'is being judged'
    case 'held':
      return 'is held for people'
    case 'allowed':
      return retryAt === null ? 'is allowed, and starts when its turn has come' : 'failed, and runs again'
    case 'started':
      return 'has started'
    case 'lost':
      return 'was lost with its worker, and is being looked into'
    case 'finished':
      return 'has finished'
  }
}
