/** Bugs that the checks must notice: each takes one rule of plans away, in a function of the core or in what a worker loads. */
import type { Draft, PawlEvent, PlanTask, State } from 'pawl/core'
import { type Core, shippedCore } from './virtual-clock.ts'

export type Plant = {
  readonly bug: string
  readonly core: Core
  /** A problem that only this bug explains. */
  readonly shows: RegExp
  /** What has to happen for it to show. */
  readonly when: 'always' | 'a task fails' | 'a worker dies'
}

const { next, reduce, load } = shippedCore

export const plants: readonly Plant[] = [
  {
    bug: 'the cascade of a failure is too wide: another task that waits is out of reach, too',
    core: { ...shippedCore, reduce: around('recovery_chosen', tooWide) },
    shows: /is unreachable, and not completed/,
    when: 'a task fails',
  },
  {
    bug: 'the cascade of a failure is too narrow: it stops at the direct dependents',
    core: { ...shippedCore, reduce: tooNarrow },
    shows: /is pending, and not unreachable/,
    when: 'a task fails',
  },
  {
    bug: 'one task more than there are slots',
    core: { ...shippedCore, next: (state, moment) => next(withSlots(state, 1), moment) },
    shows: /tasks ran at once in \d+ slots/,
    when: 'always',
  },
  {
    bug: 'a dependency is ignored',
    core: { ...shippedCore, reduce: (draft, event, at) => reduce(draft, rewritten(event, withoutDependency), at) },
    shows: /began before .* had ended/,
    when: 'always',
  },
  {
    bug: 'a task is given the results of others in the wrong order',
    core: { ...shippedCore, reduce: (draft, event, at) => reduce(draft, rewritten(event, withResultsReversed), at) },
    shows: /came to \d+, and not to/,
    when: 'always',
  },
  {
    bug: 'tasks start in the order of the plan, and only when all that ran have ended',
    core: {
      ...shippedCore,
      next: (state, moment) => next(isBusy(state) ? withSlots(state, -1_000) : state, moment),
      reduce: (draft, event, at) => reduce(draft, rewritten(event, withoutTimes), at),
    },
    shows: /ms is over the bound/,
    when: 'always',
  },
  {
    bug: 'the slot of a task that ends goes to what was ready before',
    core: { ...shippedCore, next: (state, moment) => next(withoutAnswered(state), moment) },
    shows: /starts .*, where the longest way is that of/,
    when: 'always',
  },
  {
    bug: 'a completed task is ready again after a resume',
    core: { ...shippedCore, load: (log, reduceBy) => readyAgain(load(log, reduceBy)) },
    shows: /ran again after it had ended/,
    when: 'a worker dies',
  },
  {
    bug: 'the last outcome is forgotten at a resume',
    core: { ...shippedCore, load: (log, reduceBy) => load(withoutLastOutcome(log), reduceBy) },
    shows: /ran again after it had ended/,
    when: 'a worker dies',
  },
  {
    bug: 'an unsafe call that was lost runs again, and its tool is not asked',
    core: { ...shippedCore, load: (log, reduceBy) => takenForIdempotent(load(log, reduceBy)) },
    shows: /took effect 2 times/,
    when: 'a worker dies',
  },
]

function around(type: PawlEvent['type'], also: (draft: Draft) => void): Core['reduce'] {
  return (draft, event, at) => {
    reduce(draft, event, at)
    if (event.type === type) also(draft)
  }
}

/** One that no failure is about. */
function tooWide(draft: Draft): void {
  const nodes = [...(draft.state.plan?.nodes.values() ?? [])]
  const other = nodes.find(({ status, outOfReach }) => status === 'pending' && outOfReach === 0)
  if (other !== undefined) draft.count(other, 'outOfReach', 1)
}

function tooNarrow(...[draft, event, at]: Parameters<Core['reduce']>): void {
  const before = new Map([...(draft.state.plan?.nodes ?? [])].map(([id, { outOfReach }]) => [id, outOfReach]))
  reduce(draft, event, at)
  if (event.type !== 'recovery_chosen') return
  const direct = new Set(draft.state.plan?.nodes.get(event.taskId)?.dependents)
  for (const [id, node] of draft.state.plan?.nodes ?? [])
    if (!direct.has(id)) draft.set(node, 'outOfReach', before.get(id) ?? 0)
}

function withSlots(state: State, by: number): State {
  const { planning } = state
  if (planning === null) return state
  return { ...state, planning: { ...planning, maxParallelTasks: planning.maxParallelTasks + by } }
}

/** Something runs that has not come to its end: nothing else begins. */
function isBusy({ index, plan }: State): boolean {
  return index.started.size > 0 && (plan?.running.size ?? 0) > 0
}

/** Dispatch does not see that a task that has just ended still stands in its slot. */
function withoutAnswered(state: State): State {
  const ended = [...(state.plan?.running ?? [])].filter((taskId) => state.tasks.get(taskId)?.phase === 'answered')
  return ended.length === 0 ? state : withSlots(state, ended.length)
}

/** A plan comes in one event, or in several. */
function rewritten(event: PawlEvent, rewrite: (tasks: readonly PlanTask[]) => readonly PlanTask[]): PawlEvent {
  if (event.type !== 'plan_proposed' && event.type !== 'plan_tasks_listed') return event
  return { ...event, tasks: rewrite(event.tasks) }
}

/** Of the last task that has any. */
function withoutDependency(tasks: readonly PlanTask[]): readonly PlanTask[] {
  const place = tasks.findLastIndex(({ dependsOn }) => dependsOn.length > 0)
  return tasks.map((task, index) => (index === place ? { ...task, dependsOn: [], input: ofTask(task, []) } : task))
}

function withoutTimes(tasks: readonly PlanTask[]): readonly PlanTask[] {
  return tasks.map(({ expectedMs: _, ...task }) => task)
}

function withResultsReversed(tasks: readonly PlanTask[]): readonly PlanTask[] {
  return tasks.map((task) => {
    const of = task.dependsOn.map(($from) => ({ $from })).reverse()
    return { ...task, input: ofTask(task, of) }
  })
}

function ofTask({ input }: PlanTask, of: readonly { readonly $from: string }[]): NonNullable<PlanTask['input']> {
  // As `planOfWorkflow` writes it.
  return { ...(input as object), of }
}

/** The heap of those that are ready is in order when it is sorted. */
function readyAgain(draft: Draft): Draft {
  const { plan } = draft.state
  const done = [...(plan?.nodes.values() ?? [])].find(({ status }) => status === 'completed')
  if (plan === null || done === undefined) return draft
  done.status = 'pending'
  plan.ready.push(done.rank)
  plan.ready.sort((one, other) => one - other)
  return draft
}

function withoutLastOutcome(log: Parameters<Core['load']>[0]): Parameters<Core['load']>[0] {
  const last = log.findLastIndex(({ event }) => event.type === 'call_finished')
  // What it led to is not there either, as in a snapshot that is too old.
  return last === -1 ? log : log.slice(0, last)
}

/** What was under way when its worker died. */
function takenForIdempotent(draft: Draft): Draft {
  for (const call of draft.state.calls.values()) if (call.status === 'started') call.effect = 'idempotent'
  return draft
}
