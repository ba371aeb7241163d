/** The action `verify`: asks the tool whether the effect of a lost call took place. Never causes it. */
import type { Action, CallState, Completion, Verified } from '../core/index.ts'
import type { AnyTool, Verification } from '../ports/index.ts'
import { type Activation, stateOf } from './activation.ts'
import { outputReport } from './call-report.ts'
import { problemText } from './problem-text.ts'
import { toolContext } from './run-call.ts'

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
  const context = toolContext(activation, call, signal)
  // The judge has validated the input against the tool's own schema.
  const input = structuredClone(call.input) as never
  const verification: Verification<unknown> = (await withinTime(activation, call, async () =>
    tool.verify?.(context.idempotencyKey, { ...context, input }),
  )) ?? {
    tookEffect: 'unknown',
  }
  if (verification.tookEffect === true) {
    return { type: 'took_effect', report: await outputReport(tool, verification.output, activation.driver.limits) }
  }
  if (verification.tookEffect === false) return { type: 'did_not_take_effect' }
  return { type: 'unknown', message: verification.message ?? 'the tool could not tell' }
}

function withinTime<T>({ driver }: Activation, call: CallState, work: () => Promise<T>): Promise<T> {
  const timeoutMs = call.terms?.timeoutMs ?? driver.limits.toolTimeoutMs
  return new Promise((resolve, reject) => {
    const cancel = driver.env.setTimer(timeoutMs, () => reject(new Error(`verify took longer than ${timeoutMs} ms`)))
    work().then(resolve, reject).finally(cancel)
  })
}

/** Not being able to ask is not an answer: a person has to settle it. */
function unanswered(problem: unknown): Verified {
  return { type: 'unknown', message: `verify failed: ${problemText(problem)}` }
}
