/** Questions to the person in front of the terminal. Nothing is decided by leaving: the session waits on. */
import { isCancel, select, text } from '@clack/prompts'
import { type ApprovalState, type CallState, ROOT_TASK, type State } from '../core/index.ts'
import type { Runtime, Sent } from '../index.ts'
import type { App } from './app.ts'
import { askEscalation, askReview } from './ask-plan.ts'
import { parseInput, parseUsd } from './parse.ts'
import { cut, oneLine, plain, shortJson } from './render/text.ts'
import { count } from './render/units.ts'
import { shortId } from './session-name.ts'

type Asked = Sent | 'later'

/** What is asked about; the signal takes a question back. */
export type Asking = { readonly state: State; readonly signal: AbortSignal }

/** Asks for the first thing that the session waits for. `later`: the person left, or nothing can be asked here. */
export async function ask(app: App, runtime: Runtime, asking: Asking): Promise<'answered' | 'later'> {
  for (;;) {
    const asked = await askFirst(app, runtime, asking)
    if (asked === 'later') return 'later'
    if (asked.type === 'accepted') return 'answered'
    app.terminal.note(app.terminal.noteStyle.yellow(oneLine(asked.message)))
    // Somebody else was quicker, or may answer: the log shows it.
    if (asked.code === 'already_resolved') return 'answered'
  }
}

async function askFirst(app: App, runtime: Runtime, { state, signal }: Asking): Promise<Asked> {
  const [approvalId] = state.index.openApprovals
  const approval = approvalId === undefined ? undefined : state.approvals.get(approvalId)
  const call = approval && state.calls.get(approval.callId)
  if (approval?.subject?.type === 'plan') return askReview(app, runtime, { state, signal, approval })
  if (approval?.subject?.type === 'task') return askEscalation(app, runtime, { state, signal, approval })
  if (approval !== undefined && call !== undefined) {
    return approval.kind === 'question'
      ? askQuestion(app, runtime, { state, signal, approval })
      : askApproval(app, runtime, { state, signal, approval, call })
  }
  const [callId] = state.index.unknown
  const unknown = callId === undefined ? undefined : state.calls.get(callId)
  if (unknown !== undefined) return askSettlement(app, runtime, { state, signal, call: unknown })
  return state.parked?.reason === 'budget' ? askExtension(app, runtime, { state, signal }) : 'later'
}

type Held = Asking & { readonly approval: ApprovalState; readonly call: CallState }

async function askApproval(
  { by, terminal }: App,
  runtime: Runtime,
  { state, signal, approval, call }: Held,
): Promise<Asked> {
  const { tenant, sessionId } = state
  const { approvalId, hash, message, reason, ask: who } = approval
  const name = { tenant, sessionId, approvalId }
  const task = call.taskId === ROOT_TASK ? '' : `${oneLine(call.taskId)}: `
  terminal.out('')
  const chosen = await select({
    signal,
    message: `${task}${call.tool} ${inputShown(call, sessionId)}\n${oneLine(`${reason}${message === null ? '' : `: ${message}`}`)}${who === null ? '' : ` · asks ${oneLine(who)}`}`,
    options: [
      { value: 'later', label: 'Decide later', hint: 'the session waits' },
      { value: 'approve', label: 'Approve', hint: `as ${by}` },
      { value: 'reject', label: 'Reject' },
      { value: 'edit', label: 'Edit the input, then run it' },
      { value: 'answer', label: 'Answer instead of running it' },
    ],
  })
  if (isCancel(chosen) || chosen === 'later') return 'later'
  if (chosen === 'approve') return runtime.approvals.approve(name, by, { hash })
  if (chosen === 'edit') return askEdit(runtime, name, { by, signal, input: JSON.stringify(call.input) })
  const said = await text({
    signal,
    message: chosen === 'reject' ? 'Why? The model is told.' : 'Your answer to the model',
  })
  if (isCancel(said)) return 'later'
  return chosen === 'reject'
    ? runtime.approvals.reject(name, by, said === '' ? { hash } : { hash, reason: said })
    : runtime.approvals.answer(name, by, said)
}

/** Characters of an input that are shown before a question; what is longer would push the question out of the window. */
const MOST_INPUT = 2_000

function inputShown({ input }: CallState, sessionId: string): string {
  const text = shortJson(input)
  if (text.length <= MOST_INPUT) return text
  return `${cut(text, MOST_INPUT)}\n(${count(text.length)} characters; all of it: pawl why ${shortId(sessionId)} --json)`
}

type ApprovalName = Parameters<Runtime['approvals']['edit']>[0]

async function askEdit(
  runtime: Runtime,
  name: ApprovalName,
  { by, signal, input }: { by: string; signal: AbortSignal; input: string },
): Promise<Asked> {
  const edited = await text({
    signal,
    message: 'The input',
    initialValue: input,
    validate: (value) => problemOf(() => parseInput(value ?? '')),
  })
  return isCancel(edited) ? 'later' : runtime.approvals.edit(name, by, parseInput(edited))
}

async function askQuestion(
  { by, terminal }: App,
  runtime: Runtime,
  { state, signal, approval }: Omit<Held, 'call'>,
): Promise<Asked> {
  const { tenant, sessionId } = state
  const options = approval.question?.options ?? []
  const message = plain(approval.question?.text ?? approval.reason)
  terminal.out('')
  const answer =
    options.length === 0
      ? await text({ message, signal })
      : await select({
          signal,
          message,
          options: options.map((label, index) => ({ value: String(index + 1), label: oneLine(label) })),
        })
  if (isCancel(answer) || answer.trim() === '') return 'later'
  return runtime.approvals.answer({ tenant, sessionId, approvalId: approval.approvalId }, by, answer)
}

async function askSettlement(
  { by, terminal }: App,
  runtime: Runtime,
  { state, signal, call }: Omit<Held, 'approval'>,
): Promise<Asked> {
  const { tenant, sessionId } = state
  terminal.out('')
  const settlement = await select({
    signal,
    message: `Did ${call.tool} ${inputShown(call, sessionId)} take effect? Look in the system that it writes to: key ${call.terms?.idempotencyKey ?? ''}`,
    options: [
      { value: 'later', label: 'Look later', hint: 'the session waits' },
      { value: 'took_effect', label: 'It took effect' },
      { value: 'did_not_take_effect', label: 'It did not' },
      { value: 'run_again', label: 'Run it again', hint: 'at your word' },
    ] as const,
  })
  if (isCancel(settlement) || settlement === 'later') return 'later'
  return runtime.send({ tenant, sessionId }, { type: 'settle', callId: call.callId, settlement, by })
}

async function askExtension(
  { by, terminal }: App,
  runtime: Runtime,
  { state: { tenant, sessionId, parked }, signal }: Asking,
): Promise<Asked> {
  const isCost = parked?.message === 'cost_cap'
  terminal.out('')
  const amount = await text({
    signal,
    message: isCost
      ? 'The budget is used. How many dollars more? (empty: later)'
      : 'The budget is used. How many tokens more? (empty: later)',
    validate: (value) => (value?.trim() ? problemOf(() => parseUsd(value)) : undefined),
  })
  if (isCancel(amount) || amount.trim() === '') return 'later'
  const more = isCost ? { costMicroUsd: parseUsd(amount) } : { tokens: Math.round(Number(amount)) }
  return runtime.send({ tenant, sessionId }, { type: 'extend_budget', by, ...more })
}

function problemOf(parse: () => unknown): string | undefined {
  try {
    parse()
    return undefined
  } catch (problem) {
    return problem instanceof Error ? problem.message : String(problem)
  }
}
