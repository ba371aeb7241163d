/** What people are asked while a session is shown, where it is about no call: a plan, or a task that has failed. */
import type { EventOf, State } from '../../core/index.ts'
import { marks, type Style } from '../style.ts'
import { oneLine } from './text.ts'
import { counted } from './units.ts'

type Context = { readonly style: Style; readonly state: State }

export function askedLines(
  { approvalId, subject, reason, question }: EventOf<'approval_requested'>,
  { style, state }: Context,
): readonly string[] {
  if (subject === undefined) return []
  const held = style.yellow(marks.held)
  if (subject.type === 'task') {
    const options = (question?.options ?? []).map((option, index) => `${index + 1} ${oneLine(option)}`).join('  ')
    return [`  ${held} ${oneLine(question?.text ?? reason)}`, style.dim(`    ${approvalId}: ${options}`)]
  }
  const { version, warnings } = subject
  const tasks = state.plan?.versions.find((each) => each.version === version)?.taskCount ?? 0
  const warned = warnings.map(
    ({ code, message }) => `    ${style.yellow(marks.warn)} ${code} ${style.dim(oneLine(message))}`,
  )
  const about = `${approvalId}: ${oneLine(reason)}, asks anybody`
  return [
    `  ${held} plan ${version} waits to be looked at ${style.dim(`· ${counted(tasks, 'task')}`)}`,
    ...warned,
    style.dim(`    ${about}`),
  ]
}
