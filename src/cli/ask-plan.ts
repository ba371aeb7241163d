/** Questions to the person in front of the terminal that are about no call: a plan, or a task that has failed. */
import { isCancel, select, text } from '@clack/prompts'
import type { ApprovalState, State } from '../core/index.ts'
import type { Runtime, Sent } from '../index.ts'
import type { App } from './app.ts'
import { renderVersion } from './render/plan-show.ts'
import { oneLine, plain } from './render/text.ts'
import { shortId } from './session-name.ts'

type Asking = { readonly state: State; readonly signal: AbortSignal; readonly approval: ApprovalState }

/** Shows the plan, then asks. Another plan is given by `pawl edit`, from a file. */
export async function askReview(
  app: App,
  runtime: Runtime,
  { state, signal, approval }: Asking,
): Promise<Sent | 'later'> {
  const { terminal, by } = app
  const { tenant, sessionId } = state
  const { approvalId, hash, subject, reason } = approval
  const name = { tenant, sessionId, approvalId }
  const version = state.plan?.versions.find((each) => subject?.type === 'plan' && each.version === subject.version)
  if (version === undefined) return 'later'
  terminal.out('')
  for (const line of renderVersion(state, [], { version, look: { ...terminal, now: terminal.now() } }))
    terminal.out(line)
  terminal.out('')
  const chosen = await select({
    signal,
    message: `Carry plan ${version.version} out? ${oneLine(reason)}`,
    options: [
      {
        value: 'later',
        label: 'Decide later',
        hint: `pawl edit ${shortId(sessionId)} --input @FILE gives another plan`,
      },
      { value: 'approve', label: 'Approve', hint: `as ${by}` },
      { value: 'reject', label: 'Reject' },
    ],
  })
  if (isCancel(chosen) || chosen === 'later') return 'later'
  if (chosen === 'approve') return runtime.approvals.approve(name, by, { hash })
  const why = await text({ signal, message: 'Why? Whoever plans anew is told.' })
  if (isCancel(why)) return 'later'
  return runtime.approvals.reject(name, by, why === '' ? { hash } : { hash, reason: why })
}

/** Which recovery action, and for a retry what whoever tries it again should know. */
export async function askEscalation(
  { by, terminal }: App,
  runtime: Runtime,
  { state, signal, approval }: Asking,
): Promise<Sent | 'later'> {
  const { tenant, sessionId } = state
  const { approvalId, question, reason } = approval
  terminal.out('')
  const chosen = await select({
    signal,
    message: plain(question?.text ?? reason),
    options: [
      { value: 'later', label: 'Decide later', hint: 'the session waits' },
      ...(question?.options ?? []).map((option) => ({ value: option, label: oneLine(option) })),
    ],
  })
  if (isCancel(chosen) || chosen === 'later') return 'later'
  const hint = chosen === 'retry' ? await text({ signal, message: 'What should it know? (empty: nothing)' }) : ''
  if (isCancel(hint)) return 'later'
  const answer = hint.trim() === '' ? chosen : `${chosen}: ${hint}`
  return runtime.approvals.answer({ tenant, sessionId, approvalId }, by, answer)
}
