/** The action `decide`: one request to the model, with its timeout; every way it can end is a report. */
import {
  type Action,
  type Completion,
  costOf,
  isOfMemory,
  type Json,
  type ModelAttempt,
  type ModelReport,
  memoryPurposes,
  previewOf,
  type TaskState,
} from '../core/index.ts'
import { type Model, type ModelDelta, type ModelRequest, ModelRequestError } from '../ports/index.ts'
import { type Activation, stateOf } from './activation.ts'
import { canonicalResponse, MAX_CODE_CHARACTERS } from './canonical-response.ts'
import type { Agent } from './define.ts'
import { isA, problemText } from './problem-text.ts'
import { wholeOutput } from './process-result.ts'
import { requestOf } from './request-of.ts'
import type { TaskRequest } from './role-request.ts'
import { shapesOf } from './sensitive-tool.ts'

type Decide = Extract<Action, { type: 'decide' }>

export async function askModel(activation: Activation, action: Decide, signal: AbortSignal): Promise<Completion> {
  const { taskId, turn, attempt } = action
  const startedAt = activation.driver.env.monotonic()
  const report = await request(activation, action, { signal, startedAt }).catch((problem: unknown) =>
    failure(activation, problem, { signal, startedAt }),
  )
  return { type: 'record_outcome', of: { type: 'model', taskId, turn, attempt, report } }
}

type Asked = { readonly signal: AbortSignal; readonly startedAt: number }

async function request(activation: Activation, action: Decide, { signal, startedAt }: Asked): Promise<ModelReport> {
  const { agent, driver, ref } = activation
  const state = stateOf(activation)
  const { taskId, turn, attempt } = action
  const asked = state.tasks.get(taskId)?.model
  if (!asked) throw new ModelRequestError('aborted', 'the attempt is no longer wanted', { retryable: false })
  const task = state.tasks.get(taskId)
  if (task === undefined) throw new ModelRequestError('aborted', 'its task is gone', { retryable: false })
  const { about } = asked
  const { purpose } = task
  // Read from the state before anything is awaited: it is that of the intent, and the same prompt can be made again from the log.
  const prepared = requestOf(agent, state, { task, asked, limits: driver.limits })
  const { promptHash, price, model, ...prompt } =
    typeof prepared === 'function' ? prepared(await processedOutput(activation, about)) : prepared
  if (signal.aborted) throw new ModelRequestError('aborted', 'the request was aborted', { retryable: false })
  const deltas = driver.wiring.redaction.deltas(
    () => driver.secrets.redactor(ref.tenant),
    (delta) => driver.observer.delta(ref, delta),
  )
  const onDelta = (delta: ModelDelta) => {
    // A plan, a route or a patch on its way is nothing for readers, and may hold what its tools mark.
    if (purpose === 'decide' && !isSensitiveCall(agent, delta))
      deltas.push({ taskId, turn, attempt, ...liveDelta(delta) })
  }
  const controller = new AbortController()
  const asks = { model, task, attempt, sessionId: ref.sessionId, maxOutputTokens: asked.reserved.maxOutputTokens }
  const answered = model.generate(modelRequest(prompt, asks), { signal: controller.signal, onDelta })
  const response = canonicalResponse(
    await withinTime(activation, answered, { signal, controller }).then(
      (whole) => {
        deltas.flush('whole')
        return whole
      },
      (problem: unknown) => {
        deltas.flush('cut')
        throw problem
      },
    ),
    driver.limits,
  )
  const costMicroUsd = response.usage === null ? asked.reserved.costMicroUsd : costOf(response.usage, price)
  return { type: 'responded', response, costMicroUsd, latencyMs: elapsed(activation, startedAt), promptHash }
}

/** Requests of memory stand between the turns, and are none. */
function turnsOfMemory({ purpose, purposeTurns }: TaskState): number {
  return isOfMemory(purpose) ? 0 : memoryPurposes.reduce((sum, each) => sum + purposeTurns[each], 0)
}

/** The whole of a result that a model is to process. */
async function processedOutput(activation: Activation, about: ModelAttempt['about']): Promise<Json> {
  const call = about?.type === 'process' ? stateOf(activation).calls.get(about.callId) : undefined
  const output = call === undefined ? null : await wholeOutput(activation, call)
  if (output === null)
    throw new ModelRequestError('artifact_erased', 'the content of the result was erased', { retryable: false })
  return output.value
}

