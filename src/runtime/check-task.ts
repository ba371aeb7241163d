/** The action `check`: is what a task came to a result, as its plan says. Never rejects. */
import {
  type Accept,
  type Action,
  type Completion,
  type Json,
  lastText,
  readStructured,
  type TaskState,
} from '../core/index.ts'
import { type Activation, stateOf } from './activation.ts'
import { problemText } from './problem-text.ts'
import { wholeOutput } from './process-result.ts'
import { resultSchema } from './result-schema.ts'
import { type TimeBounds, withinTime } from './within-time.ts'

type Check = Extract<Action, { type: 'check' }>
type Checked = Pick<Extract<Completion, { type: 'record_check' }>, 'problem' | 'output'>

export async function checkTask(activation: Activation, { taskId, attempt }: Check): Promise<Completion> {
  const checked = await check(activation, taskId).catch((problem: unknown) => ({
    problem: `it could not be checked: ${problemText(problem)}`,
  }))
  return { type: 'record_check', taskId, attempt, ...checked }
}

async function check(activation: Activation, taskId: string): Promise<Checked> {
  const state = stateOf(activation)
  const task = state.tasks.get(taskId)
  const accept = state.plan?.nodes.get(taskId)?.task.accept
  if (task === undefined || accept === undefined) return { problem: null }
  const read = await readResult(activation, task, accept)
  if (read.type === 'problem') return { problem: read.message }
  const problem = await withinTime(problemOf(activation, accept, read.value), bounds(activation))
  // The text of an answer that is JSON counts as that JSON from now on.
  return problem === null && !task.isCall ? { problem, output: read.value } : { problem }
}

type Read = { readonly type: 'value'; readonly value: Json } | { readonly type: 'problem'; readonly message: string }

/** The output of a call; the answer of a loop, as JSON where a schema looks at it. */
async function readResult(activation: Activation, task: TaskState, accept: Accept): Promise<Read> {
  const state = stateOf(activation)
  if (task.isCall) {
    const call = state.calls.get(task.callIds[0] ?? '')
    if (call?.outcome?.type !== 'ok') return { type: 'problem', message: 'no output' }
    const whole = await wholeOutput(activation, call)
    return whole === null ? { type: 'problem', message: 'its output was erased' } : { type: 'value', ...whole }
  }
  const text = lastText(task) ?? ''
  if ('checker' in accept) return { type: 'value', value: text }
  const { maxDepth, maxInputBytes: maxBytes } = activation.driver.limits
  const response = { parts: [{ type: 'text', text }], finish: 'stop', usage: null } as const
  return readStructured(response, { maxDepth, maxBytes })
}

async function problemOf(activation: Activation, accept: Accept, value: Json): Promise<string | null> {
  const { agent, driver, ref } = activation
  if ('schema' in accept) return resultSchema(accept.schema, value, driver.secrets.redactor(ref.tenant))
  const checker = agent.planning?.checkers.get(accept.checker)
  if (checker === undefined) return `the agent has no checker "${accept.checker}" any more`
  const problem: unknown = await checker(structuredClone(value))
  if (problem === null) return null
  if (typeof problem === 'string') return problemText(problem)
  return `the checker "${accept.checker}" answered ${problem === undefined ? 'nothing' : `a ${typeof problem}`}; it answers null where the result is one, else a sentence`
}

function bounds({ driver }: Activation): TimeBounds {
  return { env: driver.env, timeoutMs: driver.limits.policyTimeoutMs, what: 'checking the result' }
}
