/** One request to a model, as its task wants it: whose prompt, which messages, which tools, and what the answer has to be. */
import {
  briefOf,
  type ControlTool,
  isOfMemory,
  type Limits,
  type Message,
  memoryText,
  mustPlan,
  planPrompt,
  planSchemaFor,
  planShownOf,
  problemsText,
  ROOT_TASK,
  renderPlan,
  replanPrompt,
  requestText,
  routePrompt,
  routeSchema,
  routes,
  type State,
  summaryText,
  type TaskState,
  triedBy,
} from '../core/index.ts'
import type { ToolSpec } from '../ports/index.ts'
import { shownTools } from './builtin-tools.ts'
import type { Agent } from './define.ts'
import { controlSpecs } from './define-planning.ts'
import { memoryRequest } from './memory-request.ts'
import { plannerMeans } from './planner-means.ts'
import { renderPrompt } from './render.ts'
import { type Asked, type ForRole, forRole, gone, type Prepared, type TaskRequest } from './role-request.ts'

type Asking = {
  readonly task: TaskState
  readonly asked: Asked
  readonly limits: Limits
}

/** @throws ModelRequestError `no_planner`, `no_router` or `unknown_specialist`: a deploy has taken away whoever was to be asked. */
export function requestOf(agent: Agent, state: State, { task, asked, limits }: Asking): Prepared {
  if (isOfMemory(task.purpose)) return memoryRequest(agent, state, { task, asked })
  const { planner = null, router = null } = agent.planning ?? {}
  if (task.purpose === 'plan') {
    if (planner === null) throw gone('no_planner', `agent ${agent.name} has no planner any more`)
    return planRequest(agent, state, { role: planner, asked, limits })
  }
  if (task.purpose === 'route') {
    if (router === null) throw gone('no_router', `agent ${agent.name} has no router any more`)
    return routeRequest(agent, state, { role: router, asked })
  }
  const turn = { task, asked, limits }
  return task.taskId === ROOT_TASK ? rootRequest(agent, state, turn) : partRequest(agent, state, turn)
}

type Turn = { readonly task: TaskState; readonly asked: Asked; readonly limits: Limits }

function rootRequest(agent: Agent, state: State, { task: root, asked, limits }: Turn): TaskRequest {
  const { model, terms, instructions, temperature, settings } = agent
  const plan = state.route?.route === 'plan' ? planMessage(state) : []
  const { before, after } = memoryMessages(state, root, asked)
  const prompt = renderPrompt(state, { ...asked, before, after: [...after, ...plan] })
  const tools = toolsFor(agent, state, { task: root, limits })
  const mustCall = mustPlan(state) ? { mustCall: 'plan' } : {}
  return { model, price: terms.price, instructions, temperature, settings, tools, ...mustCall, ...prompt }
}

/** The plan stands in every prompt until all its steps have ended; who has none yet is told to make one. */
function planMessage(state: State): readonly Message[] {
  const view = planShownOf(state)
  const plan = view === null || mustPlan(state) ? FIRST_PLAN : renderPlan(view)
  return plan === '' ? [] : [{ role: 'user', text: `${plan}${troubleText(state)}`, trust: 'system' }]
}

/** Replanning is for failures, not for second thoughts: it is spoken of when there were enough in a row. */
function troubleText({ plan, planning }: State): string {
  const failures = plan?.failuresInARow ?? 0
  if (planning === null || failures < planning.replanThreshold) return ''
  return `\n${failures} of its steps in a row came back undone. If what is left cannot work as it is planned, call plan again.`
}

const FIRST_PLAN =
  'This work needs a plan. Call `plan` first, with the steps in their order; then do them one after the other.'

/** The calls by which a task's loop moves plans and tasks. */
export function controlsOf(agent: Agent, state: State, task: TaskState): readonly ControlTool[] {
  const delegates: readonly ControlTool[] = mayDelegate(agent, state, task) ? ['delegate'] : []
  if (task.taskId !== ROOT_TASK) return ['fail_task', ...delegates]
  if (mustPlan(state)) return ['plan']
  return state.route?.route === 'plan' ? ['plan', 'update_plan', ...delegates] : delegates
}

