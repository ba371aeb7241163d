/** The action `verify`: asks the tool whether the effect of a lost call took place. Never causes it. */
import type { Action, CallState, Completion, Verified } from '../core/index.ts'
import type { AnyTool, Verification } from '../ports/index.ts'
import { type Activation, stateOf } from './activation.ts'
import { outputReport } from './call-report.ts'
import { problemText } from './problem-text.ts'
import { toolContext } from './run-call.ts'
import { withinTime } from './within-time.ts'

type Verify = Extract<Action, { type: 'verify' }>

export async function verifyCall(activation: Activation, action: Verify, signal: AbortSignal): Promise<Completion> {
  const { callId, attempt } = action
  const call = stateOf(activation).calls.get(callId)
  const tool = call && activation.agent.tools.get(call.tool)
  const found =
    call === undefined || tool === undefined ? gone : await ask(activation, { call, tool, signal }).catch(unanswered)
  return { type: 'record_outcome', of: { type: 'verify', callId, attempt, found } }
}

const gone: Verified = { type: 'unknown', message: 'the agent does not have the tool any more' }

async function ask(
  activation: Activation,
  asked: { call: CallState; tool: AnyTool; signal: AbortSignal },
): Promise<Verified> {
  const { call, tool, signal } = asked
  const { env, limits } = activation.driver
  const controller = new AbortController()
  signal.addEventListener('abort', () => controller.abort(signal.reason), { once: true })
  const context = toolContext(activation, call, controller.signal)
  // The judge has validated the input against the tool's own schema.
  const input = structuredClone(call.input) as never
  const asking = Promise.resolve(tool.verify?.(context.idempotencyKey, { ...context, input }))
  const timeoutMs = call.terms?.timeoutMs ?? limits.toolTimeoutMs
  const answered = await withinTime(asking, { env, timeoutMs, what: 'verify', controller })
  const verification: Verification<unknown> = answered ?? { tookEffect: 'unknown' }
  if (verification.tookEffect === true) {
    return { type: 'took_effect', report: await outputReport(tool, verification.output, activation.driver.limits) }
  }
  if (verification.tookEffect === false) return { type: 'did_not_take_effect' }
  return { type: 'unknown', message: verification.message ?? 'the tool could not tell' }
}

/** Not being able to ask is not an answer: a person has to settle it. */
function unanswered(problem: unknown): Verified {
  return { type: 'unknown', message: `verify failed: ${problemText(problem)}` }
}
