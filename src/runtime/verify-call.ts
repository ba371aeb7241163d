/** The action `verify`: asks the tool whether the effect of a lost call took place. Never causes it. */
import type { Action, CallState, Completion, Verified } from '../core/index.ts'
import type { AnyTool, Isolated, Verification } from '../ports/index.ts'
import { type Activation, stateOf } from './activation.ts'
import { toolNamed } from './builtin-tools.ts'
import { outputReport } from './call-report.ts'
import { isolatedReport } from './isolated/report.ts'
import { isolationOf } from './isolated/start.ts'
import { problemText } from './problem-text.ts'
import { reportingOf, toolContext } from './run-call.ts'
import { withinTime } from './within-time.ts'

type Verify = Extract<Action, { type: 'verify' }>

export async function verifyCall(activation: Activation, action: Verify, signal: AbortSignal): Promise<Completion> {
  const { callId, attempt } = action
  const call = stateOf(activation).calls.get(callId)
  const tool = call && toolNamed(activation, call.tool)
  const found =
    call === undefined || tool === undefined ? gone : await ask(activation, { call, tool, signal }).catch(unanswered)
  return { type: 'record_outcome', of: { type: 'verify', callId, attempt, found } }
}

const gone: Verified = { type: 'unknown', message: 'the agent does not have the tool any more' }

type Asked = { readonly call: CallState; readonly tool: AnyTool; readonly signal: AbortSignal }

/** The tool has the time of its call; what it answered is then judged in a time of its own. */
async function ask(activation: Activation, { call, tool, signal }: Asked): Promise<Verified> {
  const { env, limits } = activation.driver
  const controller = new AbortController()
  signal.addEventListener('abort', () => controller.abort(signal.reason), { once: true })
  const asked = { call, tool, signal: controller.signal }
  const timeoutMs = call.terms?.timeoutMs ?? limits.toolTimeoutMs
  const isolation = isolationOf(tool)
  const asking =
    isolation === null ? { answer: askHere(activation, asked), end: () => {} } : askBeside(activation, asked, isolation)
  const conclude = await withinTime(asking.answer, { env, timeoutMs, what: 'verify', controller }).finally(asking.end)
  return conclude()
}

/** What follows from the answer. */
type Conclude = () => Verified | Promise<Verified>

async function askHere(activation: Activation, { call, tool, signal }: Asked): Promise<Conclude> {
  const context = toolContext(activation, call, signal)
  // The judge has validated the input against the tool's own schema.
  const input = structuredClone(call.input) as never
  const answered = await tool.verify?.(context.idempotencyKey, { ...context, input })
  return async () => {
    const verification: Verification<unknown> = answered ?? { tookEffect: 'unknown' }
    const { tookEffect } = verification
    if (tookEffect === true)
      return {
        type: 'took_effect',
        report: await outputReport(tool, verification.output, reportingOf(activation, call)),
      }
    return tookEffect === false ? { type: 'did_not_take_effect' } : unknown(verification.message)
  }
}

type Asking = { readonly answer: Promise<Conclude>; readonly end: () => void }

/** In the tool's own module; killed when its time is up, since it may not cause anything. */
function askBeside(activation: Activation, { call, tool, signal }: Asked, isolation: Isolated): Asking {
  const { driver } = activation
  const context = toolContext(activation, call, signal)
  const memoryBytes = driver.limits.isolatedMemoryBytes
  const spans = { startWithinMs: null, endWithinMs: call.terms?.timeoutMs ?? driver.limits.toolTimeoutMs }
  const asked = { call: 'verify', input: call.input, context, memoryBytes, ...spans } as const
  const running = driver.wiring.startIsolated(isolation, asked)
  const answer = running.answer.then(
    (answered): Conclude =>
      async () => {
        if (answered.type === 'output' || answered.type === 'unreadable')
          return { type: 'took_effect', report: await isolatedReport(tool, answered, reportingOf(activation, call)) }
        if (answered.type !== 'verified') return unanswered(new Error(answered.message))
        return answered.tookEffect === false ? { type: 'did_not_take_effect' } : unknown(answered.message)
      },
  )
  return { answer, end: () => void running.end() }
}

function unknown(message: unknown): Verified {
  return { type: 'unknown', message: message === undefined ? 'the tool could not tell' : problemText(message) }
}

/** Not being able to ask is not an answer: a person has to settle it. */
function unanswered(problem: unknown): Verified {
  return { type: 'unknown', message: `verify failed: ${problemText(problem)}` }
}
