/** Rules of plans taken away, one at a time: of dispatch, of recovery, of what may take the place of what. */
import {
  handle,
  type Json,
  next,
  type PlanningTerms,
  type PlanProblem,
  reduce,
  type State,
  type TaskNode,
} from '../../core/index.ts'
import { mapped } from './planted-handles.ts'
import { toolNames } from './shape.ts'

type Next = typeof next
type Handle = typeof handle
type Plan = NonNullable<State['plan']>

/** One failure, and nothing starts any more. */
export const cascadesWide: Next = (state, moment) =>
  next(
    withNodes(state, (node, plan) =>
      plan.failed.size > 0 && node.status === 'pending' ? { ...node, outOfReach: node.outOfReach + 1 } : node,
    ),
    moment,
  )

/** What needs a failed task starts without it. */
export const cascadesNarrow: Next = (state, moment) =>
  next(
    withNodes(state, (node) =>
      node.status === 'pending' && node.outOfReach > 0 ? { ...node, outOfReach: 0, waitingFor: 0 } : node,
    ),
    moment,
  )

/** A new version begins with what an older one has completed. */
export const completedAgain: Next = (state, moment) =>
  next(
    withNodes(state, (node, plan) => {
      const version = plan.versions.find((each) => each.version === plan.version)
      const isOld = version?.cause.type === 'replan' && (node.endedAt ?? moment.now) < version.at
      return isOld && node.status === 'completed' ? { ...node, status: 'pending' } : node
    }),
    moment,
  )

export const withPlanning =
  (terms: (planning: PlanningTerms) => Partial<PlanningTerms>): Next =>
  (state, moment) =>
    next(planningOf(state, terms), moment)

export const endlessRetries = ({ recovery }: PlanningTerms): Partial<PlanningTerms> => ({
  // The rows of a table, each with more retries.
  recovery: Object.fromEntries(
    Object.entries(recovery).map(([failure, row]) => [failure, { ...row, maxRetries: 1_000 }]),
  ) as PlanningTerms['recovery'],
})

/** Steps in progress do not keep another from beginning. */
export const severalSteps: Next = (state, moment) =>
  state.plan?.mode === 'flexible'
    ? next(
        withNodes(state, (node) => (node.status === 'in_progress' ? { ...node, status: 'pending' } : node)),
        moment,
      )
    : next(state, moment)

/** Nobody has to have the field for themselves. */
export const besideWhoIsAlone: Next = (state, moment) =>
  next(
    withNodes(state, (node) => {
      const { exclusive: _, ...task } = node.task
      return { ...node, task }
    }),
    moment,
  )

/** Work goes on under the old version while the new one is looked at. */
export const beginsUnderReview: Next = (state, moment) => {
  const { plan } = state
  if (plan === null || plan.pending === null || plan.version === 0) return next(state, moment)
  const answer = next(state, moment)
  const begun = next({ ...state, plan: { ...plan, pending: null, request: null } }, moment)
  return { ...answer, events: [...answer.events, ...begun.events.filter(({ type }) => type === 'task_started')] }
}

/** Every attempt is the first. */
export const uncountedAttempts: Next = changing((event) =>
  event.type === 'task_started' ? { ...event, attempt: 1 } : event,
)

/** An end does not say that something is missing. */
export const silentAboutParts: Next = changing((event) => {
  if (event.type !== 'session_ended') return event
  const { partial: _, ...ended } = event
  return ended
})

/** What was delegated goes on although nobody waits for it any more. */
export const orphansWork: Next = (state, moment) => {
  const tasks = mapped(state.tasks, (task) =>
    task.delegated === null ? task : { ...task, delegated: { ...task.delegated, callId: '' } },
  )
  return next({ ...state, tasks }, moment)
}

/** People are not asked, whatever the agent says. */
export const unreviewed: Handle = (state, command, moment) =>
  handle(command.type === 'record_review' ? planningOf(state, () => ({ planReview: 'never' })) : state, command, moment)

/** Whatever is wrong with a plan of this kind is overlooked. */
export const overlooking =
  (isOverlooked: (problem: PlanProblem) => boolean): Handle =>
  (state, command, moment) =>
    handle(
      state,
      command.type === 'record_review'
        ? { ...command, problems: command.problems.filter((problem) => !isOverlooked(problem)) }
        : command,
      moment,
    )

/** What is put into an input is the oldest result of all. */
export const putsInOldResults: typeof reduce = (draft, event, at) => {
  reduce(draft, event, at)
  const { state } = draft
  if (event.type !== 'task_started' || event.callId === undefined) return
  const call = state.calls.get(event.callId)
  const input = state.plan?.nodes.get(event.taskId)?.task.input
  const oldest = [...state.calls.values()].find(({ outcome }) => outcome?.type === 'ok')?.outcome
  if (call === undefined || oldest?.type !== 'ok' || !JSON.stringify(input).includes('$from')) return
  const paid = paidOf(oldest.output)
  if (paid !== undefined) draft.set(call, 'input', { amount: paid })
}

/** A task may use all that there is. */
export const givesEverything: typeof reduce = (draft, event, at) => {
  reduce(draft, event, at)
  const task = event.type === 'task_started' ? draft.state.tasks.get(event.taskId) : undefined
  if (task !== undefined) draft.set(task, 'tools', toolNames)
}

function paidOf(output: Json): number | undefined {
  if (typeof output !== 'object' || output === null || !('paid' in output)) return undefined
  return typeof output['paid'] === 'number' ? output['paid'] : undefined
}

function planningOf(state: State, terms: (planning: PlanningTerms) => Partial<PlanningTerms>): State {
  const { planning } = state
  return planning === null ? state : { ...state, planning: { ...planning, ...terms(planning) } }
}

/** With what is ready as the changed tasks have it. */
function withNodes(state: State, change: (node: TaskNode, plan: Plan) => TaskNode): State {
  const { plan } = state
  if (plan === null) return state
  const nodes = mapped(plan.nodes, (node) => change(node, plan))
  const isReady = ({ status, waitingFor, outOfReach, retryAt, children }: TaskNode) =>
    status === 'pending' && waitingFor === 0 && outOfReach === 0 && retryAt === null && children.length === 0
  // Ranks in their order are a heap.
  const ready = [...nodes.values()]
    .filter(isReady)
    .map(({ rank }) => rank)
    .sort((one, other) => one - other)
  return { ...state, plan: { ...plan, nodes, ready } }
}

type Event = ReturnType<Next>['events'][number]

function changing(change: (event: Event) => Event): Next {
  return (state, moment) => {
    const answer = next(state, moment)
    return { ...answer, events: answer.events.map(change) }
  }
}
