import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const execute = promisify(execFile)

/** Runs a script of `bench/processes` in a fresh process and parses what it prints. `prefix`: what it runs under, such as strace. */
export async function inProcess<Answer>(
  script: string,
  args: readonly string[],
  prefix: readonly string[] = [],
): Promise<Answer> {
  const path = fileURLToPath(new URL(`../processes/${script}`, import.meta.url))
  const [command = '', ...rest] = [...prefix, process.execPath, path, ...args]
  const { stdout } = await execute(command, rest)
  // The scripts are ours, and print what their callers expect.
  return JSON.parse(stdout) as Answer
}
