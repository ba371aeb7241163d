/** How often the disk is asked to be sure, and how much memory it takes: counted by process, Pawl alone. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { atMost, type Benchmark, type Finding } from './run/finding.ts'
import { inProcess } from './run/in-process.ts'
import { inScratch } from './run/scratch.ts'

const SESSIONS = 500
const TURNS = 6
const IN_FLIGHT = 64

type Answer = { readonly commits: number; readonly peakKb: number }

export const fsyncs: Benchmark = () =>
  inScratch(async (folder) => {
    const turns = SESSIONS * TURNS
    const args = (name: string) => [join(folder, name), ...[SESSIONS, TURNS, IN_FLIGHT].map(String)]
    const plain = await inProcess<Answer>('pawl-load.ts', args('plain.db'))
    const memory: Finding = {
      name: 'peak memory of 500 sessions',
      unit: 'MB',
      value: plain.peakKb / 1_024,
      goal: null,
      note: 'resident, the whole process',
    }
    if (!hasStrace())
      return [memory, finding(plain.commits / turns, "the store's own count of commits: there is no strace here")]
    const counts = join(folder, 'strace')
    await inProcess<Answer>('pawl-load.ts', args('traced.db'), [
      'strace',
      '-f',
      '-c',
      '-e',
      'trace=fsync,fdatasync',
      '-o',
      counts,
    ])
    const calls = syncsIn(readFileSync(counts, 'utf8'))
    return [memory, finding(calls / turns, `${calls} fsync and fdatasync calls of ${turns} turns, counted by strace`)]
  })

function finding(value: number, note: string): Finding {
  return { name: 'fsyncs per turn', unit: 'per turn', value, goal: atMost(0.1), note }
}

/** Lines of `strace -c`: share, seconds, microseconds a call, calls, errors where there are any, name. */
function syncsIn(summary: string): number {
  const lines = summary.split('\n').map((line) => line.trim().split(/\s+/))
  const syncs = lines.filter((fields) => fields.at(-1) === 'fsync' || fields.at(-1) === 'fdatasync')
  return syncs.reduce((sum, fields) => sum + Number(fields[3]), 0)
}

function hasStrace(): boolean {
  try {
    execFileSync('strace', ['-V'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
