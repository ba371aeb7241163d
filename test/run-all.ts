import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { proofs } from './prove/proofs.ts'
import { type AllowedSkips, refuseSkips } from './run/skips.ts'
import { type Counts, runStage, type Stage } from './run/stage.ts'

/** Everything that `npm test` runs, in order. A new stage is a line here, a new proof a line in `test/prove/proofs.ts`. */
const stages: readonly Stage[] = [
  { name: 'lint', command: ['biome', 'check', '--error-on-warnings', '.'], report: 'exit-code' },
  { name: 'types', command: ['tsc', '-p', 'tsconfig.json'], report: 'exit-code' },
  { name: 'unused code', command: ['knip'], report: 'exit-code' },
  { name: 'build', command: ['npm', 'run', 'build'], report: 'exit-code' },
  { name: 'package', command: ['node', 'test/package/check-package.ts'], report: 'exit-code' },
  { name: 'tidy', command: ['vitest', 'run', 'test/tidy.test.ts'], report: 'vitest' },
  { name: 'tests', command: ['vitest', 'run', '--exclude=test/tidy.test.ts'], report: 'vitest' },
  ...proofs.filter(({ isWide }) => isWide).map(({ name }) => proofStage(name)),
]

/** Proofs that keep one core busy, or wait: two at a time, each shown when it is done. */
const narrow = proofs.filter(({ isWide }) => !isWide).map(({ name }) => proofStage(name))
const LANES = 2

const root = fileURLToPath(new URL('..', import.meta.url))
const realInputFolder = process.env['PAWL_DATA'] ?? join(root, '..', 'shared', 'data')

// Stages run in groups of their own: they end with this process, by its `exit`.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130))

const results: { readonly stage: Stage; readonly counts: Counts }[] = []
for (const stage of stages) {
  console.log(`\n${title(stage)}`)
  results.push({ stage, counts: await runStage(stage, root, (text) => process.stdout.write(text)) })
}
await Promise.all(Array.from({ length: LANES }, runNarrow))

const skipped = results.flatMap(({ counts }) => counts.skipped)
const refused = refuseSkips(skipped, {
  allowed: readAllowedSkips(),
  hasRealInput: existsSync(realInputFolder),
})
const passed = results.reduce((sum, { counts }) => sum + counts.passed, 0)
const failed = results.reduce((sum, { counts }) => sum + counts.failed, 0) + refused.length

console.log()
for (const { stage, counts } of results) {
  const { passed, failed, skipped } = counts
  console.log(
    `${failed === 0 ? 'ok  ' : 'FAIL'} ${stage.name}: ${passed} passed, ${failed} failed, ${skipped.length} skipped`,
  )
}
for (const name of skipped) console.log(`skipped: ${name}`)
for (const refusal of refused) console.log(`FAIL ${refusal}`)
console.log(`${passed} passed, ${failed} failed, ${skipped.length - refused.length} skipped`)
process.exitCode = failed === 0 ? 0 : 1

function readAllowedSkips(): AllowedSkips {
  // The list is ours: a flat object of name and reason, as test/run/skips.ts describes it.
  return JSON.parse(readFileSync(join(root, 'test', 'allowed-skips.json'), 'utf8')) as AllowedSkips
}

async function runNarrow(): Promise<void> {
  for (let stage = narrow.shift(); stage !== undefined; stage = narrow.shift()) {
    let output = ''
    const counts = await runStage(stage, root, (text) => {
      output += text
    })
    console.log(`\n${title(stage)}\n${output.trimEnd()}`)
    results.push({ stage, counts })
  }
}

function title({ name, command }: Stage): string {
  return `== ${name}: ${command.join(' ')}`
}

function proofStage(name: string): Stage {
  const flags = ['--conditions=pawl-source', '--no-warnings', '--expose-gc']
  return { name, command: ['node', ...flags, `test/${name}/main.ts`], report: 'summary' }
}
