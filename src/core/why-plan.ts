/** What `why` says of a plan: the question about it, its tasks that are under way, and what it has not brought. */
import type { JsonObject } from './json.ts'
import { missingText } from './plan/partial-answer.ts'
import type { TaskNode } from './plan/plan-state.ts'
import { planViewOf } from './plan/view-of.ts'
import type { ApprovalState, State, TaskState } from './state.ts'
import { askedFor, memoryStep } from './why-memory.ts'
import { nameOf, plural, row, type WhyContext, type WhyRow } from './why-row.ts'

/** Tasks that are told one by one; the rest is counted. */
const MAX_TASKS = 20

/** A plan that a person has to look at, or a task for which one has to choose. */
export function subjectRow(context: WhyContext, approval: ApprovalState): WhyRow | null {
  const { subject } = approval
  if (subject === null) return null
  return subject.type === 'plan'
    ? reviewRow(context, approval, subject.version)
    : escalationRow(context, approval, subject.taskId)
}

function reviewRow({ state, session }: WhyContext, approval: ApprovalState, version: number): WhyRow {
  const { approvalId, reason, requestedAt, expiresAt, subject } = approval
  const proposed = state.plan?.versions.find((each) => each.version === version)
  const warnings = subject?.type === 'plan' ? subject.warnings.map(({ code, message }) => `${code}: ${message}`) : []
  const fields: JsonObject = {
    goal: proposed?.goal ?? '',
    tasks: proposed?.taskCount ?? 0,
    ...(warnings.length > 0 && { warnings: warnings.join('\n') }),
    requestedAt,
    expiresAt,
  }
  const commands = [
    `pawl plan show ${session} ${version}`,
    `pawl approve ${session} ${approvalId}`,
    `pawl reject ${session} ${approvalId} --reason TEXT`,
    `pawl edit ${session} ${approvalId} --input @FILE`,
  ]
  return row('plan', `Plan ${version} waits to be looked at before anything of it runs: ${reason}.`, {
    id: approvalId,
    fields,
    commands,
  })
}

function escalationRow({ state, session }: WhyContext, approval: ApprovalState, taskId: string): WhyRow {
  const { approvalId, question, reason, requestedAt, expiresAt } = approval
  const node = state.plan?.nodes.get(taskId)
  const options = question?.options ?? []
  const fields: JsonObject = {
    ...(node?.failure && { failure: node.failure.failure, message: node.failure.message }),
    attempts: node?.attempt ?? 0,
    choose: options.map((option, index) => `${index + 1} ${option}`).join(', '),
    requestedAt,
    expiresAt,
  }
  const commands = [
    ...options.map((option) => `pawl answer ${session} ${approvalId} ${option}`),
    `pawl answer ${session} ${approvalId} "retry: HINT"`,
    ...(node?.task.tool === undefined ? [] : [`pawl edit ${session} ${approvalId} --input JSON`]),
    `pawl plan show ${session}`,
  ]
  return row('task', question?.text ?? reason, { id: approvalId, fields, commands })
}

/** Tasks that run or wait for people, each with what it waits for. */
export function underWay(state: State): readonly WhyRow[] {
  const { plan } = state
  if (plan === null) return []
  const nodes = [...plan.running]
    .flatMap((id) => plan.nodes.get(id) ?? [])
    .toSorted((one, other) => one.order - other.order)
  const rows = nodes.slice(0, MAX_TASKS).map((node) => runningRow(state, node))
  const more = nodes.length - rows.length
  return more === 0 ? rows : [...rows, row('task', `And ${plural(more, 'task')} more.`)]
}

function runningRow(state: State, { task, attempt, startedAt }: TaskNode): WhyRow {
  const working = state.tasks.get(task.id)
  const fields: JsonObject = {
    waitsFor: working === undefined ? 'its step to end' : waitsFor(state, working),
    ...(attempt > 1 && { attempt }),
    ...(startedAt !== null && { startedAt }),
  }
  return row('task', `"${task.name}" is under way.`, { id: task.id, fields })
}

