/** `pawl verify`: whether a chain holds, and where it breaks. */
import type { ChainCheck } from '../../stores/chain.ts'
import { shortId } from '../session-name.ts'
import { marks, type Style } from '../style.ts'
import type { Verified } from '../verify-log.ts'
import { count, counted } from './units.ts'

type Look = { readonly style: Style }

const reasons: { readonly [R in Extract<ChainCheck, { type: 'broken' }>['reason']]: string } = {
  missing: 'it is not there',
  reordered: 'it stands at another place',
  body: 'its content is not what was hashed when it was written',
  changed: 'it, or the event before it, is not what was hashed when it was written',
  head: 'the log ends in another way than its head, or the head that was kept, says',
}

export function renderVerified({ sessionId, tenant, check }: Verified, { style }: Look): readonly string[] {
  const name = `${style.bold(shortId(sessionId))}${tenant === 'default' ? '' : style.dim(` of ${tenant}`)}`
  if (check.type === 'holds') {
    return [
      `${style.green(marks.ok)} ${name}  the chain holds over ${counted(check.version, 'event')}`,
      style.dim(`  head ${check.hash}`),
    ]
  }
  return [
    `${style.red(marks.bad)} ${name}  ${style.red(`broken at event ${count(check.seq)}`)}: ${reasons[check.reason]}`,
    style.dim(
      `  session ${sessionId}. Nothing from event ${count(check.seq)} on can be trusted; compare it with a backup.`,
    ),
  ]
}

export function renderVerifiedSum(
  { sessions, events, broken }: { sessions: number; events: number; broken: number },
  { style }: Look,
): string {
  if (broken > 0) return `${style.red(`${marks.bad} ${broken} of ${counted(sessions, 'session')} broken`)}`
  return `${style.green(marks.ok)} ${counted(sessions, 'session')}, ${counted(events, 'event')}: every chain holds`
}
