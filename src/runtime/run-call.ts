/** The action `call`: one attempt of a tool, within its timeout; a tool that ignores its signal is abandoned after the grace. */
import type { Action, CallReport, CallState, Completion } from '../core/index.ts'
import type { AnyTool, ToolContext } from '../ports/index.ts'
import { type Activation, stateOf } from './activation.ts'
import { failureReport, outputReport } from './call-report.ts'

type Run = Extract<Action, { type: 'call' }>
type Options = {
  readonly signal: AbortSignal
  /** Told what came of a tool that had been abandoned. */
  readonly onLate: (completion: Completion) => void
}

export function runCall(activation: Activation, action: Run, { signal, onLate }: Options): Promise<Completion> {
  const { env } = activation.driver
  const startedAt = env.monotonic()
  const asCompletion = (report: CallReport): Completion => {
    const timed = { ...report, latencyMs: Math.round(env.monotonic() - startedAt) }
    return {
      type: 'record_outcome',
      of: { type: 'call', callId: action.callId, attempt: action.attempt, jitter: env.random(), report: timed },
    }
  }
  const call = stateOf(activation).calls.get(action.callId)
  const tool = call && activation.agent.tools.get(call.tool)
  if (call === undefined || tool === undefined) return Promise.resolve(asCompletion(removedTool(call?.tool ?? '')))
  return new Promise((resolve) => {
    let isAbandoned = false
    const controller = new AbortController()
    const watch = watchTime(activation, { call, signal, controller }, (message) => {
      isAbandoned = true
      resolve(asCompletion({ outcome: { type: 'retryable_error', message }, trust: 'system' }))
    })
    const finish = (report: CallReport) => {
      watch.cancel()
      if (isAbandoned) onLate(asCompletion(report))
      else resolve(asCompletion(report))
    }
    attempt(activation, { call, tool, signal: controller.signal }).then(finish)
  })
}

type Attempt = { readonly call: CallState; readonly tool: AnyTool; readonly signal: AbortSignal }

/** Runs the tool in the same tick; never rejects. */
async function attempt(activation: Activation, { call, tool, signal }: Attempt): Promise<CallReport> {
  try {
    // The judge has validated the input against the tool's own schema, and the tool may do with its copy what it likes.
    const input = structuredClone(call.input) as never
    const output: unknown = await tool.run(input, toolContext(activation, call, signal))
    return await outputReport(tool, output, activation.driver.limits)
  } catch (problem) {
    return failureReport(problem)
  }
}

export function toolContext({ ref, loaded }: Activation, call: CallState, signal: AbortSignal): ToolContext {
  return {
    tenant: ref.tenant,
    sessionId: ref.sessionId,
    callId: call.callId,
    attempt: call.attempt,
    idempotencyKey: call.terms?.idempotencyKey ?? `${ref.sessionId}/${call.callId}`,
    startBy: call.startedAt + call.leaseMs,
    signal,
    context: structuredClone(loaded.draft.state.context),
  }
}

type Watched = { readonly call: CallState; readonly signal: AbortSignal; readonly controller: AbortController }

/** Passes an abort on, tells the tool when its time is up, and gives it up when the grace is over too. */
function watchTime(
  activation: Activation,
  { call, signal, controller }: Watched,
  abandon: (message: string) => void,
): { cancel(): void } {
  const { env, limits } = activation.driver
  const timeoutMs = call.terms?.timeoutMs ?? limits.toolTimeoutMs
  let cancelGrace = () => {}
  const stop = (why: string) => {
    if (controller.signal.aborted) return
    controller.abort(new Error(why))
    cancelGrace = env.setTimer(limits.graceMs, () => abandon(`${why}, and it did not stop within ${limits.graceMs} ms`))
  }
  const onAbort = () => stop('it was aborted')
  const cancelTimeout = env.setTimer(timeoutMs, () => stop(`it took longer than ${timeoutMs} ms`))
  if (signal.aborted) onAbort()
  else signal.addEventListener('abort', onAbort, { once: true })
  return {
    cancel: () => {
      cancelTimeout()
      cancelGrace()
      signal.removeEventListener('abort', onAbort)
    },
  }
}

/** Judged, then gone with a deploy: nothing has happened. */
function removedTool(name: string): CallReport {
  return {
    outcome: { type: 'terminal_error', message: `the agent has no tool "${name}" any more` },
    tookEffect: false,
    trust: 'system',
  }
}
