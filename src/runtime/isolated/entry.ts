/** The program of a thread or a process that runs one call of an isolated tool. Started by `channels.ts`, and by nothing else. */
import { isMainThread } from 'node:worker_threads'
import { problemText } from '../problem-text.ts'
import { processEnds, threadEnds } from './ends.ts'
import { serveCall } from './tool-side.ts'

const ends = isMainThread ? processEnds() : threadEnds()
for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(event, (problem: unknown) => {
    const what = event === 'uncaughtException' ? 'an error that nobody caught' : 'a rejection that nobody handled'
    ends.send({ type: 'ended', message: `it crashed by ${what}: ${problemText(problem)}` })
    process.exit(1)
  })
}
serveCall(ends)
