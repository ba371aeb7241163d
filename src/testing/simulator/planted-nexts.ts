/** Rules of `next` taken away, one at a time. */
import {
  type Answer,
  type Budget,
  type CallState,
  type Moment,
  next,
  type State,
  type TaskState,
} from '../../core/index.ts'
import { mapped } from './planted-handles.ts'
import { MAX_OUTPUT_TOKENS } from './workload.ts'

type Next = typeof next

/** Every call that was started looks as if this activation had started it. */
export const unfenced: Next = (state, moment) =>
  next(
    withCalls(state, (call) => (isStarted(call) ? { ...call, fence: moment.fence } : call)),
    moment,
  )

/** The same of requests to models. */
export const unfencedRequests: Next = (state, moment) => {
  const tasks = mapped(state.tasks, (task) =>
    task.model === null ? task : { ...task, model: { ...task.model, fence: moment.fence } },
  )
  return next({ ...state, tasks }, moment)
}

/** What a newer activation has started is run by the old one, too. */
export const runsWhatIsNewer: Next = (state, moment) =>
  next(
    withCalls(state, (call) =>
      isStarted(call) && call.fence > moment.fence ? { ...call, fence: moment.fence } : call,
    ),
    moment,
  )

export const withoutAborts: Next = (state, moment) => {
  const answer = next(state, moment)
  return { ...answer, actions: answer.actions.filter((action) => !('mode' in action) || action.mode === 'run') }
}

export const uncancelled: Next = (state, moment) => next({ ...state, cancel: null }, moment)

export const unreserved: Next = (state, moment) => {
  const answer = next(state, moment)
  const reserved = { tokens: 0, costMicroUsd: 0, maxOutputTokens: MAX_OUTPUT_TOKENS }
  return changed(answer, (event) => (event.type === 'model_started' ? { ...event, reserved } : event))
}

export const withBudget =
  (budget: Partial<Budget>): Next =>
  (state, moment) =>
    next({ ...state, budget: { ...state.budget, ...budget } }, moment)

export const allSideBySide: Next = (state, moment) =>
  next({ ...state, limits: { ...state.limits, maxConcurrentCalls: 1_000 } }, moment)

/** Writes that wait for their turn are taken for reads. */
export const writesSideBySide: Next = (state, moment) =>
  next(
    withCalls(state, (call) =>
      call.status === 'allowed' && call.effect !== null ? { ...call, effect: 'read' } : call,
    ),
    moment,
  )

/** What was allowed once stays allowed. */
export const judgedOnce: Next = (state, moment) =>
  next(
    withCalls(state, (call) => ({ ...call, judgedFence: moment.fence, judgedEpoch: state.writeEpoch })),
    moment,
  )

/** An `unsafe` call is given up at once, though its holder may run it still. */
export const lostAtOnce: Next = (state, moment) =>
  next(
    withCalls(state, (call) => ({ ...call, startedAt: 0 })),
    moment,
  )

/** A message that came while the model gave its last answer does not count. */
export const deafAtTheEnd: Next = (state, moment) => {
  const tasks = mapped(state.tasks, (task) =>
    task.phase === 'decide' && task.turn > 0 && task.attempts === 0 && task.callIds.length === 0
      ? { ...task, phase: 'answered' as const }
      : task,
  )
  return next({ ...state, tasks }, moment)
}

/** A turn whose model is asked already asks it once more. */
export const asksBesides: Next = (state, moment) =>
  withPhase(state, moment, ({ phase, attempts }) => phase === 'deciding' && attempts < 3)

/** A turn begins while calls of the last one are open. */
export const impatientTurns: Next = (state, moment) => withPhase(state, moment, ({ phase }) => phase === 'calls')

function withPhase(state: State, moment: Moment, mayDecide: (task: TaskState) => boolean): Answer {
  const decides = (task: TaskState) => (mayDecide(task) ? { ...task, phase: 'decide' as const } : task)
  return next({ ...state, tasks: mapped(state.tasks, decides) }, moment)
}

/** A request that failed is made again at once. */
export const restlessRequests: Next = (state, moment) =>
  next({ ...state, tasks: mapped(state.tasks, (task) => ({ ...task, retryAt: null })) }, moment)

/** The same of calls. */
export const restlessCalls: Next = (state, moment) =>
  next(
    withCalls(state, (call) => ({ ...call, retryAt: null })),
    moment,
  )

/** What a tool says of the end of its session does not count. */
export const deafToEndings: Next = (state, moment) =>
  next(
    withCalls(state, (call) => ({ ...call, ending: null })),
    moment,
  )

/** A request that leaves the newest event out. */
export const shownLess: Next = (state, moment) =>
  changed(next(state, moment), (event) =>
    event.type === 'model_started' ? { ...event, contextSeq: event.contextSeq - 1 } : event,
  )

/** An end that does not say what nobody knows. */
export const silentEnds: Next = (state, moment) =>
  changed(next(state, moment), (event) => (event.type === 'session_ended' ? { ...event, unresolved: [] } : event))

/** What is asked of people has expired as soon as it is asked. */
export const expiresAtOnce: Next = (state, moment) =>
  next({ ...state, approvals: mapped(state.approvals, (approval) => ({ ...approval, expiresAt: 0 })) }, moment)

/** Nobody knows what came of a call, and the work goes on. */
export const carelessOfUnknown: Next = (state, moment) =>
  next({ ...state, index: { ...state.index, unknown: new Set() } }, moment)

/** What is asked of people waits for ever. */
export const neverExpires: Next = (state, moment) => {
  const approvals = mapped(state.approvals, (approval) => ({ ...approval, expiresAt: Number.MAX_SAFE_INTEGER }))
  return next({ ...state, approvals }, moment)
}

function withCalls(state: State, change: (call: CallState) => CallState): State {
  return { ...state, calls: mapped(state.calls, change) }
}

function isStarted({ status }: CallState): boolean {
  return status === 'started'
}

function changed(answer: Answer, change: (event: Answer['events'][number]) => Answer['events'][number]): Answer {
  return { ...answer, events: answer.events.map(change) }
}
