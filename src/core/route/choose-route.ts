/** The way to go about a new message: as the caller says, else by rules, else by a model, else by keywords. */
import type { OpenAnswer } from '../answer.ts'
import { ROOT_TASK, type State } from '../state.ts'
import { type Route, routes } from '../vocabulary.ts'
import { type RouteChoice, routeByRules } from './route.ts'
import { defaultRouteRules } from './route-defaults.ts'
import { routeByKeywords } from './route-keywords.ts'

/** False: a model has to be asked. */
export function chooseRoute(state: State, answer: OpenAnswer): boolean {
  const choice = choiceOf(state)
  if (choice === null) return false
  answer.events.push({ type: 'route_chosen', ...choice })
  return true
}

function choiceOf(state: State): RouteChoice | null {
  const { planning } = state
  if (planning === null) return null
  const rules = planning.rules ?? defaultRouteRules
  if (planning.route !== 'auto')
    return {
      route: planning.route,
      level: 'forced',
      reason: planning.isRouteOfCaller === true ? 'the caller chose it' : 'the agent is defined so',
      confidence: null,
    }
  const text = newestMessage(state)
  const byRules = routeByRules(text, rules)
  if (byRules !== null) return byRules
  const root = state.tasks.get(ROOT_TASK)
  const hasFailed = root !== undefined && root.failures > 0 && root.retryAt === null
  return planning.hasRouter && !hasFailed ? null : routeByKeywords(text, rules, allowedRoutes(state))
}

/** Where a model gave no route. `why`: what came instead. */
export function keywordRoute(state: State, why: string): RouteChoice {
  const choice = routeByKeywords(newestMessage(state), state.planning?.rules ?? defaultRouteRules, allowedRoutes(state))
  return { ...choice, reason: `${choice.reason} (the model gave no route: ${why})` }
}

export function allowedRoutes({ planning }: State): readonly Route[] {
  return planning?.hasPlanner === true ? routes : routes.filter((route) => route !== 'plan_and_subagent')
}

function newestMessage({ transcript }: State): string {
  const last = transcript.findLast((entry) => entry.type === 'user')
  return last?.type === 'user' ? last.text : ''
}
