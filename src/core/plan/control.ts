/** Calls that move the plan or its tasks. Nothing runs outside: control flow answers them with events. */
import type { OpenAnswer } from '../answer.ts'
import { trustOf } from '../exposure.ts'
import type { CallState, State, TaskState } from '../state.ts'
import type { Outcome, Trust } from '../vocabulary.ts'
import { type ControlTool, isControlTool, readDelegate, readPlanCall } from './control-tools.ts'
import type { PlanVersion, TaskNode } from './plan-state.ts'
import { problemsText } from './problems-text.ts'
import { isUnfinished } from './progress.ts'
import { proposals } from './propose.ts'
import { lastText } from './result.ts'
import { isGiven, moveStep, stepOf, stepOfDelegated } from './steps.ts'

export type OfControl = { readonly answer: OpenAnswer; readonly task: TaskState; readonly call: CallState }

const controls: { readonly [T in ControlTool]: (state: State, of: OfControl) => void } = {
  plan: proposePlan,
  update_plan: updatePlan,
  delegate,
  // The whole task ends with it: whoever looks after the task closes what else is open first.
  fail_task: () => {},
}

export function nextOfControl(state: State, of: OfControl): void {
  const { tool } = of.call
  // Each sees what the one before it has done: a second waits until that stands in the log.
  if (of.answer.events.some(({ type }) => type === 'plan_proposed' || type === 'plan_step_moved')) return
  if (isPlanAwaited(state) && movesStep(of.call)) return
  if (isControlTool(tool)) controls[tool](state, of)
}

/** Steps are moved when it is known which plan they are of. */
function isPlanAwaited({ plan }: State): boolean {
  return plan?.pending != null && plan.versions.at(-1)?.mode === 'flexible'
}

function movesStep({ tool, input }: CallState): boolean {
  return tool === 'update_plan' || (tool === 'delegate' && readDelegate(input).step !== undefined)
}

/** What ends a task from within, if its loop has said so. */
export function failureSaid(state: State, task: TaskState): CallState | undefined {
  if (task.phase !== 'calls') return undefined
  for (const callId of task.open) {
    const call = state.calls.get(callId)
    if (call?.isControl === true && call.tool === 'fail_task' && call.status === 'allowed') return call
  }
  return undefined
}

/** Proposed once; answered when it was looked at. */
function proposePlan(state: State, { answer, call }: OfControl): void {
  const version = proposedBy(state, call)
  if (version === undefined) {
    if (state.plan?.pending)
      return finish(answer, call, refusal('another plan is being looked at; wait for its result'))
    const limit = replanLimit(state)
    if (limit !== null) return finish(answer, call, refusal(limit))
    const plan = readPlanCall(call.input)
    answer.events.push(...proposals(state, { plan, mode: 'flexible', cause: { type: 'call', callId: call.callId } }))
  } else if (version.status === 'adopted') {
    finish(answer, call, { type: 'ok', output: { version: version.version, steps: version.tasks.length } })
  } else if (version.status === 'rejected') finish(answer, call, refusal(problemsText(version.problems)))
}

/** Of the call; or what people have made of it. */
function proposedBy({ plan }: State, { callId }: CallState): PlanVersion | undefined {
  const versions = plan?.versions ?? []
  const own = versions.findLastIndex(({ cause }) => cause.type === 'call' && cause.callId === callId)
  const after = own < 0 ? [] : versions.slice(own + 1)
  const other = after.findIndex(({ cause }) => cause.type !== 'edited')
  return (other < 0 ? after : after.slice(0, other)).at(-1) ?? versions[own]
}

function updatePlan(state: State, { answer, call }: OfControl): void {
  const moved = moveStep(state, call)
  answer.events.push(...moved.events)
  finish(answer, call, moved.outcome)
}

/** Begun once; answered when the child has ended. */
function delegate(state: State, { answer, task, call }: OfControl): void {
  const taskId = `d-${call.callId}`
  const child = state.tasks.get(taskId)
  if (child === undefined) return begin(state, { answer, task, call })
  if (state.index.active.has(taskId)) return
  const step = stepOfDelegated(state, child)
  const { callId } = call
  const text = lastText(child) ?? ''
  const isDone = child.failure === null && child.phase === 'answered'
  if (step !== undefined) {
    const status = isDone ? 'completed' : 'pending'
    const result = isDone ? { result: text } : { isRolledBack: true as const }
    answer.events.push({ type: 'plan_step_moved', taskId: step.task.id, status, callId, ...result })
  }
  const outcome: Outcome = isDone ? { type: 'ok', output: { result: text } } : failed(child)
  finish(answer, call, outcome, trustOfTask(state, child))
}

function begin(state: State, { answer, task, call }: OfControl): void {
  const { step: number, ...brief } = readDelegate(call.input)
  const step = number === undefined ? undefined : stepOf(state, number)
  const problem = whyNot(state, task) ?? (number === undefined ? null : whyNoStep(state, { number, step }))
  if (problem !== null) return finish(answer, call, refusal(problem))
  const { callId } = call
  if (step !== undefined)
    answer.events.push({ type: 'plan_step_moved', taskId: step.task.id, status: 'in_progress', callId })
  const ofStep = step === undefined ? {} : { step: step.task.id, planVersion: state.plan?.version ?? 0 }
  const delegated = { parent: task.taskId, callId, ...brief, ...ofStep }
  answer.events.push({ type: 'task_started', taskId: `d-${callId}`, attempt: 1, delegated })
}

function failed({ failure }: TaskState): Outcome {
  const message =
    failure === null ? 'the task was cancelled' : `the task has failed (${failure.failure}): ${failure.message}`
  return { type: 'terminal_error', message }
}

function whyNot({ planning }: State, { depth }: TaskState): string | null {
  const most = planning?.maxDepth ?? 0
  if (depth + 1 <= most) return null
  return `tasks nest at most ${most} deep; do it yourself, or say that it needs a separate session`
}

function replanLimit(state: State): string | null {
  const { plan, planning } = state
  if (plan === null || planning === null || !isUnfinished(state, plan) || plan.replans < planning.maxReplans)
    return null
  return `the plan was replaced ${plan.replans} times already, which is the limit: finish its steps, or say what cannot be done`
}

type Named = { readonly number: number; readonly step: TaskNode | undefined }

function whyNoStep(state: State, { number, step }: Named): string | null {
  if (step === undefined) return `the plan has no step ${number}; name one by its number in [PLAN]`
  return isGiven(state, step) ? `somebody works on step ${number} already; wait for what comes of it` : null
}

/** What has read something from outside may repeat it. */
function trustOfTask(state: State, { taskId }: TaskState): Trust {
  const isOutside = [...state.calls.values()].some((call) => call.taskId === taskId && trustOf(call) === 'external')
  return isOutside ? 'external' : 'tool'
}

function refusal(message: string): Outcome {
  return { type: 'terminal_error', message }
}

function finish(answer: OpenAnswer, call: CallState, ...[outcome, trust = 'system']: readonly [Outcome, Trust?]): void {
  const { callId, attempt } = call
  answer.events.push({ type: 'call_finished', callId, attempt: attempt + 1, outcome, trust })
}
