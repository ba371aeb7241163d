/**
 * `npm run bench`: builds, runs every benchmark in a process of its own, keeps what it found in `bench/results`, prints a table.
 * `npm run bench -- --full`: the sizes that the goals speak of. `npm run bench -- throughput reload`: only these. `--no-build`: as built.
 *
 * Both sides are measured as they are installed: Pawl from `dist`, the AI SDK from its package.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { Finding } from './run/finding.ts'
import { resultFile } from './run/result-file.ts'
import { table } from './run/table.ts'

const names = [
  'throughput',
  'fsyncs',
  'one-session',
  'bytes-written',
  'resume',
  'first-run',
  'validate-plan',
  'plan-tasks',
  'plan-speedup',
  'plan-tokens',
  'memory-tokens',
  'memory-time',
  'artifact-save',
]

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { full: { type: 'boolean', default: false }, 'no-build': { type: 'boolean', default: false } },
})
if (!values['no-build']) run('npm', ['run', '--silent', 'build'])
const findings = (positionals.length > 0 ? positionals : names).flatMap((name) => {
  process.stderr.write(`${name} …\n`)
  const script = fileURLToPath(new URL('./one.ts', import.meta.url))
  run(process.execPath, ['--expose-gc', script, name, ...(values.full ? ['--full'] : [])])
  return readFindings(name)
})
console.log(table(findings))

function run(command: string, args: readonly string[]): void {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit' })
  if (status !== 0) throw error ?? new Error(`${command} ${args.join(' ')} ended with ${status}`)
}

/** The file is ours, written a moment ago by `one.ts`. */
function readFindings(name: string): readonly Finding[] {
  const { findings } = JSON.parse(readFileSync(resultFile(name), 'utf8')) as { findings: readonly Finding[] }
  return findings
}
