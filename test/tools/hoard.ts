/** A thread that hoards memory, in a process of its own: V8 stops it, but rarely it ends the whole process (docs/guarantees.md, P17). */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { moduleOf } from './isolated-run.ts'

/** In a row. */
const MAX_NATIVE_CRASHES = 2
/** Twice the longest that a call waits in there. */
const MAX_RUN_MS = 60_000

/**
 * What the worker of this name printed, as JSON. It is started again where V8 has ended it, two times at most; `onCrash` hears of each
 * time. @throws what it ended with, if not well.
 */
export async function hoard(worker: string, onCrash: () => void): Promise<unknown> {
  const args = ['--conditions=pawl-source', '--no-warnings', moduleOf(worker).pathname]
  for (let crashes = 0; ; crashes += 1) {
    try {
      const options = { timeout: MAX_RUN_MS, killSignal: 'SIGKILL' } as const
      const { stdout } = await promisify(execFile)(process.execPath, args, options)
      return JSON.parse(stdout)
    } catch (problem) {
      if (!isNativeCrash(problem)) throw problem
      onCrash()
      if (crashes === MAX_NATIVE_CRASHES) throw problem
    }
  }
}

/** A round in a process of its own: what was found wrong. */
export async function hoardRound(onCrash: () => void, worker = 'worker-hoard-round'): Promise<readonly string[]> {
  try {
    // The violations, as the worker has written them.
    return (await hoard(worker, onCrash)) as readonly string[]
  } catch (problem) {
    return [`process: ${problem instanceof Error ? problem.message : String(problem)}`]
  }
}

/** V8's own checks end a process by one of these; a failure of ours ends it with a code. */
function isNativeCrash(problem: unknown): boolean {
  const signal = problem instanceof Error && 'signal' in problem ? problem.signal : null
  return signal === 'SIGTRAP' || signal === 'SIGABRT' || signal === 'SIGILL' || signal === 'SIGSEGV'
}
