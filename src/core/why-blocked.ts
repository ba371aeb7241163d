/** What a blocked session waits for, of whom, and what would let it go on. */
import type { JsonObject } from './json.ts'
import { type ApprovalState, type CallState, ROOT_TASK, type State } from './state.ts'
import { type BlockedReason, never } from './vocabulary.ts'
import { subjectRow } from './why-plan.ts'
import { nameOf, plural, row, type Why, type WhyContext, type WhyRow } from './why-row.ts'

export function whyBlocked(context: WhyContext, reason: BlockedReason): Pick<Why, 'because' | 'rows'> {
  const asked = openApprovals(context)
  const unknown = unknownCalls(context)
  return {
    because: becauseOf(reason, { asked, unknown }),
    rows: [...asked, ...unknown, ...ownRows(context, reason)],
  }
}

type Rows = { readonly asked: readonly WhyRow[]; readonly unknown: readonly WhyRow[] }

function becauseOf(reason: BlockedReason, { asked, unknown }: Rows): string {
  switch (reason) {
    case 'approval':
      return becauseHeld(asked.filter(({ about }) => about === 'approval'))
    case 'missing_context':
      return 'It waits for people: the agent has asked a question.'
    case 'ambiguous':
      return 'It waits for people: the agent has asked them to choose.'
    case 'unknown_outcome':
      return `Nobody knows whether ${plural(unknown.length, 'call')} took effect. It goes on when a person has looked and said so.`
    case 'budget':
      return 'Its budget is used, and the agent says that it then waits for more.'
    case 'poison':
      return 'Its workers died while they drove it, so it was set aside until a person has looked.'
    case 'plan_review':
      return 'It waits for people: its plan must be looked at before anything of it runs.'
    case 'escalation':
      return 'It waits for people: a task has failed, and somebody has to say what follows.'
    default:
      return never(reason)
  }
}

/** Everything that people are asked now. */
export function openApprovals(context: WhyContext): readonly WhyRow[] {
  const { state } = context
  return [...state.approvals.values()].flatMap((approval) => {
    if (approval.resolution !== null) return []
    const about = subjectRow(context, approval)
    if (about !== null) return [about]
    const call = state.calls.get(approval.callId)
    if (call === undefined) return []
    return [approval.kind === 'question' ? questionRow(context, approval) : approvalRow(context, approval, call)]
  })
}

/** Of a plan, only the tasks whose calls are held wait. */
function becauseHeld(held: readonly WhyRow[]): string {
  const asked = `It waits for people: ${plural(held.length, 'call')} must be approved before`
  if (!held.every(({ fields }) => 'task' in fields)) return `${asked} anything else is written.`
  return `${asked} ${held.length === 1 ? 'its task goes' : 'their tasks go'} on.`
}

function approvalRow({ log, state, session }: WhyContext, approval: ApprovalState, call: CallState): WhyRow {
  const { approvalId, ask, message, quorum, votes, requestedAt, expiresAt, notRequester } = approval
  const policy = policyOf(log, call.callId)
  const requester = notRequester && state.requester.id !== undefined ? state.requester.id : null
  const fields: JsonObject = {
    ...taskField(state, call),
    tool: call.tool,
    input: call.input,
    ...(message !== null && { message }),
    policy: policy ?? 'the runtime’s own rule',
    ask: `${ask ?? 'anybody'}${requester === null ? '' : `, but not ${requester}, who asked for the work`}`,
    ...(quorum > 1 && {
      approved: `${votes.length} of ${quorum}${votes.length > 0 ? `: ${votes.join(', ')}` : ''}`,
    }),
    requestedAt,
    expiresAt,
  }
  const commands = [
    `pawl approve ${session} ${approvalId}`,
    `pawl reject ${session} ${approvalId} --reason TEXT`,
    `pawl edit ${session} ${approvalId} --input JSON`,
    `pawl answer ${session} ${approvalId} TEXT`,
  ]
  return row('approval', `${nameOf(call)} is held: ${approval.reason}.`, { id: approvalId, fields, commands })
}

