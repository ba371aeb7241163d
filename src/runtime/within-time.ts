import type { Env } from '../ports/index.ts'

export type TimeBounds = {
  readonly env: Pick<Env, 'setTimer'>
  readonly timeoutMs: number
  /** What is too slow, for the message. */
  readonly what: string
  /** Told to stop when the time is up. */
  readonly controller?: AbortController
}

/** The work, or a rejection when its time is up. */
export function withinTime<T>(work: PromiseLike<T>, { env, timeoutMs, what, controller }: TimeBounds): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = env.setTimer(timeoutMs, () => {
      const problem = new Error(`${what} took longer than ${timeoutMs} ms`)
      reject(problem)
      controller?.abort(problem)
    })
    Promise.resolve(work).then(resolve, reject).finally(cancel)
  })
}
