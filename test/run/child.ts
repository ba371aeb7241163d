/** Programs of the proofs, from the sources, as child processes. */
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'

/** Children read the same sources as this process. */
const flags = [
  ...process.execArgv.filter((argument) => argument.startsWith('--conditions=')),
  '--disable-warning=ExperimentalWarning',
]
const compileCache = fileURLToPath(new URL('../../.tmp/compile-cache', import.meta.url))

export type End = number | NodeJS.Signals

export interface Child {
  readonly pid: number
  /** Resolves when it has ended: its exit code, or the signal that ended it. All that it said has been heard by then. */
  readonly ended: Promise<End>
  /** Writes a line to its stdin; lost where it has ended. */
  say(line: string): void
  /** What it wrote to stderr since it was last asked. */
  takeComplaints(): string
  signal(name: 'SIGKILL' | 'SIGTERM' | 'SIGSTOP' | 'SIGCONT'): void
}

/** Starts a program. Its stdin stays open for as long as this process lives. */
export function startChild(program: URL, given: readonly string[], onLine: (line: string) => void): Child {
  const child: ChildProcessByStdio<Writable, Readable, Readable> = spawn(
    process.execPath,
    [...flags, fileURLToPath(program), ...given],
    { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, NODE_COMPILE_CACHE: compileCache } },
  )
  let complaints = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints += text
  })
  child.stdin.on('error', () => {})
  createInterface({ input: child.stdout }).on('line', onLine)
  const { promise: ended, resolve } = Promise.withResolvers<End>()
  child.on('error', (problem) => {
    complaints += String(problem)
    resolve(1)
  })
  child.on('close', (code, signal) => resolve(signal ?? code ?? 1))
  return {
    pid: child.pid ?? 0,
    ended,
    say: (line) => child.stdin.write(`${line}\n`),
    takeComplaints: () => {
      const taken = complaints
      complaints = ''
      return taken
    },
    signal: (name) => {
      child.kill(name)
    },
  }
}
