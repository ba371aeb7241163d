/**
 * Steady load on one process while its memory, handles, listeners and files are sampled: hours at night, seconds otherwise; then
 * planted leaks, which must be noticed. `--seconds N` and `--rate N` (sessions a second) give another load.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { median } from '../../bench/run/statistics.ts'
import { openProof } from '../prove/proof.ts'
import { wholeNumberOf } from '../prove/whole-number.ts'
import { leaks } from './leaks.ts'
import { type Ran, runWorker } from './run-worker.ts'
import { growth, type Sample } from './sample.ts'
import type { Soaked } from './worker.ts'

const PLANTED_SECONDS = 8
const PLANTED_RATE = 40
const MIB = 1_048_576
/** Beyond the seconds of its load: its start, the rest of its sessions, and their end. */
const MAX_BESIDE_MS = 3 * 60_000

const proof = openProof('soak', { seconds: { type: 'string' }, rate: { type: 'string' } })
const hours = proof.pick({ small: 0, night: 2 })
const seconds = given('seconds') ?? ((proof.minutes ?? hours * 60) * 60 || PLANTED_SECONDS)
const rate = given('rate') ?? proof.pick({ small: 40, night: 20 })
const folder = mkdtempSync(join(tmpdir(), 'pawl-soak-'))

const [clean] = await Promise.all([soak('clean', seconds, rate), ...Object.keys(leaks).map(notices)])
judge(clean)
rmSync(folder, { recursive: true, force: true })
proof.notTested('Load from several processes at once on one file, and sizes of sessions near the limit of events.')
proof.close()

function given(flag: 'seconds' | 'rate'): number | undefined {
  const text = proof.values[flag]
  return text === undefined ? undefined : wholeNumberOf(flag, text)
}

function judge(ran: Ran): void {
  if ('problem' in ran) return proof.fail(`the soak ${ran.problem}`)
  const { samples, handlesLeft, warnings }: Soaked = ran.soaked
  const wrong = [...growth(samples), ...warnings]
  if (handlesLeft.length > 0) wrong.push(`left open after the end: ${handlesLeft.join(', ')}`)
  for (const found of wrong) proof.fail(found)
  if (wrong.length === 0) proof.pass()
  const half = samples.slice(samples.length / 2)
  const of = (name: keyof Sample) => median(half.map((sample) => sample[name]))
  proof.figure({ name: 'minutes of load', value: round(seconds / 60), ...(hours > 0 && { goal: hours * 60 }) })
  proof.figure({ name: 'sessions', value: samples.at(-1)?.sessions ?? 0 })
  proof.figure({ name: 'heap, median of the second half', value: round(of('heapBytes') / MIB), unit: 'MiB' })
  proof.figure({ name: 'resident, median of the second half', value: round(of('rssBytes') / MIB), unit: 'MiB' })
  proof.figure({ name: 'open files', value: round(of('openFiles')) })
  proof.figure({ name: 'write-ahead log', value: round(of('walBytes') / MIB), unit: 'MiB' })
  proof.figure({ name: 'file per session', value: round(of('bytesPerSession') / 1_024), unit: 'KiB' })
}

async function notices(name: string): Promise<void> {
  const ran = await soak(name, PLANTED_SECONDS, PLANTED_RATE, name)
  if ('problem' in ran) return proof.fail(`the soak with ${name} ${ran.problem}`)
  const found = growth(ran.soaked.samples).find((sentence) => sentence.startsWith(leaks[name]?.grows ?? ' '))
  if (found === undefined) return proof.fail(`not noticed: ${name}`)
  proof.pass()
  proof.caught({ bug: name, by: found.split(' grew')[0] ?? found, tries: 1, of: 'soaks' })
}

function soak(name: string, forSeconds: number, perSecond: number, leak?: string): Promise<Ran> {
  const worker = fileURLToPath(new URL('worker.ts', import.meta.url))
  const path = join(folder, `${name.replaceAll(' ', '-')}.db`)
  const flags = ['--path', path, '--seconds', String(forSeconds), '--rate', String(perSecond)]
  const args = ['--conditions=pawl-source', '--no-warnings', '--expose-gc', worker, ...flags]
  if (leak !== undefined) args.push('--leak', leak)
  return runWorker(args, forSeconds * 1_000 + MAX_BESIDE_MS)
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
