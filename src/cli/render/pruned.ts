/** `pawl prune`: what would go, and what has gone. */
import type { Retained } from '../../runtime/index.ts'
import type { Prunable, PrunableCount } from '../prunable.ts'
import { marks, type Style, statusTone, toned } from '../style.ts'
import { table } from './table.ts'
import { oneLine } from './text.ts'
import { absolute, count, counted, duration } from './units.ts'

type Look = { readonly style: Style; readonly width: number }
type Shown = Prunable & { readonly ageMs: number; readonly counts: readonly PrunableCount[] }

export function renderPrunable(
  { ageMs, endedBefore, tenant, counts }: Shown,
  { style, width }: Look,
): readonly string[] {
  const whose = tenant === undefined ? '' : ` of ${oneLine(tenant)}`
  const since = `ended over ${duration(ageMs)} ago, before ${absolute(endedBefore)}`
  if (counts.length === 0) return [`No session${whose} ${since}.`]
  const rows = counts.map(({ status, sessions, events, oldestAt, newestAt }) => [
    status,
    count(sessions),
    count(events),
    absolute(oldestAt),
    absolute(newestAt),
  ])
  const paintStatus = (text: string, row: number) => toned(style, statusTone(counts[row]?.status ?? ''), text)
  return [
    `Sessions${whose} that ${since}:`,
    ...table(
      [
        { title: 'status', paint: paintStatus },
        { title: 'sessions', align: 'right', paint: style.bold },
        { title: 'events', align: 'right', paint: style.dim },
        { title: 'first ended', paint: style.dim },
        { title: 'last ended', paint: style.dim },
      ],
      rows,
      { width, indent: 2, title: style.dim },
    ),
  ]
}

export function renderPruned(
  { sessions, events, artifacts, orphans }: Retained,
  { style }: Pick<Look, 'style'>,
): string {
  const parts = [
    ...(sessions === 0 ? [] : [counted(events, 'event')]),
    ...(artifacts === 0 ? [] : [counted(artifacts, 'artifact')]),
    ...(orphans === 0 ? [] : [`${counted(orphans, 'artifact')} that no session named`]),
  ]
  const shown = parts.length === 0 ? '' : ` ${style.dim(`· ${parts.join(' · ')}`)}`
  const what = sessions === 0 ? 'nothing to erase' : `erased ${counted(sessions, 'session')}`
  return `${style.green(marks.ok)} ${what}${shown}`
}
