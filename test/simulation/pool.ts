/** Worker processes, as many as there are cores, each given one job after the other. */
import { type ChildProcess, fork } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import type { Job, JobResult } from './job.ts'

export interface Pool {
  /**
   * `next` gives the jobs one by one; null: there is nothing more to do. Resolves when all that was begun is done. A worker that
   * ends or does not answer in time is told to `onLost`, and another takes its place.
   */
  run<J extends Job>(next: () => J | null, told: Told<J>): Promise<void>
  close(): void
}

type Told<J> = {
  readonly onResult: (job: J, result: JobResult) => void
  readonly onLost: (job: J, why: string) => void
}

/** Many times what the slowest job takes: the seeds of one planted bug, or a failure made small. */
const JOB_MS = 300_000

const worker = fileURLToPath(new URL('worker.ts', import.meta.url))

export function openPool(): Pool {
  const children = Array.from({ length: availableParallelism() }, begin)
  return {
    run: async (next, { onResult, onLost }) => {
      const lane = async (index: number, first: ChildProcess) => {
        let child = first
        for (let job = next(); job !== null; job = next()) {
          const answer = await ask(child, job)
          if (typeof answer !== 'string') {
            onResult(job, answer)
            continue
          }
          child.kill('SIGKILL')
          child = begin()
          children[index] = child
          onLost(job, answer)
        }
      }
      await Promise.all(children.map((child, index) => lane(index, child)))
    },
    close: () => {
      for (const child of children) child.kill()
    },
  }
}

/** Each job once, in order. */
export function each<J>(jobs: readonly J[]): () => J | null {
  const queue = [...jobs]
  return () => queue.shift() ?? null
}

function begin(): ChildProcess {
  return fork(worker, { execArgv: ['--conditions=pawl-source', '--no-warnings'] })
}

/** The result, or why there is none. */
function ask(child: ChildProcess, job: Job): Promise<JobResult | string> {
  return new Promise((resolve) => {
    const settle = (answer: JobResult | string) => {
      clearTimeout(timer)
      child.off('exit', onExit)
      child.off('message', onMessage)
      resolve(answer)
    }
    const onExit = (code: number | null, signal: string | null) => settle(`the worker ended with ${code ?? signal}`)
    // The worker's own answer, of this shape.
    const onMessage = (result: unknown) => settle(result as JobResult)
    const timer = setTimeout(() => settle(`the worker did not answer within ${JOB_MS / 1_000} s`), JOB_MS)
    child.on('exit', onExit)
    child.on('message', onMessage)
    child.send(job, (problem) => {
      if (problem !== null) settle(`the worker takes no job: ${problem.message}`)
    })
  })
}
