/** Child processes of the kill test. */
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'

const here = fileURLToPath(new URL('.', import.meta.url))
/** Children read the same sources as this process. */
const flags = [
  ...process.execArgv.filter((argument) => argument.startsWith('--conditions=')),
  '--disable-warning=ExperimentalWarning',
]
const compileCache = fileURLToPath(new URL('../../.tmp/compile-cache', import.meta.url))

export interface Child {
  /** Resolves with the first line that it prints; rejects where it ends before. */
  readonly firstLine: Promise<string>
  /** Resolves when it has ended: its exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>
  /** What it wrote to stderr so far. */
  complaints(): string
  signal(name: 'SIGKILL' | 'SIGTERM'): void
}

type Process = ChildProcessByStdio<Writable, Readable, Readable>

/** Starts a program of this folder. Its stdin stays open for as long as this process lives. */
export function startChild(program: string, ...given: readonly string[]): Child {
  const child: Process = spawn(process.execPath, [...flags, join(here, program), ...given], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, NODE_COMPILE_CACHE: compileCache },
  })
  let complaints = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints += text
  })
  child.stdin.on('error', () => {})
  const ended = endOf(child)
  return {
    firstLine: firstLineOf(child, () => complaints),
    ended,
    complaints: () => complaints,
    signal: (name) => {
      child.kill(name)
    },
  }
}

function endOf(child: Process): Promise<number | NodeJS.Signals> {
  const { promise, resolve } = Promise.withResolvers<number | NodeJS.Signals>()
  child.on('close', (code, signal) => resolve(signal ?? code ?? 1))
  return promise
}

function firstLineOf(child: Process, complaints: () => string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
    const [line, rest] = output.split('\n')
    if (line !== undefined && rest !== undefined) resolve(line)
  })
  child.on('error', reject)
  child.on('close', () => reject(new Error(`expected a first line, found an end: ${complaints()}`)))
  promise.catch(() => {})
  return promise
}
