import type { Draft } from '../draft.ts'
import { noteAnswer, unpark } from '../reduce-session.ts'
import type { Reducers } from '../reducers.ts'
import { ROOT_TASK } from '../state.ts'
import { adopted } from './adopt.ts'
import { freshPlan, type PlanState, type PlanVersion } from './plan-state.ts'
import { isUnfinished } from './progress.ts'

export const planReducers: Reducers<
  'route_chosen' | 'plan_proposed' | 'plan_tasks_listed' | 'plan_rejected' | 'plan_adopted' | 'plan_step_moved'
> = {
  route_chosen(draft, event) {
    const { state } = draft
    const { type: _, ...choice } = event
    const root = state.tasks.get(ROOT_TASK)
    if (root === undefined) return
    // A message that came while a plan was carried out is gone about when the plan has ended, and its answer has been said.
    if (state.route !== null) noteAnswer(draft)
    draft.set(state, 'route', { ...choice, messageSeq: state.sinceMessage.seq })
    draft.set(root, 'failures', 0)
    draft.set(root, 'attempts', 0)
    if (event.route !== 'plan_and_subagent') {
      draft.set(root, 'purpose', 'decide')
      draft.set(root, 'phase', 'decide')
      return
    }
    draft.set(root, 'purpose', 'plan')
    draft.set(root, 'phase', 'executing')
    const plan = planOf(draft)
    // A plan that was given is looked at as it is.
    if (plan.pending !== null) return
    draft.set(plan, 'request', { cause: { type: 'planned' }, mode: 'strict', attempts: 0, repeats: 0, problems: [] })
  },
  plan_proposed(draft, event, at) {
    const { state } = draft
    const plan = planOf(draft)
    const { version, mode, cause, goal, notes, criticalPath, tasks, taskCount } = event
    draft.push(plan.versions, {
      version,
      mode,
      cause,
      seq: state.seq + 1,
      at,
      goal,
      notes: notes ?? null,
      criticalPath: criticalPath ?? null,
      tasks: [...tasks],
      taskCount,
      status: 'proposed',
      problems: [],
      warnings: [],
    })
    draft.set(plan, 'pending', { version, isLookedAt: false, warnings: [], approvalId: null })
    const root = state.tasks.get(ROOT_TASK)
    if (root === undefined || mode === 'flexible') return
    draft.set(root, 'phase', 'executing')
    draft.set(root, 'failures', 0)
    draft.set(root, 'attempts', 0)
  },
  plan_tasks_listed(draft, event) {
    const version = versionOf(planOf(draft), event.version)
    if (version !== undefined) for (const task of event.tasks) draft.push(version.tasks, task)
  },
  plan_rejected(draft, event) {
    const { state } = draft
    const plan = planOf(draft)
    const version = versionOf(plan, event.version)
    if (version !== undefined) {
      draft.set(version, 'status', 'rejected')
      draft.set(version, 'problems', event.problems)
    }
    draft.set(plan, 'pending', null)
    unpark(draft)
    const { request } = plan
    const { attempt: attempts, problems } = event
    if (request !== null) {
      const isRepeat = problems.some(({ code }) => code === 'repeats_failed_plan')
      draft.set(plan, 'request', { ...request, attempts, repeats: request.repeats + (isRepeat ? 1 : 0), problems })
    }
    const root = state.tasks.get(ROOT_TASK)
    if (root === undefined || root.purpose !== 'plan') return
    draft.set(root, 'phase', 'executing')
    draft.set(root, 'retryAt', null)
    draft.set(root, 'attempts', 0)
    draft.set(root, 'failures', 0)
  },
  plan_adopted(draft, event) {
    const { state } = draft
    const plan = planOf(draft)
    const version = versionOf(plan, event.version)
    if (version === undefined) return
    draft.set(version, 'status', 'adopted')
    draft.set(version, 'warnings', event.warnings)
    unpark(draft)
    const { cause } = version
    const isAnew = cause.type === 'call' && isUnfinished(state, plan)
    const isReplan = cause.type === 'replan' || cause.type === 'decompose' || cause.type === 'patch'
    if (isReplan || isAnew) draft.count(plan, 'replans', 1)
    draft.set(state, 'plan', adopted(state, plan, version))
  },
  plan_step_moved(draft, event, at) {
    const plan = planOf(draft)
    const node = plan.nodes.get(event.taskId)
    if (node === undefined) return
    draft.set(node, 'status', event.status)
    if (event.status === 'in_progress') draft.set(node, 'startedAt', at)
    draft.set(node, 'endedAt', event.status === 'in_progress' || event.status === 'pending' ? null : at)
    if (event.result !== undefined) draft.set(node, 'output', event.result)
    if (event.status === 'completed') draft.set(plan, 'failuresInARow', 0)
    // What was given to somebody and came back undone: the same count as failures that recovery did not absorb.
    if (event.isRolledBack === true) draft.count(plan, 'failuresInARow', 1)
  },
}

/** The plan of the session; there is one from the first event about it. */
export function planOf(draft: Draft): PlanState {
  const { state } = draft
  if (state.plan === null) draft.set(state, 'plan', freshPlan())
  // Set just now, if it was not there.
  return state.plan as PlanState
}

export function versionOf(plan: PlanState, version: number): PlanVersion | undefined {
  return plan.versions.findLast((each) => each.version === version)
}
