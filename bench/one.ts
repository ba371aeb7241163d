/** One benchmark, in a process of its own: writes its findings to `bench/results`. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { artifactSave } from './artifact-save.ts'
import { bytesWritten } from './bytes-written.ts'
import { firstRun } from './first-run.ts'
import { fsyncs } from './fsyncs.ts'
import { memoryTime } from './memory-time.ts'
import { memoryTokens } from './memory-tokens.ts'
import { oneSession } from './one-session.ts'
import { planSpeedup } from './plan-speedup.ts'
import { planTasks } from './plan-tasks.ts'
import { planTokens } from './plan-tokens.ts'
import { resume } from './resume.ts'
import type { Benchmark } from './run/finding.ts'
import { machine } from './run/machine.ts'
import { resultFile } from './run/result-file.ts'
import { throughput } from './throughput.ts'
import { validatePlans } from './validate-plan.ts'

const benchmarks: Readonly<Record<string, Benchmark>> = {
  throughput,
  fsyncs,
  'one-session': oneSession,
  'bytes-written': bytesWritten,
  resume,
  'first-run': firstRun,
  'validate-plan': validatePlans,
  'plan-tasks': planTasks,
  'plan-speedup': planSpeedup,
  'plan-tokens': planTokens,
  'memory-tokens': memoryTokens,
  'memory-time': memoryTime,
  'artifact-save': artifactSave,
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { full: { type: 'boolean', default: false } },
})
const [name = ''] = positionals
const benchmark = benchmarks[name]
if (benchmark === undefined)
  throw new RangeError(`expected one of ${Object.keys(benchmarks).join(', ')}; found "${name}"`)
const size = values.full ? 'full' : 'small'
const findings = await benchmark(size)
const command = `npm run bench -- ${name}${values.full ? ' --full' : ''}`
const results = { benchmark: name, command, size, at: new Date().toISOString(), machine: machine(), findings }
mkdirSync(new URL('.', resultFile(name)), { recursive: true })
writeFileSync(resultFile(name), `${JSON.stringify(results, null, 2)}\n`)
