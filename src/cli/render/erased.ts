/** `pawl erase`: what goes, what stays, and what has gone. */
import type { Head } from '../../ports/index.ts'
import { shortId } from '../session-name.ts'
import { marks, type Style, statusTone, toned } from '../style.ts'
import { indent, oneLine, wrap } from './text.ts'
import { count, counted, relative } from './units.ts'

/** What there is of a tenant, counted up. */
export type ErasingAll = {
  readonly tenant: string
  /** When it was looked at, epoch milliseconds. */
  readonly at: number
  sessions: number
  events: number
  readonly statuses: Map<string, number>
  open: number
  /** The first of those that are open. */
  readonly firstOpen: Head[]
  /** Sessions whose content is gone already. */
  left: number
}

type Look = { readonly style: Style; readonly textWidth: number }

const LABEL = 6
const GOES =
  'messages, answers, inputs and outputs of every event; artifacts that no other session uses; open approvals; snapshots'
const STAYS =
  'ids, times, kinds and hashes, so that the chain can still be verified; what tools have done elsewhere; backups and exports'

export function renderErasingOne(head: Head, look: Look & { readonly now: number }): readonly string[] {
  const { sessionId, agent, status, version, at, tenant } = head
  const { style, now } = look
  const parts = [
    ...(tenant === 'default' ? [] : [`of ${oneLine(tenant)}`]),
    counted(version, 'event'),
    `the last ${relative(at, now)}`,
  ]
  const word = toned(style, statusTone(status), status)
  const heading = `${style.bold(shortId(sessionId))}  ${oneLine(agent)}  ${word}  ${style.dim(parts.join(' · '))}`
  return [heading, ...field('goes', GOES, look), ...field('stays', STAYS, look)]
}

export function renderErasingAll(found: ErasingAll, look: Look): readonly string[] {
  const { tenant, sessions, events, statuses, left } = found
  const { style } = look
  const each = [...statuses].map(([status, number]) => `${count(number)} ${toned(style, statusTone(status), status)}`)
  const counts = `${counted(sessions, 'session')} (${each.join(', ')}), ${counted(events, 'event')}`
  const before = left === 0 ? '' : style.dim(` · ${count(left)} erased before`)
  return [
    `${style.bold(oneLine(tenant))}  ${counts}${before}`,
    ...field('goes', GOES, look),
    ...field('stays', STAYS, look),
  ]
}

function field(label: string, text: string, { style, textWidth }: Look): readonly string[] {
  const [first = '', ...rest] = wrap(text, textWidth - LABEL - 4)
  return [`  ${style.dim(label.padEnd(LABEL))}  ${first}`, ...indent(rest, LABEL + 4)]
}

export type ErasedCounts = {
  readonly sessions: number
  readonly events: number
  readonly artifacts: number
  /** Sessions that were erased before. */
  readonly before: number
  /** How many were to be erased. */
  readonly of?: number
}

export function renderErased(erased: ErasedCounts, { style }: { readonly style: Style }): string {
  const { sessions, events, artifacts, before, of = sessions } = erased
  if (sessions === 0 && of === 0)
    return `${style.green(marks.ok)} nothing to erase ${style.dim(`· ${counted(before, 'session')} erased before`)}`
  const isAll = sessions === of
  const mark = isAll ? style.green(marks.ok) : style.yellow(marks.warn)
  const number = isAll ? counted(sessions, 'session') : `${count(sessions)} of ${counted(of, 'session')}`
  const parts = [counted(events, 'event'), ...(artifacts === 0 ? [] : [counted(artifacts, 'artifact')])]
  const next = isAll ? '' : ' · run it again for the others'
  return `${mark} erased ${number} ${style.dim(`· ${parts.join(' · ')}${next}`)}`
}
