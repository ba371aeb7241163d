/** Actions become work here, one file each; what came of it returns through the mailbox. */
import { type Action, type CallReport, type Completion, never } from '../core/index.ts'
import type { Activation } from './activation.ts'
import { askModel } from './ask-model.ts'
import { checkTask } from './check-task.ts'
import type { Drove } from './drive.ts'
import { processResult } from './process-result.ts'
import { recallPassages } from './recall-passages.ts'
import { reportLate } from './report-late.ts'
import { resolveTaskInput } from './resolve-task-input.ts'
import { runCall } from './run-call.ts'
import { verifyCall } from './verify-call.ts'

type Runnable = Exclude<Action, { type: 'judge' | 'review' }>

/** Starts at once: nothing is awaited between the commit of the intent and this. */
export function start(activation: Activation, action: Action): void {
  if (action.type === 'judge' || action.type === 'review') return
  const { underWay, mailbox } = activation
  const { key } = action
  const controller = new AbortController()
  underWay.add(key, { action, controller, hasArrived: false })
  perform(activation, action, controller.signal).then((completion) => {
    if (underWay.get(key)?.controller !== controller) return reportLate(activation, completion)
    underWay.arrived(key)
    mailbox.push({ key, completion })
  })
}

function perform(activation: Activation, action: Runnable, signal: AbortSignal): Promise<Completion> {
  switch (action.type) {
    case 'decide':
      return askModel(activation, action, signal)
    case 'call':
      return runCall(activation, action, { signal, onLate: (completion) => reportLate(activation, completion) })
    case 'verify':
      return verifyCall(activation, action, signal)
    case 'check':
      return checkTask(activation, action)
    case 'process':
      return processResult(activation, action, signal)
    case 'recall':
      return recallPassages(activation, action)
    case 'resolve':
      return resolveTaskInput(activation, action)
    default:
      return never(action)
  }
}

/** Tells what runs to stop. What never began, although its intent stands in the log, gets its outcome here. */
export function abort(activation: Activation, action: Action): void {
  const { underWay, mailbox } = activation
  const entry = underWay.get(action.key)
  if (entry !== undefined) {
    if (!entry.controller.signal.aborted) entry.controller.abort(new Error('the session is ending'))
    return
  }
  const completion = neverBegan(action)
  if (completion === null) return
  underWay.add(action.key, { action, controller: new AbortController(), hasArrived: true })
  mailbox.push({ key: action.key, completion })
}

function neverBegan(action: Action): Completion | null {
  if (action.type === 'call') {
    const { callId, attempt } = action
    const report: CallReport = { outcome: { type: 'cancelled' }, tookEffect: false, trust: 'system' }
    return { type: 'record_outcome', of: { type: 'call', callId, attempt, jitter: 0, report } }
  }
  if (action.type !== 'decide') return null
  const { taskId, turn, attempt } = action
  const error = { code: 'aborted', message: 'the session ended before the model was asked', retryable: false }
  return {
    type: 'record_outcome',
    of: { type: 'model', taskId, turn, attempt, report: { type: 'failed', error, jitter: 0, latencyMs: 0 } },
  }
}

/** Aborts all that is under way and writes nothing more under this fence. What has arrived already is told as late. */
export function leave(activation: Activation): Drove {
  const { underWay, mailbox } = activation
  const arrived = mailbox.arrived()
  mailbox.remove(arrived)
  for (const { completion } of arrived) reportLate(activation, completion)
  for (const [, { controller }] of underWay.entries())
    controller.abort(new Error('this worker no longer drives the session'))
  underWay.clear()
  return 'left'
}
