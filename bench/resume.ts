/** A long session in a fresh process: ready for its next decision, against reading and parsing the same rows. */
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { atMost, type Benchmark } from './run/finding.ts'
import { inProcess } from './run/in-process.ts'
import { inScratch } from './run/scratch.ts'
import { median } from './run/statistics.ts'
import { shown } from './run/table.ts'

const EVENTS = 10_000

type Timed = { readonly ms: number }
type Round = { readonly resumeMs: number; readonly refoldMs: number; readonly parseMs: number }

export const resume: Benchmark = (size) =>
  inScratch(async (folder) => {
    const made = join(folder, 'made.db')
    const { events } = await inProcess<{ events: number }>('make-session.ts', [made, String(EVENTS)])
    const rounds: Round[] = []
    for (let round = 0; round < (size === 'small' ? 7 : 25); round += 1) rounds.push(await runRound(folder, made))
    const of = (read: (round: Round) => number) => median(rounds.map(read))
    const parse = `reading and parsing ${shown(events)} rows: ${shown(of(({ parseMs }) => parseMs))} ms, median of ${rounds.length} fresh processes`
    return [
      {
        name: 'ready for the next decision against parsing the rows',
        unit: 'x',
        value: of(({ resumeMs, parseMs }) => resumeMs / parseMs),
        goal: atMost(2),
        note: `${shown(of(({ resumeMs }) => resumeMs))} ms; ${parse}`,
      },
      {
        name: 'the same without a snapshot',
        unit: 'x',
        value: of(({ refoldMs, parseMs }) => refoldMs / parseMs),
        goal: null,
        note: `${shown(of(({ refoldMs }) => refoldMs))} ms: the whole log is folded, as after a change of the reducers`,
      },
    ]
  })

/** Each process gets a copy of its own: what was resumed is not the same file any more. */
async function runRound(folder: string, made: string): Promise<Round> {
  const copy = (name: string) => {
    const path = join(folder, name)
    copyFileSync(made, path)
    return path
  }
  const { ms: resumeMs } = await inProcess<Timed>('resume-session.ts', [copy('resume.db')])
  const { ms: parseMs } = await inProcess<Timed>('parse-rows.ts', [copy('parse.db')])
  const { ms: refoldMs } = await inProcess<Timed>('resume-session.ts', [withoutSnapshot(copy('refold.db'))])
  return { resumeMs, parseMs, refoldMs }
}

function withoutSnapshot(path: string): string {
  const database = new DatabaseSync(path)
  database.exec('DELETE FROM snapshots')
  database.close()
  return path
}
