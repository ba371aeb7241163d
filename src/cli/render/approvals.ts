/** `pawl approvals`: what waits for people, one block each. */
import type { ApprovalRow, Head } from '../../ports/index.ts'
import { shortId } from '../session-name.ts'
import { marks, type Style } from '../style.ts'
import { askedAbout, fieldsOf } from './approval-subjects.ts'
import { indent, oneLine, plain, wrap } from './text.ts'
import { relative } from './units.ts'

export type ApprovalsLook = { readonly style: Style; readonly textWidth: number; readonly now: number }

/** `unknown`: sessions with a call whose outcome nobody knows; they wait for people, too. */
export function renderApprovals(
  rows: readonly ApprovalRow[],
  unknown: readonly Head[],
  look: ApprovalsLook,
): readonly string[] {
  if (rows.length + unknown.length === 0) return [look.style.dim('Nothing waits for people.')]
  const settling = unknown.map(({ sessionId }) => {
    const session = shortId(sessionId)
    return `${session} has a call whose outcome nobody knows. To see it and how to settle it: pawl why ${session}`
  })
  const asked = rows.flatMap((row, index) => [...(index === 0 ? [] : ['']), ...block(row, look)])
  return asked.length > 0 && settling.length > 0 ? [...asked, '', ...settling] : [...asked, ...settling]
}

function block(row: ApprovalRow, { style, textWidth, now }: ApprovalsLook): readonly string[] {
  const body = fieldsOf(JSON.parse(row.body))
  const session = shortId(row.sessionId)
  const about = askedAbout(row, session)
  const ask = body.text('ask')
  const quorum = body.number('quorum')
  const who = [
    body.text('agent'),
    `asked ${relative(row.requestedAt, now)}`,
    `expires ${relative(row.expiresAt, now)}`,
    ...(row.tenant === 'default' ? [] : [row.tenant]),
  ]
  const name = style.bold(`${session} ${row.approvalId}`)
  return [
    `${style.yellow(marks.held)} ${name}  ${oneLine(about.title)}  ${style.dim(oneLine(who.join(' · ')))}`,
    ...about.lines.flatMap((line) => indent(wrap(plain(line), textWidth - 4), 4)),
    ...about.asides.flatMap((line) => indent(wrap(line, textWidth - 4), 4)).map(style.dim),
    ...(ask === '' ? [] : [style.dim(`    asks ${oneLine(ask)}`)]),
    ...(quorum > 1 ? [style.dim(`    ${quorum} different people must approve`)] : []),
    ...about.commands.map((command) => `    ${style.cyan(`$ ${oneLine(command)}`)}`),
  ]
}
