/** Chains with a mistake, which the flips must notice: events that were sealed and are checked without something. */
import type { StoredEvent } from 'pawl/ports'
import { bodyHashOf, eventHashOf, verifyChain } from '../../src/stores/chain.ts'
import { checkFlip, flipsOf, type Log, logOf, type Verify } from './flips.ts'
import { flipped, type Row, storedOf } from './row.ts'

type Seen = (event: StoredEvent) => StoredEvent

export type Plant = {
  readonly bug: string
  /** What the mistaken chain sees of an event. */
  readonly seen: Seen
  readonly verify?: Verify
}

export const plants: readonly Plant[] = [
  { bug: 'a chain that leaves out `at`', seen: (event) => ({ ...event, at: 0 }) },
  { bug: 'a chain that leaves out the kind', seen: (event) => ({ ...event, kind: '' }) },
  { bug: 'a chain that leaves out the format', seen: (event) => ({ ...event, format: 0 }) },
  {
    bug: 'a check that takes the hash of a body for the body',
    seen: (event) => ({ ...event, body: null, salt: null }),
  },
  { bug: 'a check that compares only the last hash', seen: (event) => event, verify: lastHash },
]

/** Flips until one is missed: how many it took, or null where all are noticed. */
export function triesUntilMissed(log: Log, { seen, verify = verifyChain }: Plant): number | null {
  const planted = logOf(log.ref, reseal(log, seen))
  const asSeen: Verify = (ref, events, known) => verify(ref, events.map(seen), known)
  let tries = 0
  for (const flip of flipsOf(planted, 'one')) {
    tries += 1
    if (verify === verifyChain) {
      if (checkFlip(planted, flip, asSeen)?.type === 'holds') return tries
      continue
    }
    const row = planted.rows[flip.row]
    const changed = row && storedOf(flipped(row, flip))
    const whole = changed && planted.events.with(flip.row, changed)
    const end = planted.events.at(-1)
    if (whole && end && asSeen(log.ref, whole, { head: { version: end.seq, hash: end.hash } }).type === 'holds')
      return tries
  }
  return null
}

function lastHash(...[, events, known]: Parameters<Verify>): ReturnType<Verify> {
  const last = events.at(-1)
  const end = { version: last?.seq ?? 0, hash: last?.hash ?? '' }
  const isHead = end.hash === known?.head?.hash && end.version === known.head.version
  return isHead ? { type: 'holds', ...end } : { type: 'broken', seq: end.version, reason: 'head' }
}

/** The same rows with the hashes that the mistaken chain gives them. */
export function reseal({ ref, rows, events }: Log, seen: Seen): readonly Row[] {
  let previous = ''
  return rows.map((row, index) => {
    const event = events[index]
    if (event === undefined) throw new Error('expected an event for each row')
    const { salt, body } = event
    const bodyHash = bodyHashOf(salt ?? '', body ?? '')
    previous = eventHashOf(ref, previous, { ...seen(event), bodyHash })
    return { ...row, body_hash: Buffer.from(bodyHash, 'hex'), hash: Buffer.from(previous, 'hex') }
  })
}
