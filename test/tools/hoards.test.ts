/** In a process of its own: V8 stops a thread that takes too much memory, but rarely it ends the whole process (docs/guarantees.md, P17). */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { moduleOf } from './isolated-run.ts'

const MAX_NATIVE_CRASHES = 2

test('a tool in a thread that hoards memory fails its call alone', { timeout: 120_000 }, async () => {
  const message = expect.stringMatching(/isolatedMemoryBytes allows 64 MiB/)
  expect(await hoard(MAX_NATIVE_CRASHES)).toEqual([
    { type: 'retryable_error', message },
    { type: 'unknown', message },
  ])
})

async function hoard(crashesLeft: number): Promise<unknown> {
  const flags = ['--conditions=pawl-source', '--no-warnings']
  const script = moduleOf('worker-hoards').pathname
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [...flags, script])
    return JSON.parse(stdout)
  } catch (problem) {
    if (crashesLeft === 0 || !isNativeCrash(problem)) throw problem
    console.log('V8 ended the whole process; once more')
    return hoard(crashesLeft - 1)
  }
}

/** V8's own checks end a process by one of these; a failure of ours ends it with a code. */
function isNativeCrash(problem: unknown): boolean {
  const signal = problem instanceof Error && 'signal' in problem ? problem.signal : null
  return signal === 'SIGTRAP' || signal === 'SIGABRT' || signal === 'SIGILL' || signal === 'SIGSEGV'
}
