/** Shares of the cases in worker processes, as many side by side as there are cores. */
import { spawn } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import type { Caught } from '../prove/proof.ts'

export type Kind = 'texts' | 'values' | 'parts' | 'bytes' | 'schemas' | 'sessions' | 'big'
/** `planted`: the planted bugs of this kind instead of the shipped parts. */
export type Share = { readonly kind: Kind; readonly from: number; readonly cases: number; readonly planted?: boolean }
export type Big = { readonly name: string; readonly megabytes: number; readonly cpuMs: number }
export type ShareResult = {
  readonly cases: number
  readonly complaints: readonly string[]
  readonly steps: number
  readonly events: number
  readonly cpuMs: number
  /** What the heap had grown by after the share, and a collection of garbage. */
  readonly leftBytes: number
  readonly figures: readonly Big[]
  readonly caught: readonly Caught[]
}

const worker = fileURLToPath(new URL('worker.ts', import.meta.url))
const flags = ['--conditions=pawl-source', '--no-warnings', '--expose-gc']
/** A case that never ends is a wedge: no share takes a tenth of this. */
const MAX_SHARE_MS = 15 * 60_000

export async function runShares(
  shares: readonly Share[],
  onResult: (share: Share, result: ShareResult) => void,
  isTimeUp: () => boolean = () => false,
): Promise<void> {
  const queue = [...shares]
  const lane = async () => {
    for (let share = queue.shift(); share !== undefined && !isTimeUp(); share = queue.shift())
      onResult(share, await runShare(share))
  }
  await Promise.all(Array.from({ length: availableParallelism() }, lane))
}

function runShare({ kind, from, cases, planted = false }: Share): Promise<ShareResult> {
  const numbers = ['--kind', kind, '--from', String(from), '--cases', String(cases)]
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [...flags, worker, ...numbers, ...(planted ? ['--planted'] : [])], {
      stdio: ['ignore', 'pipe', 'inherit'],
      timeout: MAX_SHARE_MS,
      killSignal: 'SIGKILL',
    })
    let output = ''
    child.stdout.on('data', (chunk) => {
      output += chunk
    })
    child.on('close', (code, signal) => {
      if (code === 0) return resolve(resultOf(output))
      const complaint = `a worker died of ${signal ?? code} within ${kind} ${from} to ${from + cases - 1}`
      resolve({ ...nothing, complaints: [complaint] })
    })
  })
}

const nothing = { cases: 0, steps: 0, events: 0, cpuMs: 0, leftBytes: 0, figures: [], caught: [] }

function resultOf(output: string): ShareResult {
  // The worker's own line, of the shape above.
  return JSON.parse(output) as ShareResult
}
