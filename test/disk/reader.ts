/** Another process, which opens the file while there is no room and says what it reads. */
import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export type Asked = { readonly id: number; readonly path: string; readonly sessionId: string }
/** The kinds of the log's events in order; `crashed`: those of a copy without shared memory, as a crash leaves it. */
export type Answered =
  | { readonly id: number; readonly kinds: readonly string[]; readonly crashed: readonly string[] }
  | { readonly id: number; readonly problem: string }

export interface Reader {
  read(path: string, sessionId: string): Promise<Answered>
  stop(): void
}

export function startReader(): Reader {
  const child: ChildProcess = fork(fileURLToPath(new URL('./worker-reader.ts', import.meta.url)))
  const waiting = new Map<number, (answer: Answered) => void>()
  let asked = 0
  child.on('message', (answer: Answered) => {
    waiting.get(answer.id)?.(answer)
    waiting.delete(answer.id)
  })
  child.once('exit', (code) => {
    for (const [id, answer] of waiting) answer({ id, problem: `the reader ended with ${code}` })
  })
  return {
    read: (path, sessionId) =>
      new Promise((resolve) => {
        asked += 1
        waiting.set(asked, resolve)
        child.send({ id: asked, path, sessionId } satisfies Asked)
      }),
    stop: () => child.disconnect(),
  }
}