type Asks = Pick<ModelRequest, 'attempt' | 'sessionId' | 'maxOutputTokens'> & {
  readonly model: Model
  readonly task: TaskState
}

/** What the model does not take is left out. */
function modelRequest(prompt: Omit<TaskRequest, 'promptHash' | 'price' | 'model'>, asks: Asks): ModelRequest {
  const { instructions, messages, tools, temperature, settings, output, mustCall } = prompt
  const { model, task, ...attempt } = asks
  const { taskId, turn, purpose } = task
  return {
    instructions,
    messages,
    tools,
    ...(temperature !== undefined && model.takesTemperature !== false && { temperature }),
    ...(settings !== undefined && { settings }),
    ...(output !== undefined && { output }),
    ...(mustCall !== undefined && model.takesToolChoice !== false && { mustCall }),
    ...attempt,
    purpose,
    taskId,
    purposeTurn: task.purposeTurns[purpose] ?? turn,
    turn: turn - turnsOfMemory(task),
  }
}

type Bounds = { readonly signal: AbortSignal; readonly controller: AbortController }

/** The first of: the answer, the timeout, the abort. A request that is not waited for is told to stop, too. */
function withinTime<T>({ driver }: Activation, answered: Promise<T>, { signal, controller }: Bounds): Promise<T> {
  const { modelTimeoutMs } = driver.limits
  return new Promise<T>((resolve, reject) => {
    const finish = () => {
      cancelTimer()
      signal.removeEventListener('abort', onAbort)
    }
    const give = (code: string, message: string) => {
      const problem = new ModelRequestError(code, message, { retryable: code === 'timeout' })
      finish()
      reject(problem)
      controller.abort(problem)
    }
    const onAbort = () => give('aborted', 'the request was aborted')
    const cancelTimer = driver.env.setTimer(modelTimeoutMs, () =>
      give('timeout', `no answer within ${modelTimeoutMs} ms`),
    )
    // Also where nobody waits for it any more: what a promise is rejected with has to be heard.
    answered.then(resolve, reject).finally(finish)
    if (signal.aborted) return onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
  })
}

function failure(activation: Activation, problem: unknown, { signal, startedAt }: Asked): ModelReport {
  const jitter = activation.driver.env.random()
  const latencyMs = elapsed(activation, startedAt)
  if (!isA(problem, ModelRequestError)) {
    const message = problemText(problem)
    return { type: 'failed', error: { code: 'adapter_error', message, retryable: false }, jitter, latencyMs }
  }
  const retryAfterMs = honestWaitMs(problem.retryAfterMs)
  const message = problemText(problem)
  // Only the runtime aborts: an adapter that says so by itself has lost its connection.
  const isCut = problem.code === 'aborted' && !signal.aborted
  const code = isCut ? 'network' : previewOf(problemText(problem.code), MAX_CODE_CHARACTERS)
  const retryable = isCut || problem.retryable === true
  return {
    type: 'failed',
    error: { code, message, retryable },
    jitter,
    latencyMs,
    ...(retryAfterMs !== null && { retryAfterMs }),
  }
}

/** Nobody waits longer than a day because a provider says so. */
const MAX_WAIT_MS = 86_400_000

/** Null where it is no time at all. */
function honestWaitMs(waitMs: unknown): number | null {
  if (typeof waitMs !== 'number' || !(waitMs >= 0)) return null
  return Math.min(Math.ceil(waitMs), MAX_WAIT_MS)
}

function elapsed({ driver }: Activation, startedAt: number): number {
  return Math.round(driver.env.monotonic() - startedAt)
}

/** Half of an input cannot be masked: it is shown, masked, when the answer is whole. */
function isSensitiveCall({ tools }: Agent, delta: ModelDelta): boolean {
  const tool = delta.type === 'call_delta' ? tools.get(delta.tool) : undefined
  return tool !== undefined && shapesOf(tool).input !== null
}

function liveDelta(delta: ModelDelta): { type: ModelDelta['type']; text: string; index?: number; tool?: string } {
  if (delta.type !== 'call_delta') return delta
  return { type: delta.type, text: delta.inputText, index: delta.index, tool: delta.tool }
}
