/** Flips of bits of the database file itself, whatever they belong to. */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { ExportedHead } from '../../src/cli/exported-heads.ts'

export type RawOrder = {
  readonly original: string
  /** Where the damaged copies are made. */
  readonly path: string
  readonly from: number
  readonly count: number
  readonly heads: readonly ExportedHead[]
  /** `none`, a planted bug: nobody looks at the chains. */
  readonly chains: 'checked' | 'none'
}

/**
 * `refused`: the store says that the file is damaged, or not its own. `detected`: the chain does not hold. `unchanged`: what is read
 * is what was written. `missed` and `untyped` must not be.
 */
export type Outcome = {
  readonly seed: number
  readonly offset: number
  readonly bit: number
  readonly type: 'refused' | 'detected' | 'unchanged' | 'missed' | 'untyped'
  readonly found: string
}

const worker = fileURLToPath(new URL('./worker-raw.ts', import.meta.url))

/** `ended`: how the process ended where it should not have; the flip after the last outcome is the one that did it. */
export type RawFlips = { readonly outcomes: readonly Outcome[]; readonly ended: string | null }

export function flipRaw(order: RawOrder): Promise<RawFlips> {
  const flags = ['--conditions=pawl-source', '--no-warnings']
  const child = spawn(process.execPath, [...flags, worker, JSON.stringify(order)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let out = ''
  child.stdout.on('data', (bytes) => {
    out += bytes
  })
  return new Promise((resolve) => {
    child.once('close', (code, signal) => {
      const lines = out.split('\n').filter((line) => line !== '')
      // The worker is ours: its lines are what `worker-raw.ts` says.
      const outcomes = lines.map((line) => JSON.parse(line) as Outcome)
      resolve({ outcomes, ended: code === 0 ? null : String(signal ?? code) })
    })
  })
}
