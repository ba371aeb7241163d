/** The two ways beside the runtime: a thread of this process, or a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process'
import { Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { problemText } from '../problem-text.ts'
import { inheritedFlags } from './flags.ts'
import { frameOf, MESSAGES_FD, readFrames } from './frames.ts'
import type { ToTool } from './messages.ts'

export type Channel = {
  /** Gone already: nothing happens. @throws DataCloneError where the message holds what is no data. */
  send(message: ToTool): void
  /** Ends it, whatever it does. `ended` is told when it is gone. */
  kill(): void
}

export type Heard = {
  message(message: unknown): void
  /** It is gone, and no message of it is on its way. What happened, as a sentence. Called once. */
  ended(how: string, hasBegun: boolean): void
}

export type OpenChannel = (heard: Heard, options: { readonly entry: URL; readonly memoryBytes: number }) => Channel

const MIB = 1_048_576
/** What survives moves to the old generation at once. Node leaves 16 MiB above its limit; more ends the process, not the thread. */
const MAX_YOUNG_MIB = 8
const isSource = import.meta.url.endsWith('.ts')
// Beside this file, as source and as built.
export const entry: URL = new URL(isSource ? './entry.ts' : './entry.js', import.meta.url)
const hasCondition = process.execArgv.some((flag) => /^(--conditions|-C)=pawl-source$/.test(flag))
/** In a clone, a module that imports `pawl` means these sources, however this process was told so. */
const sourceFlags = isSource && !hasCondition ? ['--conditions=pawl-source', '--no-warnings'] : []

export const openThread: OpenChannel = (heard, { entry, memoryBytes }) => {
  const limits = { maxOldGenerationSizeMb: Math.ceil(memoryBytes / MIB), maxYoungGenerationSizeMb: MAX_YOUNG_MIB }
  // Flags are inherited where none are given, and some of a process are refused for a thread.
  const flags = sourceFlags.length > 0 ? { execArgv: sourceFlags } : {}
  const thread = new Worker(entry, { resourceLimits: limits, name: 'pawl tool', ...flags })
  let how: string | null = null
  let hasBegun = true
  thread.on('message', heard.message)
  thread.on('error', (problem: unknown) => {
    how = hasCode(problem, 'ERR_WORKER_OUT_OF_MEMORY')
      ? outOfMemory(memoryBytes)
      : `it crashed: ${problemText(problem)}`
    // Said before anything of it has run: there was no memory or no file descriptor for it.
    hasBegun = !hasCode(problem, 'ERR_WORKER_INIT_FAILED')
  })
  thread.on('exit', (code) => heard.ended(how ?? `its thread ended with code ${code} before it answered`, hasBegun))
  return {
    send: (message) => thread.postMessage(message),
    kill: () => void thread.terminate(),
  }
}

export const openProcess: OpenChannel = (heard, { entry, memoryBytes }) => {
  const flags = [
    ...inheritedFlags(process.execArgv),
    ...sourceFlags,
    `--max-old-space-size=${Math.ceil(memoryBytes / MIB)}`,
  ]
  const child = spawn(process.execPath, [...flags, fileURLToPath(entry)], {
    stdio: ['ignore', 'inherit', 'inherit', 'pipe', 'pipe'],
    // A group of its own: Ctrl-C is not for it, and what it has started ends with it.
    detached: true,
  })
  const pipe = pipeOf(child)
  listen(child, { pipe, heard, memoryBytes })
  return {
    send: (message) => {
      const frame = frameOf(message)
      // Gone already: how it ended is told by itself.
      if (pipe?.writable) pipe.write(frame)
    },
    kill: () => {
      if (!hasEnded(child)) killGroup(child)
    },
  }
}

/** Undefined where the process could not be started for want of file descriptors: its error, which says so, comes later. */
function pipeOf(child: ChildProcess): Socket | undefined {
  // Node's types promise them, and Node gives none then.
  const streams: ChildProcess['stdio'] | undefined = child.stdio
  const pipe = streams?.[MESSAGES_FD]
  return pipe instanceof Socket ? pipe : undefined
}

type Listening = { readonly pipe: Socket | undefined; readonly heard: Heard; readonly memoryBytes: number }

/** Its messages, and its end: gone, and read to the end, since a last answer may come after the exit. */
function listen(child: ChildProcess, { pipe, heard, memoryBytes }: Listening): void {
  let how: string | null = null
  let isClosed = false
  const end = () => {
    if (how !== null && isClosed) heard.ended(how, child.pid !== undefined)
  }
  const endAs = (what: string) => {
    how ??= what
    killGroup(child)
  }
  child.on('error', (problem) => {
    how ??= `its process could not be started, or told: ${problem.message}`
    isClosed ||= child.pid === undefined
    if (child.pid === undefined) end()
  })
  child.on('exit', (code, signal) => {
    how ??= howEnded(code, signal, memoryBytes)
    // What it has started, and left behind.
    killGroup(child)
    end()
  })
  const garbage = `it wrote into the channel to its runtime, or said more at once than its process may hold: ${allowed(memoryBytes)}`
  // What it says stands in its heap; whatever it claims to say, its runtime keeps no more than that.
  pipe?.on(
    'data',
    readFrames(heard.message, () => endAs(garbage), memoryBytes),
  )
  // What becomes of the pipe shows in its close.
  pipe?.on('error', () => {})
  pipe?.on('close', () => {
    isClosed = true
    if (hasEnded(child)) return end()
    // Its end is on the way, or it closed the channel by itself and nothing can be heard of it any more.
    setTimeout(() => {
      if (!hasEnded(child)) endAs('it closed the channel to its runtime')
    }, CLOSED_CHANNEL_MS).unref()
  })
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null
}

const CLOSED_CHANNEL_MS = 200

function howEnded(code: number | null, signal: NodeJS.Signals | null, memoryBytes: number): string {
  if (signal === null && code !== 134) return `its process ended with exit code ${code} before it answered`
  const hint = signal === 'SIGABRT' || code === 134 ? ` (${outOfMemory(memoryBytes)}, or an abort of its own)` : ''
  return `its process was ended by ${signal ?? 'SIGABRT'} before it answered${hint}`
}

function outOfMemory(memoryBytes: number): string {
  return `it ran out of memory: ${allowed(memoryBytes)}`
}

function allowed(memoryBytes: number): string {
  return `isolatedMemoryBytes allows ${Math.ceil(memoryBytes / MIB)} MiB`
}

function hasCode(problem: unknown, code: string): boolean {
  return problem instanceof Error && 'code' in problem && problem.code === code
}

/** The process, and what it has started in its group. */
function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // Nobody of the group is left.
  }
}
