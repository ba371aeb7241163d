/** The process of one soak, which is not waited for without end. */
import { spawn } from 'node:child_process'
import type { Soaked } from './worker.ts'

export type Ran = { readonly soaked: Soaked } | { readonly problem: string }

/** Runs Node with these arguments, and reads the last line that it prints. Killed after `maxMs`. */
export function runWorker(args: readonly string[], maxMs: number): Promise<Ran> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const { promise, resolve } = Promise.withResolvers<Ran>()
  let isLate = false
  const limit = setTimeout(() => {
    isLate = true
    child.kill('SIGKILL')
  }, maxMs)
  let output = ''
  child.stdout.on('data', (chunk) => {
    output += chunk
  })
  child.on('error', (problem) => resolve({ problem: `could not be started: ${problem.message}` }))
  child.on('close', (code, signal) => {
    clearTimeout(limit)
    if (isLate) resolve({ problem: `did not end within ${maxMs / 1_000} s` })
    else if (code !== 0) resolve({ problem: `died of ${signal ?? code}` })
    else resolve(read(output))
  })
  return promise
}

function read(output: string): Ran {
  const line = output.trimEnd().split('\n').at(-1) ?? ''
  try {
    // The worker's own last line, of the shape above.
    return { soaked: JSON.parse(line) as Soaked }
  } catch {
    return { problem: `said nothing that can be read: "${line.slice(0, 100)}"` }
  }
}
