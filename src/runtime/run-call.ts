/** The action `call`: one attempt of a tool, within its timeout; a tool that ignores its signal is abandoned after the grace. */
import type { Action, CallReport, CallState, Completion } from '../core/index.ts'
import type { AnyTool, Isolated, ToolContext } from '../ports/index.ts'
import { type Activation, stateOf } from './activation.ts'
import { toolNamed } from './builtin-tools.ts'
import { failureReport, outputReport, type Reporting } from './call-report.ts'
import { idempotencyKeyOf } from './idempotency-key.ts'
import { isolatedReport } from './isolated/report.ts'
import { isolationOf } from './isolated/start.ts'
import { keeperOf } from './keep-artifact.ts'
import { startsWithinMs } from './may-start.ts'
import { readsArtifacts } from './read-artifact.ts'
import { callCleaner } from './redact-completion.ts'

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
  const tool = call && toolNamed(activation, call.tool)
  if (call === undefined || tool === undefined) return Promise.resolve(asCompletion(removedTool(call?.tool ?? '')))
  return new Promise((resolve) => {
    let isAbandoned = false
    const controller = new AbortController()
    const watch = watchTime(activation, { call, signal, controller }, async (why) => {
      isAbandoned = true
      const message = await giveUp(activation, working, why)
      resolve(asCompletion({ outcome: { type: 'retryable_error', message }, trust: 'system' }))
    })
    const onAnswered = () => watch.cancel()
    const working = begin(activation, { call, tool, signal: controller.signal, onAnswered })
    working.report.then((report) => {
      const completion = asCompletion(asJudged(report, call))
      if (isAbandoned) onLate(completion)
      else resolve(completion)
    })
  })
}

/** What is read of an artifact comes from where that came from, whatever the tool that reads it says of itself. */
function asJudged(report: CallReport, { terms }: CallState): CallReport {
  return report.trust === 'tool' && terms?.trust === 'external' ? { ...report, trust: 'external' } : report
}

type Attempt = {
  readonly call: CallState
  readonly tool: AnyTool
  readonly signal: AbortSignal
  /** The tool has ended. What is left to do (schema, views) has a time of its own, and no right to have a write repeated. */
  readonly onAnswered: () => void
}
type Working = {
  /** Never rejects. */
  readonly report: Promise<CallReport>
  /** Ends it, whatever it does. Null: it runs in this process, where nothing can. */
  readonly end: (() => Promise<void>) | null
}

/** Runs the tool in the same tick. */
function begin(activation: Activation, attempted: Attempt): Working {
  const { call, tool } = attempted
  const isolation = isolationOf(tool)
  if (isolation !== null) return beginBeside(activation, attempted, isolation)
  const { worker, ref } = activation
  const done = worker.runs(`${call.tool} (call ${call.callId} of session ${ref.sessionId})`)
  return { report: attempt(activation, attempted).finally(done), end: null }
}

function beginBeside(activation: Activation, attempted: Attempt, isolation: Isolated): Working {
  const { call, tool, signal, onAnswered } = attempted
  const { driver } = activation
  const { wiring, limits } = driver
  const running = wiring.startIsolated(isolation, {
    call: 'run',
    input: call.input,
    context: toolContext(activation, call, signal),
    memoryBytes: limits.isolatedMemoryBytes,
    startWithinMs: startsWithinMs(activation, call),
    endWithinMs: timeoutOf(activation, call) + limits.graceMs,
  })
  const report = running.answer.then((answer) => {
    onAnswered()
    return isolatedReport(tool, answer, reportingOf(activation, call))
  })
  return { report: report.catch((problem) => failureReport(tool, problem)), end: running.end }
}

/** Never rejects. */
async function attempt(activation: Activation, { call, tool, signal, onAnswered }: Attempt): Promise<CallReport> {
  try {
    // The judge has validated the input against the tool's own schema, and the tool may do with its copy what it likes.
    const input = structuredClone(call.input) as never
    const output: unknown = await tool.run(input, toolContext(activation, call, signal))
    onAnswered()
    return await outputReport(tool, output, reportingOf(activation, call))
  } catch (problem) {
    onAnswered()
    return failureReport(tool, problem)
  }
}

/** After the grace. What runs beside the runtime is gone when this answers, unless the system does not let it end. */
async function giveUp({ driver }: Activation, { end }: Working, why: string): Promise<string> {
  const { env, limits } = driver
  const ignored = `${why}, and it did not stop within ${limits.graceMs} ms`
  if (end === null) return ignored
  const { promise: isLate, resolve } = Promise.withResolvers<'late'>()
  const cancel = env.setTimer(limits.graceMs, () => resolve('late'))
  const ended = await Promise.race([end(), isLate])
  cancel()
  return ended === 'late' ? `${ignored}; it was killed, but the system did not let it end` : `${ignored}: it was killed`
}

/** What a report of the call needs of the runtime. */
export function reportingOf({ agent, driver, ref }: Activation, { tool, input }: CallState): Reporting {
  const { limits, env, secrets } = driver
  const cleaner = () => callCleaner(secrets.redactor(ref.tenant), agent.tools.get(tool), input)
  return { limits, env, cleaner, keep: keeperOf(driver, ref.tenant) }
}

export function toolContext(activation: Activation, call: CallState, signal: AbortSignal): ToolContext {
  const { ref, loaded, agent, driver } = activation
  const { tenant } = ref
  return {
    tenant,
    sessionId: ref.sessionId,
    callId: call.callId,
    attempt: call.attempt,
    idempotencyKey: call.terms?.idempotencyKey ?? idempotencyKeyOf(ref, call.callId),
    startBy: call.startedAt + call.leaseMs,
    signal,
    context: structuredClone(loaded.draft.state.context),
    secret: (nameOrReference) => {
      const tool = agent.tools.get(call.tool)
      if (tool === undefined) return Promise.reject(new RangeError(`the agent has no tool "${call.tool}"`))
      return driver.secrets.resolve(nameOrReference, tool, { tenant, agent: agent.name, tool: call.tool })
    },
    ...readsArtifacts({ store: driver.store, state: () => stateOf(activation), call }),
  }
}

type Watched = { readonly call: CallState; readonly signal: AbortSignal; readonly controller: AbortController }

/** Passes an abort on, tells the tool when its time is up, and gives it up when the grace is over too. */
function watchTime(
  activation: Activation,
  { call, signal, controller }: Watched,
  abandon: (why: string) => void,
): { cancel(): void } {
  const { env, limits } = activation.driver
  const timeoutMs = timeoutOf(activation, call)
  let cancelGrace = () => {}
  const stop = (why: string) => {
    if (controller.signal.aborted) return
    controller.abort(new Error(why))
    cancelGrace = env.setTimer(limits.graceMs, () => abandon(why))
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

function timeoutOf({ driver }: Activation, { terms }: CallState): number {
  return terms?.timeoutMs ?? driver.limits.toolTimeoutMs
}

/** Judged, then gone with a deploy: nothing has happened. */
function removedTool(name: string): CallReport {
  return {
    outcome: { type: 'terminal_error', message: `the agent has no tool "${name}" any more` },
    tookEffect: false,
    trust: 'system',
  }
}
