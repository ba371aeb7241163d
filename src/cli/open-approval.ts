/** Which approval is meant: the one that was named, or the only one that is open. */
import type { State } from '../core/index.ts'
import type { Head } from '../ports/index.ts'
import { CliError } from './errors.ts'
import { type Reader, readState } from './read-log.ts'
import { oneLine } from './render/text.ts'
import { shortId } from './session-name.ts'

/** @throws CliError `no_open_approval` or `several_open_approvals` where none was named. */
export async function approvalIdOf(reader: Reader, head: Head, named: string | undefined): Promise<string> {
  if (named !== undefined) return named
  const state = await readState(reader, head)
  const [only, ...others] = state.index.openApprovals
  const name = shortId(head.sessionId)
  if (only === undefined)
    throw new CliError(
      'no_open_approval',
      `expected an open approval in session ${name}; found none. pawl why ${name} says what it is at.`,
    )
  if (others.length === 0) return only
  const open = [only, ...others].map((approvalId) => `${approvalId} (${aboutOf(state, approvalId)})`).join(', ')
  throw new CliError(
    'several_open_approvals',
    `expected to know which approval of session ${name} is meant; open are ${open}. Name one.`,
  )
}

/** @throws CliError where none was named and not exactly one call is unknown. */
export async function unknownCallOf(reader: Reader, head: Head, named: string | undefined): Promise<string> {
  if (named !== undefined) return named
  const state = await readState(reader, head)
  const unknown = [...state.index.unknown]
  const [only] = unknown
  const name = shortId(head.sessionId)
  if (only !== undefined && unknown.length === 1) return only
  const found = unknown.length === 0 ? 'none' : unknown.join(', ')
  throw new CliError(
    'call_not_named',
    `expected one call of session ${name} whose outcome is unknown; found ${found}. pawl why ${name} says more.`,
  )
}

function aboutOf(state: State, approvalId: string): string {
  const approval = state.approvals.get(approvalId)
  if (approval?.subject?.type === 'plan') return `plan ${approval.subject.version}`
  if (approval?.subject?.type === 'task') return `task ${oneLine(approval.subject.taskId)}`
  const call = approval && state.calls.get(approval.callId)
  return approval?.kind === 'question' ? oneLine(approval.question?.text ?? approval.reason) : (call?.tool ?? '')
}
