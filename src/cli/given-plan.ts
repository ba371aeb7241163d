/** What `pawl run` says of plans: a file, a template that is filled in, or the way to go about the work. */
import type { PlanProblem, ProposedPlan, Route } from '../core/index.ts'
import { type Agent, checkPlan } from '../index.ts'
import type { StartOptions } from '../runtime/index.ts'
import type { App } from './app.ts'
import { CliError, usageError } from './errors.ts'
import { filledIn } from './filled-template.ts'
import { readNamed } from './parse.ts'
import { readPlanText } from './plan-file.ts'
import { planLimitsOf } from './plan-limits.ts'
import { problemLine } from './render/checked-plan.ts'
import { counted } from './render/units.ts'
import { readStandardInput } from './standard-input.ts'
import { marks } from './style.ts'
import { findTemplates, takeTemplate } from './templates.ts'
import { typedIn } from './typed-in.ts'

export type PlanOptions = {
  /** A file, or `-` for standard input. */
  readonly plan?: string
  readonly template?: string
  readonly field?: readonly string[]
  readonly templates?: string
  readonly route?: Route
}

/** Problems that are told; `pawl plan check` has all of them. */
const TOLD_PROBLEMS = 20

/** @throws CliError where the options contradict each other, or the plan cannot be carried out: nothing is stored then. */
export function planOfOptions(
  app: App,
  agent: Agent,
  options: PlanOptions,
): Pick<StartOptions, 'plan' | 'template' | 'route'> {
  const { plan: file, template, field = [], templates, route } = options
  if (file !== undefined && template !== undefined)
    throw usageError('expected a plan from a file or from a template; found both --plan and --template. Leave one out.')
  if (template === undefined && (field.length > 0 || templates !== undefined))
    throw usageError('expected --template where --field or --templates is given; found none. Name the template.')
  const forced = route === undefined ? {} : { route }
  if (template !== undefined) {
    const taken = takeTemplate(findTemplates({ named: templates, loaded: app.loaded, from: typedIn() }), template)
    const plan = filledIn(taken.template, field, planLimitsOf(app.limits))
    return { ...forced, plan: checked(plan, { app, agent, route, named: template }), template }
  }
  if (file === undefined) return forced
  const read = readPlanText(file === '-' ? readStandardInput() : readNamed(file))
  if (read.type === 'problems') throw refusedPlan(agent, file, read.problems)
  return { ...forced, plan: checked(read.plan, { app, agent, route, named: file }) }
}

type Checking = { readonly app: App; readonly agent: Agent; readonly route: Route | undefined; readonly named: string }

/** What `start` refuses is told here as `pawl plan check` tells it. */
function checked(plan: ProposedPlan, { app, agent, route, named }: Checking): ProposedPlan {
  // Whether it plans at all is told by `start`.
  if (agent.planning === null || route === 'direct') return plan
  const isFlexible = (route ?? agent.planning.options.route) === 'plan'
  const { problems } = checkPlan(agent, plan, { mode: isFlexible ? 'flexible' : 'strict', limits: app.limits })
  if (problems.length > 0) throw refusedPlan(agent, named, problems)
  return plan
}

/** `named`: the file or the template. */
function refusedPlan(agent: Agent, named: string, problems: readonly PlanProblem[]): CliError {
  const what = `expected a plan that ${agent.name} can carry out; found ${counted(problems.length, 'problem')} in ${named}:`
  const told = problems.slice(0, TOLD_PROBLEMS).map((problem) => `  ${marks.bad} ${problemLine(problem)}`)
  const more = problems.length > told.length ? [`  and ${problems.length - told.length} more`] : []
  return new CliError('invalid_plan', [what, ...told, ...more, 'Nothing was stored.'].join('\n'))
}
