/** `pawl verify`: whether a chain holds, and where it breaks. */
import type { ChainCheck } from '../../stores/chain.ts'
import { shortId } from '../session-name.ts'
import { marks, type Style } from '../style.ts'
import { isSound, type Verified } from '../verify-log.ts'
import { count, counted } from './units.ts'

type Look = { readonly style: Style }

const reasons: { readonly [R in Extract<ChainCheck, { type: 'broken' }>['reason']]: string } = {
  missing: 'it is not there',
  reordered: 'it stands at another place',
  body: 'its content is not what was hashed when it was written',
  changed: 'it, or the event before it, is not what was hashed when it was written',
  head: 'the log ends in another way than its head, or the head that was kept, says',
}

const ERASED =
  'Pawl erases no body: somebody took them out of the store. Without them the session is not shown and does not go on: restore the store from a backup.'

export function renderVerified(verified: Verified, { style }: Look): readonly string[] {
  const { sessionId, tenant, check, erased } = verified
  const name = `${style.bold(shortId(sessionId))}${tenant === 'default' ? '' : style.dim(` of ${tenant}`)}`
  const mark = isSound(verified) ? style.green(marks.ok) : style.red(marks.bad)
  if (check.type === 'holds') {
    return [
      `${mark} ${name}  the chain holds over ${counted(check.version, 'event')}`,
      style.dim(`  head ${check.hash}`),
      ...(erased === 0
        ? []
        : [style.red(`  ${bodies(erased)} erased`), style.dim(`  session ${sessionId}. ${ERASED}`)]),
    ]
  }
  return [
    `${mark} ${name}  ${style.red(`broken at event ${count(check.seq)}`)}: ${reasons[check.reason]}`,
    ...(erased === 0 ? [] : [style.red(`  ${bodies(erased)} erased before it`)]),
    style.dim(
      `  session ${sessionId}. Nothing from event ${count(check.seq)} on can be trusted; compare it with a backup.`,
    ),
  ]
}

export function renderVerifiedSum(
  { sessions, events, broken, erased }: { sessions: number; events: number; broken: number; erased: number },
  { style }: Look,
): string {
  const found = [...(broken > 0 ? [[broken, 'broken']] : []), ...(erased > 0 ? [[erased, 'with erased bodies']] : [])]
  if (found.length > 0) {
    const said = found.map(([number, what]) => `${number} of ${counted(sessions, 'session')} ${what}`)
    return style.red(`${marks.bad} ${said.join(', ')}`)
  }
  return `${style.green(marks.ok)} ${counted(sessions, 'session')}, ${counted(events, 'event')}: every chain holds`
}

function bodies(erased: number): string {
  return `${count(erased)} ${erased === 1 ? 'body' : 'bodies'}`
}
