/** How a session of a world that plans begins: with a plan of the caller's, with a route, or with neither. */
import type { StartOptions } from '../../runtime/index.ts'
import { drawPlan } from './draw-plan.ts'
import { toolsOfPlans } from './planner-model.ts'
import type { World } from './world.ts'

type Work = Pick<StartOptions, 'plan' | 'route' | 'template'>

const EVENTS_FOR_A_PLAN = 500

/** Draws nothing in a world that does not plan. */
export function drawWork(world: World, tag: string): Work {
  const { chance, shape } = world
  const { plans } = shape
  if (plans === null) return {}
  const { given, planned, flexible, plain, hasPlanner, tasks: most } = plans
  const ways: readonly (readonly [number, () => Work])[] = [
    // Whoever gives a plan that cannot be carried out within the events of a session is refused.
    [shape.budget.maxEvents < EVENTS_FOR_A_PLAN ? 0 : given, () => givenWork(world, { tag, most })],
    [hasPlanner ? planned : 0, () => ({ route: 'plan_and_subagent' })],
    [flexible, () => ({ route: 'plan' })],
    [plain, () => (chance.happens(0.5) ? { route: 'direct' } : {})],
  ]
  let place = chance.random() * ways.reduce((sum, [weight]) => sum + weight, 0)
  for (const [weight, work] of ways) {
    if (place < weight) return work()
    place -= weight
  }
  return {}
}

function givenWork(world: World, { tag, most }: { readonly tag: string; readonly most: number }): Work {
  const { chance, shape } = world
  const plan = drawPlan(chance, {
    goal: `${tag}as given`,
    prefix: 'T',
    tools: toolsOfPlans(world),
    most,
    padding: shape.padding,
  })
  // An agent without a planner can be given a plan; the way to go about later messages is chosen for each.
  const route = chance.happens(0.15) ? 'plan' : shape.plans?.hasPlanner === true ? 'plan_and_subagent' : undefined
  return { plan, ...(route !== undefined && { route }), ...(chance.happens(0.1) && { template: 'drawn' }) }
}
