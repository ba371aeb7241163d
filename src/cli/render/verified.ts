/** `pawl verify`: whether a chain holds, and where it breaks. */
import type { ChainCheck } from '../../stores/chain.ts'
import { shortId } from '../session-name.ts'
import { marks, type Style } from '../style.ts'
import { isSound, type Verified } from '../verify-log.ts'
import { oneLine } from './text.ts'
import { count, counted } from './units.ts'

type Look = { readonly style: Style }

const reasons: { readonly [R in Extract<ChainCheck, { type: 'broken' }>['reason']]: string } = {
  missing: 'it is not there',
  reordered: 'it stands at another place',
  body: 'its content is not what was hashed when it was written',
  changed: 'it, or the event before it, is not what was hashed when it was written',
  head: 'the log ends in another way than its head, or the head that was kept, says',
}

const TAKEN_OUT =
  'Pawl erases whole sessions, and their heads say so: somebody took these bodies out of the store. Without them the session is not shown and does not go on: restore the store from a backup.'
const LEFT =
  'Its head says that it was erased. Erase it again with pawl erase, and look at who writes to the store beside pawl.'

export function renderVerified(verified: Verified, { style }: Look): readonly string[] {
  const { tenant, check, erased, isErased } = verified
  // A file from elsewhere may say anything.
  const sessionId = oneLine(verified.sessionId)
  const name = `${style.bold(shortId(sessionId))}${tenant === 'default' ? '' : style.dim(` of ${oneLine(tenant)}`)}`
  const mark = isSound(verified) ? style.green(marks.ok) : style.red(marks.bad)
  if (check.type === 'holds') {
    return [
      `${mark} ${name}  the chain holds over ${counted(check.version, 'event')}`,
      style.dim(`  head ${check.hash}`),
      ...renderErasure(verified, style),
    ]
  }
  return [
    `${mark} ${name}  ${style.red(`broken at event ${count(check.seq)}`)}: ${reasons[check.reason]}`,
    ...(erased === 0 || isErased ? [] : [style.red(`  ${bodies(erased)} erased before it`)]),
    style.dim(
      `  session ${sessionId}. Nothing from event ${count(check.seq)} on can be trusted; compare it with a backup.`,
    ),
  ]
}

function renderErasure(verified: Verified, style: Style): readonly string[] {
  const { check, erased, isErased } = verified
  if (check.type === 'broken') return []
  const sessionId = oneLine(verified.sessionId)
  const left = check.version - erased
  if (isErased && left === 0) return [style.dim('  the session was erased: ids, times, kinds and hashes are left')]
  if (isErased) return [style.red(`  ${bodies(left)} left`), style.dim(`  session ${sessionId}. ${LEFT}`)]
  if (erased === 0) return []
  return [style.red(`  ${bodies(erased)} erased`), style.dim(`  session ${sessionId}. ${TAKEN_OUT}`)]
}

/** Sessions of each kind. `erased`: by pawl. `emptied`: bodies are gone, or left, that should not be. */
export type VerifiedTally = { sessions: number; events: number; broken: number; erased: number; emptied: number }

export function startTally(): VerifiedTally {
  return { sessions: 0, events: 0, broken: 0, erased: 0, emptied: 0 }
}

export function addToTally(tally: VerifiedTally, verified: Verified): void {
  const { check } = verified
  tally.sessions += 1
  tally.events += check.type === 'holds' ? check.version : 0
  if (check.type === 'broken') tally.broken += 1
  else if (!isSound(verified)) tally.emptied += 1
  else if (verified.isErased) tally.erased += 1
}

export function renderVerifiedSum(tally: VerifiedTally, { style }: Look): string {
  const { sessions, events, broken, erased, emptied } = tally
  const found = [...(broken > 0 ? [[broken, 'broken']] : []), ...(emptied > 0 ? [[emptied, 'with erased bodies']] : [])]
  if (found.length > 0) {
    const said = found.map(([number, what]) => `${number} of ${counted(sessions, 'session')} ${what}`)
    return style.red(`${marks.bad} ${said.join(', ')}`)
  }
  const gone = erased === 0 ? '' : ` (${count(erased)} erased)`
  return `${style.green(marks.ok)} ${counted(sessions, 'session')}${gone}, ${counted(events, 'event')}: every chain holds`
}

function bodies(erased: number): string {
  return `${count(erased)} ${erased === 1 ? 'body' : 'bodies'}`
}
