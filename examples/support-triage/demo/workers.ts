/** The worker processes of the demo. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { gap, say } from './screen.ts'
import { type Stage, worldPath } from './stage.ts'

type Pause = { readonly beforeWriteMs?: number; readonly afterWriteMs?: number }

export type Workers = {
  start(refundPause: Pause): Promise<void>
  /** SIGKILL: the process runs no more instruction, and nothing in it is told. */
  kill(why: string): Promise<void>
  stop(): Promise<void>
}

/** One worker process at a time. It ends by itself when this process does. */
export function workersOf(stage: Stage, worldName: string): Workers {
  let worker: ChildProcess | null = null
  const end = async (signal: NodeJS.Signals) => {
    if (worker === null || worker.exitCode !== null) return
    const exited = once(worker, 'exit')
    worker.kill(signal)
    await exited
  }
  return {
    start: async (refundPause) => {
      const order = { sessionsPath: stage.sessionsPath, worldPath: worldPath(stage, worldName), refundPause }
      worker = fork(new URL('../worker.ts', import.meta.url), [JSON.stringify(order)], {
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      })
      const isReady = await Promise.race([
        once(worker, 'message').then(() => true),
        once(worker, 'exit').then(() => false),
      ])
      if (!isReady) throw new Error('expected a worker process to start; it ended. What it said stands above.')
      say('worker', `process ${worker.pid} started`, 'dim')
    },
    kill: async (why) => {
      await end('SIGKILL')
      say('kill -9', `process ${worker?.pid} is dead: ${why}`, 'bad')
    },
    stop: async () => {
      await end('SIGTERM')
      gap()
    },
  }
}