function questionRow({ session }: WhyContext, approval: ApprovalState): WhyRow {
  const { approvalId, question, requestedAt, expiresAt } = approval
  const options = question?.options ?? []
  const fields: JsonObject = {
    ...(options.length > 0 && { options }),
    ...(question?.field !== undefined && { field: question.field }),
    requestedAt,
    expiresAt,
  }
  const commands = [`pawl answer ${session} ${approvalId} ${options.length > 0 ? 'NUMBER' : 'TEXT'}`]
  return row('question', question?.text ?? approval.reason, { id: approvalId, fields, commands })
}

/** `p1 "Pay the first"`: whose call it is, where it is not the session's own. */
function taskField({ plan }: State, { taskId }: CallState): JsonObject {
  if (taskId === ROOT_TASK) return {}
  const name = plan?.nodes.get(taskId)?.task.name
  return { task: name === undefined ? taskId : `${taskId} ${JSON.stringify(name)}` }
}

/** The policy whose verdict counted; null where the core's own rule was stricter. */
function policyOf(log: WhyContext['log'], callId: string): string | null {
  const judged = log.findLast(({ event }) => event.type === 'call_judged' && event.callId === callId)?.event
  if (judged?.type !== 'call_judged' || judged.raised !== undefined) return null
  return judged.judgement.type === 'verdict' ? (judged.judgement.policy ?? null) : null
}

/** Calls that started and that nobody knows the outcome of; they can be settled in an ended session too. */
export function unknownCalls({ log, state, session }: WhyContext): readonly WhyRow[] {
  return [...state.calls.values()].flatMap((call) => {
    const { callId, outcome, terms, lateOutcome } = call
    if (outcome?.type !== 'unknown') return []
    const fields: JsonObject = {
      ...taskField(state, call),
      tool: call.tool,
      input: call.input,
      message: outcome.message,
      ...(terms !== null && {
        key: terms.idempotencyKey,
        verify: terms.verifies ? 'asked, could not say' : 'the tool has none',
      }),
      ...(lateOutcome !== null && { cameLate: lateOutcome.type }),
      attempt: call.attempt,
      startedAt: startedAt(log, callId) ?? call.startedAt,
    }
    const again = state.ended === null ? [`pawl settle ${session} ${callId} --run-again`] : []
    const commands = [
      `pawl settle ${session} ${callId} --took-effect --output JSON`,
      `pawl settle ${session} ${callId} --did-not`,
      ...again,
    ]
    return [
      row('unknown_call', `${nameOf(call)} started, and nobody knows whether it took effect.`, {
        id: callId,
        fields,
        commands,
      }),
    ]
  })
}

function startedAt(log: WhyContext['log'], callId: string): number | undefined {
  return log.findLast(({ event }) => event.type === 'call_started' && event.callId === callId)?.at
}

function ownRows(context: WhyContext, reason: BlockedReason): readonly WhyRow[] {
  const { state, session } = context
  if (reason === 'budget') return [budgetRow(state, session)]
  if (reason !== 'poison') return []
  const says = state.parked?.message ?? 'Its worker died three times while it drove this session.'
  const commands = [`pawl send ${session} TEXT`, `pawl cancel ${session}`]
  return [row('worker', `${says[0]?.toUpperCase()}${says.slice(1)}.`, { commands })]
}

/** What is used of what, in the unit of the cap that was reached. */
export function budgetRow({ budget, ledger, seq, parked, ended }: State, session: string): WhyRow {
  const reached = ended?.reason ?? parked?.message ?? 'token_budget'
  const fields: JsonObject = {
    tokens: ledger.tokens,
    ...(budget.maxTokens !== null && { maxTokens: budget.maxTokens }),
    costMicroUsd: ledger.costMicroUsd,
    ...(budget.maxCostMicroUsd !== null && { maxCostMicroUsd: budget.maxCostMicroUsd }),
    ...(reached === 'event_limit' && { events: seq, maxEvents: budget.maxEvents }),
  }
  const flag = reached === 'cost_cap' ? '--cost USD' : reached === 'event_limit' ? '--events NUMBER' : '--tokens NUMBER'
  const says = {
    cost_cap: 'The next request could cost more than is left.',
    event_limit: 'The log has no room left.',
  }
  const sentence =
    reached === 'cost_cap' || reached === 'event_limit'
      ? says[reached]
      : 'The next request could need more tokens than are left.'
  return row('budget', sentence, { fields, commands: [`pawl extend ${session} ${flag}`] })
}
