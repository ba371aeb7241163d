/** What people are asked while a session is shown, where it is about no call: a plan, or a task that has failed. */
import type { EventOf, State } from '../../core/index.ts'
import { marks, type Style } from '../style.ts'
import { indent, oneLine, shortened, wrap } from './text.ts'
import { counted } from './units.ts'

type Context = { readonly style: Style; readonly textWidth: number; readonly state: State }

/** What has failed stands above it already. */
const ASKED_LINES = 2

export function askedLines(
  { approvalId, subject, reason, question }: EventOf<'approval_requested'>,
  { style, textWidth, state }: Context,
): readonly string[] {
  if (subject === undefined) return []
  const held = style.yellow(marks.held)
  if (subject.type === 'task') {
    const options = (question?.options ?? []).map((option, index) => `${index + 1} ${oneLine(option)}`).join('  ')
    const [first = '', ...others] = shortened(oneLine(question?.text ?? reason), textWidth - 4, ASKED_LINES)
    return [`  ${held} ${first}`, ...indent(others, 4), style.dim(`    ${approvalId}: ${options}`)]
  }
  const { version, warnings } = subject
  const tasks = state.plan?.versions.find((each) => each.version === version)?.taskCount ?? 0
  const warned = warnings.flatMap(({ code, message }) =>
    wrap(`${code} ${oneLine(message)}`, textWidth - 6).map((line, index) =>
      index === 0 ? `    ${style.yellow(marks.warn)} ${line}` : `      ${line}`,
    ),
  )
  const about = `${approvalId}: ${oneLine(reason)}, asks anybody`
  return [
    `  ${held} plan ${version} waits to be looked at ${style.dim(`· ${counted(tasks, 'task')}`)}`,
    ...warned,
    style.dim(`    ${about}`),
  ]
}