function waitsFor(state: State, task: TaskState): string {
  const { phase, retryAt, lastError, open, callIds } = task
  if (phase === 'deciding') return `the model, asked for ${askedFor(state, task)}`
  if (phase === 'decide' && retryAt !== null) return `the model, asked again after ${lastError?.code ?? 'a failure'}`
  if (phase === 'decide') return memoryStep(state, task) ?? 'the model'
  const calls = [...new Set([...open, ...callIds])].flatMap((callId) => state.calls.get(callId) ?? [])
  const held = calls.find(({ status }) => status === 'held')
  if (held !== undefined) return `people, to answer ${held.approvalId ?? 'what is asked'}: ${nameOf(held)}`
  const unknown = calls.find(({ callId }) => state.index.unknown.has(callId))
  if (unknown !== undefined) return `people, to settle ${nameOf(unknown)}`
  const working = calls.filter(({ status }) => status !== 'finished')
  if (working.length > 0) return working.map(nameOf).join(', ')
  return memoryStep(state, task) ?? 'its result to be checked'
}

/** Tasks that have failed and are tried again later. */
export function retrying({ log, state, session }: WhyContext): readonly WhyRow[] {
  const { plan } = state
  if (plan === null) return []
  const nodes = [...plan.retrying]
    .flatMap((id) => plan.nodes.get(id) ?? [])
    .toSorted((one, other) => one.order - other.order)
  const rows = nodes.slice(0, MAX_TASKS).map((node) => {
    const { task, failure, attempt, retryAt } = node
    const fields: JsonObject = {
      ...(failure !== null && { failure: failure.failure, message: failure.message }),
      ...chosenFor(log, task.id),
      attempt: attempt + 1,
      ...(retryAt !== null && { retryAt }),
    }
    return row('task', `"${task.name}" has failed, and is tried again.`, {
      id: task.id,
      fields,
      commands: [`pawl cancel ${session}`],
    })
  })
  const more = nodes.length - rows.length
  return more === 0 ? rows : [...rows, row('task', `And ${plural(more, 'task')} more.`)]
}

function chosenFor(log: WhyContext['log'], taskId: string): { readonly recovery?: string } {
  const chosen = log.findLast(({ event }) => event.type === 'recovery_chosen' && event.taskId === taskId)?.event
  return chosen?.type === 'recovery_chosen' ? { recovery: chosen.reason } : {}
}

/** How far the plan of an ended session came, and the choice that has ended it. */
export function endedPlan({ log, state, session }: WhyContext): readonly WhyRow[] {
  const { plan, ended } = state
  const view = planViewOf(state)
  if (plan === null || view === null || ended === null) return []
  const parents = new Set(view.tasks.flatMap(({ task }) => task.parent ?? []))
  // As the answer counts them: what others are parts of is no work of its own; the children of a list are that task's work.
  const leaves = view.tasks.filter(
    ({ task }) => plan.nodes.get(task.id)?.element === null && (task.forEach !== undefined || !parents.has(task.id)),
  )
  const done = leaves.filter(({ status }) => status === 'completed').length
  const missing = missingText(view)
  const last = log.findLast(({ event }) => event.type === 'recovery_chosen')?.event
  const decides = ended.reason === 'aborted' || ended.reason === 'replan_limit'
  const fields: JsonObject = {
    ...(plan.replans > 0 && { replans: plan.replans }),
    ...(missing !== '' && { missing: missing.replace(/^Not done: /, '') }),
    ...(decides && last?.type === 'recovery_chosen' && { recovery: `${last.taskId}: ${last.reason}` }),
  }
  const versions = plan.versions.length > 1 ? [`pawl plan diff ${session}`] : []
  return [
    row('plan', `Of its plan ${done} of ${plural(leaves.length, 'task')} were completed.`, {
      fields,
      commands: [`pawl plan show ${session}`, ...versions],
    }),
  ]
}