/** Of a task of a plan, or of one that was delegated. */
function partRequest(agent: Agent, state: State, { task, asked, limits }: Turn): TaskRequest {
  const role = task.specialist === null ? null : agent.specialists.get(task.specialist)
  if (role === undefined)
    throw gone('unknown_specialist', `agent ${agent.name} has no specialist ${task.specialist} any more`)
  const { model, terms, instructions, temperature, settings } = role ?? agent
  const brief: Message = { role: 'user', text: briefOf(state, task), trust: 'system' }
  const { before, after } = memoryMessages(state, task, asked)
  const prompt = renderPrompt(state, { ...asked, task, before: [brief, ...before], after })
  const tools = toolsFor(agent, state, { task, limits })
  return { model, price: terms.price, instructions, temperature, settings, tools, ...prompt }
}

/** A summary stands in front of the turns that it does not cover; what changes from turn to turn behind them. */
function memoryMessages(state: State, task: TaskState, { contextSeq }: Asked): Around {
  const summary = summaryText(task)
  const memory = memoryText(state, task, contextSeq)
  return {
    before: summary === null ? [] : [{ role: 'user', text: summary, trust: 'system' }],
    after: memory === '' ? [] : [{ role: 'user', text: memory, trust: 'system' }],
  }
}

type Around = { readonly before: readonly Message[]; readonly after: readonly Message[] }

/** Its own, those that come with the runtime, and those that move the plan. */
function toolsFor(agent: Agent, state: State, { task, limits }: Pick<Turn, 'task' | 'limits'>): readonly ToolSpec[] {
  const controls = controlSpecs(controlsOf(agent, state, task), [...agent.specialists.keys()])
  return [...shownTools(agent, state, { task, limits }), ...controls]
}

function mayDelegate({ specialists }: Agent, { planning }: State, { depth }: TaskState): boolean {
  return specialists.size > 0 && planning !== null && depth < planning.maxDepth
}

function planRequest(agent: Agent, state: State, { role, asked, limits }: ForRole & { limits: Limits }): TaskRequest {
  const prompt = plannerPrompt(state, plannerMeans(agent, state, limits))
  const schema = planSchemaFor({
    tools: [...agent.tools.keys()],
    specialists: [...agent.specialists.keys()],
    checkers: [...(agent.planning?.checkers.keys() ?? [])],
  })
  const output = { name: 'plan', description: 'The plan, as one JSON object.', schema }
  return { ...forRole(state, { role, asked, ...prompt }), output }
}

function plannerPrompt(state: State, means: ReturnType<typeof plannerMeans>): { instructions: string; text: string } {
  const request = state.plan?.request ?? null
  const view = planShownOf(state)
  const problems = request?.problems ?? []
  if (request === null || request.cause.type === 'planned' || view === null) {
    const first = planPrompt({ ...means, mode: 'strict', request: requestText(state) })
    if (problems.length === 0) return first
    return { ...first, text: `${first.text}\n\n[YOUR LAST ANSWER]\n${problemsText(problems)}` }
  }
  const { cause } = request
  const failed = cause.type === 'replan' ? cause.taskIds : [cause.taskId]
  const replans = state.plan?.replans ?? 0
  return replanPrompt({
    ...means,
    view,
    failures: failed.map((taskId) => ({ taskId, tried: triedBy(state, taskId) })),
    decompose: cause.type === 'decompose',
    replansLeft: Math.max(0, (state.planning?.maxReplans ?? 0) - replans - 1),
    problems,
  })
}

function routeRequest(agent: Agent, state: State, { role, asked }: ForRole): TaskRequest {
  const allowed = state.planning?.hasPlanner === true ? routes : routes.filter((route) => route !== 'plan_and_subagent')
  const specialists = [...agent.specialists.values()].map(({ name, domain }) => ({ name, domain }))
  const prompt = routePrompt(newestMessage(state), { allowed, specialists })
  const output = { name: 'route', description: 'How the request is gone about.', schema: routeSchema(allowed) }
  return { ...forRole(state, { role, asked, ...prompt }), output }
}

function newestMessage({ transcript }: State): string {
  const last = transcript.findLast((entry) => entry.type === 'user')
  return last?.type === 'user' ? last.text : ''
}
