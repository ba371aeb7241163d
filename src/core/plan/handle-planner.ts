/** What a planner or a router answered, read as what it was asked for. */
import type { ModelReport } from '../command.ts'
import type { EventOf, PawlEvent } from '../event.ts'
import { accepted, type Handled } from '../handled.ts'
import type { Json } from '../json.ts'
import type { ModelResponse } from '../message.ts'
import { allowedRoutes, keywordRoute } from '../route/choose-route.ts'
import { readRoute } from '../route/route-prompt.ts'
import type { State, TaskState } from '../state.ts'
import { readStructured } from '../structured.ts'
import { withPinned } from './pinned.ts'
import { proposals } from './propose.ts'
import { readPlan } from './read-plan.ts'
import { rejected } from './review.ts'
import { withoutNulls } from './without-nulls.ts'

type Responded = Extract<ModelReport, { type: 'responded' }>

/** As deep as a plan's inputs may be, and no larger than an event. */
const ANSWER_LIMITS = { maxDepth: 64, maxBytes: 1_048_576 }

/** People have decided meanwhile what becomes of the tasks that it was wanted for. */
const UNWANTED = { code: 'unwanted', message: 'nothing is left that it was wanted for' }

export function planResponded(state: State, task: TaskState, report: Responded): Handled {
  const { plan } = state
  const request = plan?.request ?? null
  const responded = respondedOf(task, report)
  if (plan === null) return accepted(responded)
  if (request === null) return accepted(responded, noPlan(state, UNWANTED))
  const answer = structured(report.response)
  if (answer.type === 'problem') return accepted(responded, noPlan(state, answer))
  const read = readPlan(withoutNulls(answer.value))
  if (read.type === 'problems') return accepted(responded, rejected(plan, 0, read.problems))
  const proposed = withPinned(plan, read.plan, request.cause)
  return accepted(responded, ...proposals(state, { plan: proposed, mode: request.mode, cause: request.cause }))
}

/** What came is no plan: the next attempt is told so. */
function noPlan(state: State, { code, message }: Problem): PawlEvent {
  return noAnswer(state, `No plan could be read (${code}): ${unended(message)}. Answer with one JSON object, as asked.`)
}

/** Nothing came that could be read: the planner is not to blame. */
export function plannerFailed(state: State, { code, message }: Problem): PawlEvent {
  return noAnswer(state, `The planner gave no answer (${code}): ${unended(message)}.`)
}

type Problem = { readonly code: string; readonly message: string }

function unended(sentence: string): string {
  return sentence.endsWith('.') ? sentence.slice(0, -1) : sentence
}

function noAnswer({ plan }: State, message: string): PawlEvent {
  const problems = [{ code: 'no_answer', tasks: [], message }] as const
  return plan === null ? { type: 'plan_rejected', version: 0, attempt: 1, problems } : rejected(plan, 0, problems)
}

/** What cannot be read as a route is decided by keywords. */
export function routeResponded(state: State, task: TaskState, report: Responded): Handled {
  const answer = structured(report.response)
  const read = answer.type === 'problem' ? answer : readRoute(answer.value, allowedRoutes(state))
  const chosen = read.type === 'route' ? read.choice : keywordRoute(state, read.message)
  return accepted(respondedOf(task, report), { type: 'route_chosen', ...chosen })
}

function structured(
  response: ModelResponse,
): { type: 'value'; value: Json } | { type: 'problem'; code: string; message: string } {
  return readStructured(response, ANSWER_LIMITS)
}

function respondedOf({ taskId, turn, model }: TaskState, report: Responded): EventOf<'model_responded'> {
  const { type: _, ...responded } = report
  return { type: 'model_responded', taskId, turn, attempt: model?.attempt ?? 0, ...responded }
}
