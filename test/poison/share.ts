/** Shares of the cases in worker processes, as many side by side as there are cores. */
import { spawn } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import type { Caught } from '../prove/proof.ts'

export type Kind = 'texts' | 'values' | 'parts' | 'bytes' | 'schemas' | 'sessions' | 'big'
/** `planted`: the planted bugs of this kind instead of the shipped parts; `bug`: the cases with this one, which has a worker alone. */
export type Share = {
  readonly kind: Kind
  readonly from: number
  readonly cases: number
  readonly planted?: boolean
  readonly bug?: string
}
export type Big = { readonly name: string; readonly megabytes: number; readonly cpuMs: number }
export type ShareResult = {
  /** How many of the numbers were run. */
  readonly cases: number
  /** What was tried in them: most cases are one. */
  readonly tried: number
  readonly complaints: readonly string[]
  readonly steps: number
  readonly events: number
  /** Outcomes that nobody knew, and that a person settled. */
  readonly settled: number
  /** Cases that were different from every other of the share: of texts and values. */
  readonly distinct: number
  readonly cpuMs: number
  /** What the heap had grown by after the share, and a collection of garbage. */
  readonly leftBytes: number
  readonly figures: readonly Big[]
  readonly caught: readonly Caught[]
}

const worker = fileURLToPath(new URL('worker.ts', import.meta.url))
const flags = ['--conditions=pawl-source', '--no-warnings', '--expose-gc']
/** A case that never ends is a wedge: no share takes a quarter of this where it has a core of its own. */
const MAX_SHARE_MS = 2 * 60_000

export async function runShares(
  shares: readonly Share[],
  onResult: (share: Share, result: ShareResult) => void,
  isTimeUp: () => boolean = () => false,
): Promise<void> {
  const queue = [...shares]
  const lane = async () => {
    for (let share = queue.shift(); share !== undefined; share = queue.shift())
      // No kind is left out, however early the time is up.
      if (share.from === 0 || !isTimeUp()) onResult(share, await runShare(share))
  }
  await Promise.all(Array.from({ length: availableParallelism() }, lane))
}

function runShare({ kind, from, cases, planted = false, bug }: Share): Promise<ShareResult> {
  const numbers = ['--kind', kind, '--from', String(from), '--cases', String(cases)]
  const plants = [...(planted ? ['--planted'] : []), ...(bug === undefined ? [] : ['--bug', bug])]
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [...flags, worker, ...numbers, ...plants], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let isLate = false
    const limit = setTimeout(() => {
      isLate = true
      child.kill('SIGKILL')
    }, MAX_SHARE_MS)
    let output = ''
    const range = `${plants.length > 0 ? 'planted ' : ''}${kind} ${from} to ${Math.max(from, from + cases - 1)}`
    const failed = (problem: string) => {
      clearTimeout(limit)
      const at =
        output
          .match(/^at \d+$/gm)
          ?.at(-1)
          ?.slice(3) ?? from
      resolve({ ...nothing, complaints: [`the worker of ${range} ${problem}, at number ${at} or soon after it`] })
    }
    child.on('error', (problem) => failed(`could not be started: ${problem.message}`))
    child.stdout.on('data', (chunk) => {
      output += chunk
    })
    child.on('close', (code, signal) => {
      clearTimeout(limit)
      if (isLate) failed(`did not end within ${MAX_SHARE_MS / 1_000} s`)
      else if (code !== 0) failed(`died of ${signal ?? code}`)
      // Node ends well where nothing is left that could settle what is waited for.
      else if (!lastLineOf(output).startsWith('{')) failed('ended with a case that never settled')
      else resolve(resultOf(output))
    })
  })
}

const nothing = {
  cases: 0,
  tried: 0,
  steps: 0,
  events: 0,
  settled: 0,
  distinct: 0,
  cpuMs: 0,
  leftBytes: 0,
  figures: [],
  caught: [],
}

function resultOf(output: string): ShareResult {
  // The worker's own last line, of the shape above.
  return JSON.parse(lastLineOf(output)) as ShareResult
}

function lastLineOf(output: string): string {
  return output.trimEnd().split('\n').at(-1) ?? ''
}
