/** `pawl sessions`: one line each. */
import type { Head } from '../../ports/index.ts'
import { shortId } from '../session-name.ts'
import { type Style, statusTone, toned } from '../style.ts'
import { table } from './table.ts'
import { oneLine } from './text.ts'
import { count, relative } from './units.ts'

export type SessionsLook = { readonly style: Style; readonly width: number; readonly now: number }

export function renderSessions(heads: readonly Head[], { style, width, now }: SessionsLook): readonly string[] {
  if (heads.length === 0) return [style.dim('No sessions.')]
  const isSeveral = heads.some(({ tenant }) => tenant !== 'default')
  const rows = heads.map((head) => [
    shortId(head.sessionId),
    isSeveral ? oneLine(head.tenant) : '',
    oneLine(head.agent),
    head.status,
    count(head.version),
    relative(head.createdAt, now),
    relative(head.at, now),
    [...(head.workerId === null ? [] : ['driven']), ...(head.deaths > 0 ? [`${head.deaths} died`] : [])].join(', '),
  ])
  const paintStatus = (text: string, row: number) => toned(style, statusTone(heads[row]?.status ?? ''), text)
  return table(
    [
      { title: 'session', paint: style.bold },
      { title: 'tenant' },
      { title: 'agent', flexible: true },
      { title: 'status', paint: paintStatus },
      { title: 'events', align: 'right', paint: style.dim },
      { title: 'started', paint: style.dim },
      { title: 'last event', paint: style.dim },
      { title: 'worker', paint: style.dim },
    ],
    rows,
    { width, title: style.dim },
  )
}
