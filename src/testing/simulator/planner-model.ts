/** What the planner of a simulated world answers: a plan for what is left, the one that has failed, one that cannot be carried out, or none. */
import type { EventOf, Json, PlanTask, ProposedPlan } from '../../core/index.ts'
import { asJson, drawPlan, spoilt } from './draw-plan.ts'
import { stands } from './note-plan.ts'
import type { PlansShape } from './plans-shape.ts'
import type { SessionRecord } from './record.ts'
import type { World } from './world.ts'

type Asked = { readonly record: SessionRecord; readonly tag: string }

export function plannedAnswer(world: World, plans: PlansShape, { record, tag }: Asked): string {
  const { chance } = world
  const plan = nextPlan(world, plans, { record, tag })
  if (!chance.happens(plans.flawed)) return JSON.stringify(plan)
  const failed = failedPlan(record)
  const roll = chance.random()
  if (failed !== null && roll < 0.35) return JSON.stringify(failed)
  if (failed !== null && roll < 0.5) return JSON.stringify(withOtherNames(failed))
  if (roll < 0.6) return 'I would rather not.'
  if (roll < 0.7) return JSON.stringify(plan).slice(0, -5)
  return JSON.stringify(spoilt(chance, plan))
}

/** The tools that a plan of this world may name. */
export function toolsOfPlans({ shape }: World): readonly string[] {
  const large = shape.memory === null ? [] : ['dig']
  return [...new Set([...shape.tools.filter((name) => name !== 'nothing'), 'list', 'crack', ...large])]
}

function nextPlan(world: World, { tasks: most }: PlansShape, { record, tag }: Asked): ProposedPlan {
  const { chance } = world
  const tools = toolsOfPlans(world)
  const asked = recoveryOf(record)
  const drawing = { goal: `${tag}do it all`, tools, most }
  const number = record.log.length
  if (asked === null) return drawPlan(chance, { ...drawing, prefix: chance.happens(0.5) ? 'T' : `T${number}.` })
  if (asked.action === 'decompose') return takenApart(world, record, { ...drawing, taskId: asked.taskId })
  const known = [...record.plan.nodes.values()].filter((node) => node.element === null && node.status === 'completed')
  const plan = drawPlan(chance, { ...drawing, prefix: `R${number}.`, known: known.map(({ task }) => task.id) })
  // Now and then the failed task is tried once more, as it is.
  const again = record.plan.nodes.get(asked.taskId)
  if (again === undefined || again.element !== null || !chance.happens(0.4)) return plan
  const isWhole = again.task.dependsOn.every((id) => known.some(({ task }) => task.id === id))
  return isWhole && again.task.parent === undefined ? { ...plan, tasks: [again.task, ...plan.tasks] } : plan
}

type Drawing = { readonly goal: string; readonly tools: readonly string[]; readonly most: number }

/** The failed task becomes the parent of smaller ones. */
function takenApart(
  { chance }: World,
  { plan, log }: SessionRecord,
  { taskId, ...drawing }: Drawing & { readonly taskId: string },
): ProposedPlan {
  const failed = plan.nodes.get(taskId)
  const smaller = drawPlan(chance, { ...drawing, most: Math.min(3, drawing.most), prefix: `D${log.length}.` })
  if (failed === undefined || failed.element !== null || failed.task.forEach !== undefined) return smaller
  const { id, name, dependsOn, parent, optional } = failed.task
  const whole: PlanTask = {
    id,
    name,
    dependsOn,
    ...(parent !== undefined && { parent }),
    ...(optional !== undefined && { optional }),
  }
  return { ...smaller, tasks: [whole, ...smaller.tasks.map((task) => ({ ...task, parent: task.parent ?? id }))] }
}

/** What a plan is asked for: the newest recovery that wants one, if the session has a plan that it is about. */
function recoveryOf({ log, plan }: SessionRecord): EventOf<'recovery_chosen'> | null {
  const last = log.findLast(
    ({ event }) =>
      event.type === 'route_chosen' ||
      (event.type === 'recovery_chosen' && (event.action === 'replan' || event.action === 'decompose')),
  )?.event
  return plan.version > 0 && last?.type === 'recovery_chosen' ? last : null
}

/** The version in force, word for word; null: none is. */
function failedPlan({ log, plan }: SessionRecord): ProposedPlan | null {
  const proposed = log.findLast(({ event }) => event.type === 'plan_proposed' && event.version === plan.version)?.event
  if (proposed?.type !== 'plan_proposed') return null
  return { goal: proposed.goal, tasks: proposed.tasks }
}

function withOtherNames({ goal, tasks }: ProposedPlan): ProposedPlan {
  return { goal, tasks: tasks.map((task) => ({ ...task, name: `${task.name}, again` })) }
}

/** What a person makes of a plan that they are asked about: one task less, one more, another amount, or something that cannot be. */
export function editedPlan(world: World, record: SessionRecord): Json {
  const { chance } = world
  const { proposed } = record.plan
  const event = record.log.findLast((each) => each.event.type === 'plan_proposed')?.event
  const goal = event?.type === 'plan_proposed' ? event.goal : ''
  const tasks = [...(proposed?.tasks ?? [])]
  const plan: ProposedPlan = { goal, tasks }
  const roll = chance.random()
  if (roll < 0.15) return spoilt(chance, plan)
  if (roll < 0.35) return asJson({ goal, tasks: withoutLast(record, tasks) })
  const extra: PlanTask = {
    id: `E${record.log.length}`,
    name: 'more',
    dependsOn: [],
    tool: 'list',
    input: { amount: 2 },
  }
  return asJson({ goal, tasks: [...tasks, extra] })
}

/** Without one that nobody waits for, and that has not begun. */
function withoutLast({ plan }: SessionRecord, tasks: readonly PlanTask[]): readonly PlanTask[] {
  const text = JSON.stringify(tasks.map(({ id: _, ...task }) => task))
  const last = tasks.findLast(({ id }) => !text.includes(`"${id}"`) && !stands(plan.nodes.get(id)))
  return tasks.length < 2 ? tasks : tasks.filter((task) => task !== last)
}
