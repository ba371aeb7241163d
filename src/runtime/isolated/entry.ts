/** The program of a thread or a process that runs one call of an isolated tool. Started by `channels.ts`, and by nothing else. */
import { isMainThread, parentPort, Worker } from 'node:worker_threads'
import { problemText } from '../problem-text.ts'
import type { FromTool, ToTool } from './messages.ts'
import { type Ends, serveCall } from './tool-side.ts'

const ends = isMainThread ? processEnds() : threadEnds()
for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(event, (problem: unknown) => {
    const what = event === 'uncaughtException' ? 'an error that nobody caught' : 'a rejection that nobody handled'
    ends.send({ type: 'ended', message: `it crashed by ${what}: ${problemText(problem)}` })
    process.exit(1)
  })
}
serveCall(ends)

function processEnds(): Ends {
  // Ctrl-C and a service's stop reach every process of the group; when to stop is for the runtime to say, through the signal.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})
  // A thread of its own: it also notices while the tool blocks the loop.
  new Worker(new URL(import.meta.url.endsWith('.ts') ? './guard.ts' : './guard.js', import.meta.url)).unref()
  return {
    send: (message) => {
      process.send?.(message)
    },
    // The other end is our own code.
    onMessage: (listener) => process.on('message', (message) => listener(message as ToTool)),
  }
}

function threadEnds(): Ends {
  return {
    send: (message: FromTool) => parentPort?.postMessage(message),
    onMessage: (listener) => parentPort?.on('message', listener),
  }
}
