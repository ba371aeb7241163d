/** Flips of which `pawl verify` is asked, over a real file: it must say what the checks of the neighbours say. */
import { join } from 'node:path'
import { verifyChain } from '../../src/stores/chain.ts'
import type { Chance } from '../../src/testing/simulator/chance.ts'
import { checkFlip, type Log } from './flips.ts'
import { pawlVerify, tamperWith } from './in-file.ts'
import { type Flip, fields, flipped } from './row.ts'

export type Sampled = { readonly tried: number; readonly differ: readonly string[] }

type Sample = {
  readonly original: string
  readonly folder: string
  readonly count: number
  readonly chance: Chance
  readonly isTimeUp: () => boolean
}

/** As many as `count`, or as time lets it try; one at least. */
export async function sampleInFile(log: Log, { original, folder, count, chance, isTimeUp }: Sample): Promise<Sampled> {
  const file = tamperWith(original, join(folder, 'sample.db'), log.ref)
  const differ: string[] = []
  let tried = 0
  while (tried < count && (tried === 0 || !isTimeUp())) {
    const flip = drawFlip(log, chance)
    const row = log.rows[flip.row]
    if (row === undefined || takesPlaceOfAnother(log, flip)) continue
    tried += 1
    const changed = flipped(row, flip)
    const { seq } = log.events[flip.row] ?? { seq: 0 }
    file.write(seq, flip.field, changed)
    const { checks } = await pawlVerify(folder, file.path, log.ref.sessionId)
    const expected = checkFlip(log, flip, verifyChain)
    const [found] = checks
    // Where a row cannot be read the store says so of the page that it stands in, not of the row.
    const isSame =
      expected === null ? found?.['type'] === 'broken' : JSON.stringify(expected) === inOrder(found, expected)
    if (!isSame)
      differ.push(`${JSON.stringify(flip)}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(found)}`)
    const nowAt = flip.field === 'seq' ? changed.seq : row.seq
    file.exec('DELETE FROM events WHERE session_key = :session AND seq = ?', nowAt.readBigInt64BE())
    file.exec(`INSERT INTO events SELECT * FROM original.events WHERE session_key = :session AND seq = ?`, seq)
  }
  file.close()
  return { tried, differ }
}

function drawFlip({ rows }: Log, chance: Chance): Flip {
  const row = chance.below(rows.length)
  const field = fields[chance.below(fields.length)] ?? 'body'
  return { row, field, byte: chance.below(rows[row]?.[field].length ?? 1), bit: chance.below(8) }
}

/** The file refuses two events at one place, so that a person could not do it either. */
function takesPlaceOfAnother({ rows, events }: Log, flip: Flip): boolean {
  const row = rows[flip.row]
  if (flip.field !== 'seq' || row === undefined) return false
  const seq = flipped(row, flip).seq.readBigInt64BE()
  return seq >= 1n && seq <= BigInt(events.length)
}

function inOrder(found: { readonly [field: string]: unknown } | undefined, like: object): string {
  return JSON.stringify(Object.fromEntries(Object.keys(like).map((key) => [key, found?.[key]])))
}
