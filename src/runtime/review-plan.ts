/** The action `review`: is a proposed plan one that this agent can carry out, now. Never rejects. */
import {
  type Action,
  type Completion,
  EVENTS_TO_END,
  isNewWork,
  type Limits,
  type PlanContext,
  type PlanProblem,
  type PlanState,
  type PlanVersion,
  type ProposedPlan,
  pinnedTasks,
  type State,
  validatePlan,
} from '../core/index.ts'
import { type Activation, stateOf } from './activation.ts'
import type { Agent } from './define.ts'
import { hashOf } from './hash.ts'
import { planContextOf } from './plan-context.ts'
import { problemText } from './problem-text.ts'
import { putBack } from './put-back.ts'

type Review = Extract<Action, { type: 'review' }>

export function reviewPlan(activation: Activation, { version }: Review): Completion {
  const state = stateOf(activation)
  const proposed = state.plan?.versions.find((each) => each.version === version)
  if (proposed === undefined || state.plan === null) return completion(version, [], [])
  try {
    const plan = planOf(proposed)
    const { agent, driver } = activation
    const context = contextOfVersion({ agent, limits: driver.limits }, state, { plan: state.plan, proposed })
    const { problems, warnings } = validatePlan(plan, context)
    const redacted = isOfModel(proposed) ? redactedInputs(plan, context) : []
    return { ...completion(version, [...problems, ...redacted], warnings), planHash: hashOf([version, plan]) }
  } catch (problem) {
    // A schema of the user's that throws is no reason to carry out what nobody has looked at.
    const message = `The plan could not be looked at: ${problemText(problem)}.`
    return completion(version, [{ code: 'malformed', tasks: [], message }], [])
  }
}

function completion(
  version: number,
  problems: readonly PlanProblem[],
  warnings: readonly PlanProblem[],
): Extract<Completion, { type: 'record_review' }> {
  return { type: 'record_review', version, problems, warnings, planHash: '' }
}

function isOfModel({ cause }: PlanVersion): boolean {
  return ['planned', 'replan', 'decompose', 'patch'].includes(cause.type)
}

/** A planner wrote the value of a secret, which was taken out before its answer was stored: no call runs with the mark in its place. */
function redactedInputs({ tasks }: ProposedPlan, { pinned }: PlanContext): readonly PlanProblem[] {
  const found = tasks.flatMap(({ id, input }): PlanProblem | [] => {
    const { left } = input === undefined || pinned?.has(id) === true ? noMarks : putBack(input, nothingHidden)
    const [first] = left
    if (first === undefined) return []
    const message = `The input of "${id}" has the mark of a redacted value at "${first}", and no call runs with that. Name a secret as secret://NAME, or take what another task found by { "$from": … }.`
    return { code: 'invalid_input', tasks: [id], message }
  })
  return found.slice(0, MAX_REDACTED_TOLD)
}

/** All of them have to fit into an event; who mends these is told the rest. */
const MAX_REDACTED_TOLD = 10

const nothingHidden = { own: null, shown: null }
const noMarks: { readonly left: readonly string[] } = { left: [] }

function planOf({ goal, notes, criticalPath, tasks }: PlanVersion): ProposedPlan {
  return { goal, ...(notes !== null && { notes }), ...(criticalPath !== null && { criticalPath }), tasks }
}

/** What a version is looked at against: the agent as it is defined now, and what stands already. */
export function contextOfVersion(
  { agent, limits }: { readonly agent: Agent; readonly limits: Limits },
  state: State,
  { plan, proposed }: { readonly plan: PlanState; readonly proposed: PlanVersion },
): PlanContext {
  const { mode, cause } = proposed
  const context = planContextOf(agent, {
    mode,
    inputs: limits,
    limits: {
      maxTasks: limits.maxPlanTasks,
      maxSteps: limits.maxPlanSteps,
      maxDepth: state.planning?.maxDepth ?? limits.maxTaskDepth,
      eventsLeft: Math.max(0, state.budget.maxEvents - state.seq - EVENTS_TO_END),
    },
  })
  if (isNewWork(plan, proposed)) return context
  const before = plan.versions.find(({ version }) => version === plan.version)
  const isRepeatable = cause.type === 'edited' || before === undefined
  return { ...context, pinned: pinnedTasks(plan), ...(!isRepeatable && { failed: planOf(before) }) }
}
