/**
 * Steady load on one process while its memory, handles, listeners and files are sampled: hours at night, seconds otherwise; then
 * planted leaks, which must be noticed. `--seconds N` and `--rate N` (sessions a second) give another load.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openProof } from '../prove/proof.ts'
import { leaks } from './leaks.ts'
import { growth, median, type Sample } from './sample.ts'
import type { Soaked } from './worker.ts'

const PLANTED_SECONDS = 8
const PLANTED_RATE = 40
const MIB = 1_048_576

const proof = openProof('soak', { seconds: { type: 'string' }, rate: { type: 'string' } })
const folder = mkdtempSync(join(tmpdir(), 'pawl-soak-'))
const hours = proof.pick({ small: 0, night: 2 })
const seconds = Number(proof.values.seconds ?? (proof.minutes ?? hours * 60) * 60) || PLANTED_SECONDS
const rate = Number(proof.values.rate ?? proof.pick({ small: 40, night: 20 }))

const [clean] = await Promise.all([soak('clean', seconds, rate), ...Object.keys(leaks).map(notices)])
judge(clean)
rmSync(folder, { recursive: true, force: true })
proof.notTested('Load from several processes at once on one file, and sizes of sessions near the limit of events.')
proof.close()

function judge({ samples, handlesLeft, warnings }: Soaked): void {
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
  proof.figure({ name: 'open files', value: of('openFiles') })
  proof.figure({ name: 'write-ahead log', value: round(of('walBytes') / MIB), unit: 'MiB' })
  proof.figure({ name: 'file and log per session', value: round(of('bytesPerSession') / 1_024), unit: 'KiB' })
}

async function notices(name: string): Promise<void> {
  const { samples } = await soak(name, PLANTED_SECONDS, PLANTED_RATE, name)
  const found = growth(samples).find((sentence) => sentence.startsWith(leaks[name]?.grows ?? ' '))
  if (found === undefined) return proof.fail(`not noticed: ${name}`)
  proof.pass()
  proof.caught({ bug: name, by: found.split(' grew')[0] ?? found, tries: 1, of: 'soaks' })
}

function soak(name: string, forSeconds: number, perSecond: number, leak?: string): Promise<Soaked> {
  const worker = fileURLToPath(new URL('worker.ts', import.meta.url))
  const path = join(folder, `${name.replaceAll(' ', '-')}.db`)
  const flags = ['--path', path, '--seconds', String(forSeconds), '--rate', String(perSecond)]
  const args = ['--conditions=pawl-source', '--no-warnings', '--expose-gc', worker, ...flags]
  const child = spawn(process.execPath, [...args, ...(leak === undefined ? [] : ['--leak', leak])], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  child.stdout.on('data', (chunk) => {
    output += chunk
  })
  return new Promise((resolve, reject) => {
    child.on('close', (code) => {
      if (code !== 0) return reject(new Error(`the soak "${name}" ended with ${code}`))
      // The worker's own last line, of the shape above.
      resolve(JSON.parse(output.trim().split('\n').at(-1) ?? '') as Soaked)
    })
  })
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
