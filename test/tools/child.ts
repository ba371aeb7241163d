/** Processes of the proof: workers of ours, and the command line. */
import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Orders } from './orders.ts'

const compileCache = fileURLToPath(new URL('../../.tmp/compile-cache', import.meta.url))
const flags = ['--conditions=pawl-source', '--disable-warning=ExperimentalWarning']

export type Child = {
  /** Resolves with true when it has printed its first bytes; false where it ended before. */
  readonly ready: Promise<boolean>
  /** The exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>
  /** What it wrote to stderr so far. */
  complaints(): string
  signal(name: 'SIGKILL' | 'SIGTERM'): void
}

export function startWorker(orders: Orders): Child {
  return startProgram(new URL('./worker.ts', import.meta.url), JSON.stringify(orders))
}

/** `pawl`, as it is shipped, from the sources. */
export function startPawl(...given: readonly string[]): Child {
  return startProgram(new URL('../../bin/pawl.js', import.meta.url), ...given)
}

function startProgram(program: URL, ...given: readonly string[]): Child {
  const child = spawn(process.execPath, [...flags, fileURLToPath(program), ...given], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, NODE_COMPILE_CACHE: compileCache },
  })
  let complaints = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints += text
  })
  child.stdin.on('error', () => {})
  const ready = Promise.withResolvers<boolean>()
  child.stdout.resume().once('data', () => ready.resolve(true))
  const ended = endOf(child)
  void ended.then(() => ready.resolve(false))
  return {
    ready: ready.promise,
    ended,
    complaints: () => complaints,
    signal: (name) => void child.kill(name),
  }
}

function endOf(child: ChildProcess): Promise<number | NodeJS.Signals> {
  const { promise, resolve } = Promise.withResolvers<number | NodeJS.Signals>()
  child.on('close', (code, signal) => resolve(signal ?? code ?? 1))
  return promise
}
