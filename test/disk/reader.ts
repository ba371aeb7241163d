/** Another process, which opens the file while there is no room and says what it reads. */
import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export type Asked = { readonly id: number; readonly path: string; readonly sessionId: string }
/** The kinds of the log's events in order; `crashed`: those of a copy without shared memory, as a crash leaves it. */
export type Answered =
  | { readonly id: number; readonly kinds: readonly string[]; readonly crashed: readonly string[] }
  | { readonly id: number; readonly problem: string }

export interface Reader {
  /** Always answers: with a problem where the other process has ended, or takes too long. */
  read(path: string, sessionId: string): Promise<Answered>
  stop(): void
}

/** Of one reading, with a machine that does other things too. */
const MOST_MS = 30_000

export function startReader(): Reader {
  const child: ChildProcess = fork(fileURLToPath(new URL('./worker-reader.ts', import.meta.url)))
  const waiting = new Map<number, (answer: Answered) => void>()
  let asked = 0
  let ended: string | null = null
  function settle(answer: Answered): void {
    waiting.get(answer.id)?.(answer)
    waiting.delete(answer.id)
  }
  function end(how: string): void {
    ended = how
    for (const id of waiting.keys()) settle({ id, problem: how })
  }
  child.on('message', settle)
  child.once('exit', (code, signal) => end(`the reader ended with ${signal ?? code}`))
  child.on('error', (problem) => end(`the reader: ${problem.message}`))
  return {
    read: (path, sessionId) =>
      new Promise((resolve) => {
        asked += 1
        const id = asked
        if (ended !== null) return resolve({ id, problem: ended })
        const late = setTimeout(
          () => settle({ id, problem: `the reader did not answer within ${MOST_MS} ms` }),
          MOST_MS,
        )
        waiting.set(id, (answer) => {
          clearTimeout(late)
          resolve(answer)
        })
        child.send({ id, path, sessionId } satisfies Asked, (problem) => {
          if (problem !== null) settle({ id, problem: `the reader: ${problem.message}` })
        })
      }),
    stop: () => void child.kill('SIGKILL'),
  }
}
