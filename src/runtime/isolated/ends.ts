/** How a call beside the runtime hears and speaks, and what has to hold for it to begin: in a process, and in a thread. */
import { Socket } from 'node:net'
import { parentPort, Worker } from 'node:worker_threads'
import { problemText } from '../problem-text.ts'
import { type Bounds, leftUntil, whenOver } from './bounds.ts'
import { endGroup } from './end-group.ts'
import { frameOf, MAX_FRAME_BYTES, MESSAGES_FD, readFrames } from './frames.ts'
import type { FromTool, ToTool } from './messages.ts'

export type Ends = {
  send(message: FromTool): void
  onMessage(listener: (message: ToTool) => void): void
  /** Sees to it that the call ends in time. Resolves when that is sure: before, nothing of the tool may begin. */
  guard(bounds: Bounds): Promise<void>
  /** Asked right before the tool begins: why it may not; null: it may. */
  refusal(bounds: Bounds): string | null
}

export function processEnds(): Ends {
  // Ctrl-C and a service's stop reach every process of the group; when to stop is for the runtime to say, through the signal.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})
  const pipe = new Socket({ fd: MESSAGES_FD, readable: true, writable: true })
  pipe.on('close', endGroup).on('error', endGroup)
  const watching = startGuard()
  // Told where it is waited for.
  watching.catch(() => {})
  return {
    send: (message) => {
      pipe.write(frameOf(message))
    },
    // The other end is our own code.
    onMessage: (listener) =>
      void pipe.on(
        'data',
        readFrames((message) => listener(message as ToTool), endGroup, MAX_FRAME_BYTES),
      ),
    guard: async ({ endBy }) => {
      const guard = await watching
      if (endBy !== null) guard.postMessage(endBy)
    },
    refusal: (bounds) => {
      // Its runtime is dead. Others know that too, and may have taken the call for lost.
      if (process.ppid !== bounds.runtimePid) endGroup()
      return lateness(bounds)
    },
  }
}

/** A thread of its own: it also notices while the tool blocks the loop. */
function startGuard(): Promise<Worker> {
  const { promise, resolve, reject } = Promise.withResolvers<Worker>()
  const guard = new Worker(new URL(import.meta.url.endsWith('.ts') ? './guard.ts' : './guard.js', import.meta.url))
  guard.once('message', () => resolve(guard))
  guard.once('error', reject)
  guard.once('exit', (code) => reject(new Error(`its guard ended with code ${code}`)))
  guard.unref()
  return promise
}

export function threadEnds(): Ends {
  const send = (message: FromTool) => parentPort?.postMessage(message)
  return {
    send,
    onMessage: (listener) => parentPort?.on('message', listener),
    // It dies with its runtime. A loop of its own that is blocked can be ended by nobody but the runtime.
    guard: async ({ endBy }) => {
      if (endBy === null) return
      whenOver(endBy, () => {
        send({ type: 'ended', message: 'its time was over while its runtime stood still' })
        process.exit(1)
      })
    },
    refusal: lateness,
  }
}

function lateness({ startBy }: Bounds): string | null {
  if (startBy === null || leftUntil(startBy) > 0) return null
  return 'it was ready to begin only when its `startBy` was over, and did not begin'
}

/** Why nothing of the tool may begin, now that its module is there; null: it may. */
export async function whyNot({ guard, refusal }: Ends, bounds: Bounds): Promise<string | null> {
  try {
    await guard(bounds)
  } catch (problem) {
    return `there was no room for the thread that watches over it: ${problemText(problem)}`
  }
  return refusal(bounds)
}
