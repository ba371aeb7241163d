/** Worker processes, as many as there are cores, each given one job after the other. */
import { type ChildProcess, fork } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import type { Job, JobResult } from './job.ts'

export interface Pool {
  /** `next` gives the jobs one by one; null: there is nothing more to do. Resolves when all that was begun is done. */
  run<J extends Job>(next: () => J | null, onResult: (job: J, result: JobResult) => void): Promise<void>
  close(): void
}

const worker = fileURLToPath(new URL('worker.ts', import.meta.url))

export function openPool(): Pool {
  const children = Array.from({ length: availableParallelism() }, () =>
    fork(worker, { execArgv: ['--conditions=pawl-source', '--no-warnings'] }),
  )
  return {
    run: async (next, onResult) => {
      const lane = async (child: ChildProcess) => {
        for (let job = next(); job !== null; job = next()) onResult(job, await ask(child, job))
      }
      await Promise.all(children.map(lane))
    },
    close: () => {
      for (const child of children) child.disconnect()
    },
  }
}

/** Each job once, in order. */
export function each<J>(jobs: readonly J[]): () => J | null {
  const queue = [...jobs]
  return () => queue.shift() ?? null
}

function ask(child: ChildProcess, job: Job): Promise<JobResult> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null) =>
      reject(new Error(`a simulation worker ended with ${code} at seeds ${job.from} to ${job.from + job.seeds - 1}`))
    child.once('exit', onExit)
    child.once('message', (result) => {
      child.off('exit', onExit)
      // The worker's own answer, of this shape.
      resolve(result as JobResult)
    })
    child.send(job)
  })
}
