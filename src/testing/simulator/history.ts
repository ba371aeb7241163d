/** Everything that happened in a world, as lines; two runs of one seed must have the same. */
import { createHash } from 'node:crypto'
import type { SimulationResult } from './simulate.ts'

/** One line an event, with its session, its place and its stamp. */
function historyOf({ records }: SimulationResult): readonly string[] {
  return records
    .all()
    .flatMap((record) =>
      records
        .stored(record)
        .map(
          ({ seq, at, kind, body, hash }) =>
            `${record.tenant}/${record.sessionId} ${seq} @${at} ${kind} ${body} ${hash}`,
        ),
    )
}

/** sha256, hex. */
function historyHash(result: SimulationResult): string {
  const hash = createHash('sha256')
  for (const line of historyOf(result)) hash.update(line).update('\n')
  return hash.digest('hex')
}

const SHOWN_CHARACTERS = 240

/** Where two runs part; null where they are the same. */
export function whereTheyPart(one: SimulationResult, other: SimulationResult): string | null {
  if (historyHash(one) === historyHash(other)) return null
  const [first, second] = [historyOf(one), historyOf(other)]
  const place = first.findIndex((line, index) => line !== second[index])
  const at = place < 0 ? first.length : place
  const line = (lines: readonly string[]) => (lines[at] ?? 'nothing').slice(0, SHOWN_CHARACTERS)
  return `event ${at + 1} of ${first.length} and ${second.length}:\n  ${line(first)}\n  ${line(second)}`
}
