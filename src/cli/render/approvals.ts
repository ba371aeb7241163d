/** `pawl approvals`: what waits for people, one block each. */
import type { ApprovalRow, Head } from '../../ports/index.ts'
import { shortId } from '../session-name.ts'
import { marks, type Style } from '../style.ts'
import { indent, oneLine, shortJson, wrap } from './text.ts'
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
  const about = fieldsOf(row.body)
  const session = shortId(row.sessionId)
  const name = `${session} ${row.approvalId}`
  const isQuestion = about.text('kind') === 'question'
  const title = isQuestion ? 'asks a question' : `wants to run ${about.text('tool')}`
  const ask = about.text('ask')
  const who = [
    about.text('agent'),
    `asked ${relative(row.requestedAt, now)}`,
    `expires ${relative(row.expiresAt, now)}`,
  ]
  const quorum = about.number('quorum')
  const detail = isQuestion ? about.text('message') : shortJson(about.value('input'))
  const commands = isQuestion
    ? [`pawl answer ${name} TEXT`]
    : [`pawl approve ${name}`, `pawl reject ${name} --reason TEXT`]
  return [
    `${style.yellow(marks.held)} ${style.bold(name)}  ${oneLine(title)}  ${style.dim([...who, ...(row.tenant === 'default' ? [] : [row.tenant])].join(' · '))}`,
    ...indent(wrap(detail, textWidth - 4), 4),
    ...(isQuestion
      ? []
      : [
          style.dim(
            `    ${oneLine([about.text('reason'), about.text('message')].filter((text) => text !== '').join(': '))}`,
          ),
        ]),
    ...(ask === '' ? [] : [style.dim(`    asks ${oneLine(ask)}`)]),
    ...(quorum > 1 ? [style.dim(`    ${quorum} different people must approve`)] : []),
    ...commands.map((command) => `    ${style.cyan(`$ ${command}`)}`),
  ]
}

/** A row's body is our own canonical JSON; what an older version did not write reads as nothing. */
function fieldsOf(body: string) {
  const parsed: unknown = JSON.parse(body)
  const fields = new Map<string, unknown>(typeof parsed === 'object' && parsed !== null ? Object.entries(parsed) : [])
  return {
    value: (name: string): unknown => fields.get(name),
    text: (name: string): string => {
      const value = fields.get(name)
      return typeof value === 'string' ? value : ''
    },
    number: (name: string): number => Number(fields.get(name) ?? 0),
  }
}
