/** Shares of a simulation in worker processes, as many side by side as there are cores. */
import { spawn } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'

export type Share = {
  readonly store: 'memory' | 'sqlite'
  readonly from: number
  readonly seeds: number
  readonly bug?: string
}
export type ShareResult = {
  readonly seeds: number
  readonly events: number
  readonly failedSeed: number | null
  readonly report: string | null
  readonly invariant: string | null
}

const worker = fileURLToPath(new URL('worker.ts', import.meta.url))

export async function runShares<S extends Share>(
  shares: readonly S[],
  onResult: (share: S, result: ShareResult) => void,
): Promise<void> {
  const queue = [...shares]
  const lane = async () => {
    for (let share = queue.shift(); share !== undefined; share = queue.shift()) onResult(share, await runShare(share))
  }
  await Promise.all(Array.from({ length: availableParallelism() }, lane))
}

function runShare({ store, from, seeds, bug }: Share): Promise<ShareResult> {
  const flags = [
    '--store',
    store,
    '--from',
    String(from),
    '--seeds',
    String(seeds),
    ...(bug === undefined ? [] : ['--bug', bug]),
  ]
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--conditions=pawl-source', '--no-warnings', worker, ...flags], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let output = ''
    child.stdout.on('data', (chunk) => {
      output += chunk
    })
    child.on('close', (code) => {
      if (code !== 0)
        return reject(new Error(`a simulation worker ended with ${code} at seeds ${from} to ${from + seeds - 1}`))
      // The worker's own line, of the shape above.
      resolve(JSON.parse(output) as ShareResult)
    })
  })
}
