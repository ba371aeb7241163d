/** What a start says of plans: the agent's terms, with the route that the caller wants, and the plan that the caller has. */
import {
  type GivenPlan,
  type Limits,
  type PlanCause,
  type PlanningTerms,
  type ProposedPlan,
  problemsSaid,
  type Route,
  readPlan,
  routes,
} from '../core/index.ts'
import { checkBeforeStart } from './check-plan.ts'
import { StartError } from './check-start.ts'
import type { Agent } from './define.ts'
import { planningTerms } from './define-planning.ts'
import { problemText } from './problem-text.ts'

export type Planned = {
  readonly planning?: PlanningTerms
  readonly plan?: { readonly plan: ProposedPlan; readonly cause: PlanCause }
}

type Asked = { readonly route?: Route; readonly plan?: GivenPlan; readonly template?: string }

/** @throws StartError `invalid_input` where the agent makes no plans, the route is none, or the plan cannot be read. */
export function planOfStart(agent: Agent, { route, plan, template }: Asked, limits: Limits): Planned {
  const { name, planning, specialists } = agent
  if (template !== undefined && plan === undefined)
    throw refuse(`expected the plan that was made from the template ${template}: plan: planFrom(template, fields)`)
  if (planning === null) {
    if (route === undefined && plan === undefined) return {}
    throw refuse(`agent ${name} makes no plans: define it with planning: {} to give it a ${plan ? 'plan' : 'route'}`)
  }
  if (route !== undefined && !routes.includes(route))
    throw refuse(`expected a route of ${routes.join(', ')}; found ${problemText(route)}`)
  if (route === 'plan_and_subagent' && plan === undefined && planning.planner === null)
    throw refuse(`agent ${name} has no planner: give it a plan, or define it with one`)
  if (route === 'direct' && plan !== undefined)
    throw refuse('the route direct has no plan; leave the plan out, or the route')
  const own = planningTerms(planning, specialists, limits)
  const terms = route === undefined ? own : { ...own, route, isRouteOfCaller: true as const }
  if (plan === undefined) return { planning: terms }
  const read = readPlan(plan)
  if (read.type === 'problems') throw refuse(`the plan cannot be read: ${problemsSaid(read.problems)}`)
  const mode = terms.route === 'plan' ? 'flexible' : 'strict'
  // Looked at again when it is adopted; whoever gives it is told at once.
  const { problems } = checkBeforeStart(agent, read.plan, { mode, limits })
  if (problems.length > 0) throw refuse(`the plan cannot be carried out: ${problemsSaid(problems)}`)
  const cause: PlanCause = template === undefined ? { type: 'given' } : { type: 'template', template }
  return { planning: terms, plan: { plan: read.plan, cause } }
}

function refuse(message: string): StartError {
  return new StartError('invalid_input', message)
}
