import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/**
 * One stage of `npm test`. How it reports:
 * - `exit-code`: one check, passed where the command ends with 0;
 * - `vitest`: by Vitest's JSON reporter;
 * - `summary`: its last line is `N passed, N failed, N skipped`, and each skip has a line `skipped: <name>`.
 */
export type Stage = {
  readonly name: string
  readonly command: readonly [program: string, ...rest: string[]]
  readonly report: 'exit-code' | 'vitest' | 'summary'
  /** Killed after this long, with all that it has started; `MAX_STAGE_MS` by default. */
  readonly maxMs?: number
}

/** A stage that hangs is a failure, not a wait without end. */
const MAX_STAGE_MS = 8 * 60_000
/** Between the end of a stage and the end of its output. */
const MAX_LAST_OUTPUT_MS = 5_000

/** Shows a piece of a stage's output. */
export type Show = (text: string) => void

/** What a stage came to; `skipped` holds the names of the tests that did not run. */
export type Counts = {
  readonly passed: number
  readonly failed: number
  readonly skipped: readonly string[]
}

/** Runs a stage without stdin; `show` gets its output as it comes. */
export async function runStage(stage: Stage, root: string, show: Show): Promise<Counts> {
  const reportFile = join(root, '.tmp', `${stage.name.replaceAll(/\W+/g, '-')}.json`)
  mkdirSync(join(root, '.tmp'), { recursive: true })
  rmSync(reportFile, { force: true })
  const [program, ...given] = stage.command
  const rest =
    stage.report === 'vitest'
      ? [...given, '--reporter=dot', '--reporter=json', `--outputFile.json=${reportFile}`]
      : given
  const { exitCode, output } = await runCommand({ ...stage, command: [program, ...rest] }, root, show)
  if (stage.report === 'exit-code') return readExitCode(exitCode)
  if (stage.report === 'summary') return readSummary(exitCode, output)
  return existsSync(reportFile) ? readVitest(exitCode, readFileSync(reportFile, 'utf8')) : readExitCode(1)
}

/** One check: passed where the command ended with 0. */
export function readExitCode(exitCode: number): Counts {
  return { passed: exitCode === 0 ? 1 : 0, failed: exitCode === 0 ? 0 : 1, skipped: [] }
}

/** The last line `N passed, N failed, N skipped`; without it, with unnamed skips, or where nothing ran, the stage failed. */
export function readSummary(exitCode: number, output: string): Counts {
  const lines = output.trimEnd().split('\n')
  const last = /^(\d+) passed, (\d+) failed, (\d+) skipped$/.exec(lines.at(-1)?.trim() ?? '')
  if (!last) return readExitCode(1)
  const [passed, failed, skips] = last.slice(1).map(Number)
  const skipped = lines.filter((line) => line.startsWith('skipped: ')).map((line) => line.slice(9).trim())
  const counts = { passed: passed ?? 0, failed: failed ?? 0, skipped }
  const hasRun = counts.passed + counts.failed + skipped.length > 0
  return atLeastOneFailed(skips === skipped.length && hasRun ? exitCode : 1, counts)
}

type VitestTest = { readonly fullName: string; readonly status: string }
type VitestFile = {
  readonly name: string
  readonly status: string
  readonly assertionResults: readonly VitestTest[]
}

/** Vitest's JSON report; a file that could not be loaded counts as one failure, as does an error outside a test. */
export function readVitest(exitCode: number, report: string): Counts {
  // The report is written by the pinned Vitest; test/run/stage.test.ts runs it for real.
  const { testResults } = JSON.parse(report) as { readonly testResults: readonly VitestFile[] }
  const tests = testResults.flatMap((file) => file.assertionResults)
  const unloaded = testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((one) => one.status === 'failed'),
  )
  const passed = tests.filter((one) => one.status === 'passed').length
  const failed = tests.filter((one) => one.status === 'failed').length + unloaded.length
  const skipped = tests
    .filter((one) => one.status !== 'passed' && one.status !== 'failed')
    .map((one) => one.fullName.trim())
  if (passed + failed + skipped.length === 0) return readExitCode(1)
  return atLeastOneFailed(exitCode, { passed, failed, skipped })
}

/** A command that ended badly never counts as clean, whatever it said before. */
function atLeastOneFailed(exitCode: number, counts: Counts): Counts {
  return exitCode !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts
}

function runCommand(
  { command: [program, ...rest], maxMs = MAX_STAGE_MS }: Stage,
  root: string,
  show: Show,
): Promise<{ readonly exitCode: number; readonly output: string }> {
  const { promise, resolve } = Promise.withResolvers<{ exitCode: number; output: string }>()
  // node_modules/.bin holds the tools, and the Node that the package brings along.
  const path = [join(root, 'node_modules', '.bin'), process.env['PATH'] ?? ''].join(delimiter)
  const isWindows = process.platform === 'win32'
  const child = spawn(program, rest, {
    cwd: root,
    // Hundreds of processes read the same sources: half of what each takes to start is making JavaScript of them.
    env: { ...process.env, PATH: path, NODE_COMPILE_CACHE: join(root, '.tmp', 'compile-cache') },
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: isWindows,
    // A group of its own, so that what it has started ends with it.
    detached: !isWindows,
  })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
    show(text)
  })
  child.stderr.setEncoding('utf8').on('data', show)
  const end = () => killGroup(child)
  const limit = setTimeout(() => {
    show(`\nexpected the stage to end within ${maxMs / 1_000} s; it was killed\n`)
    end()
  }, maxMs)
  process.once('exit', end)
  let lastOutput: NodeJS.Timeout | undefined
  let isOver = false
  const ended = (exitCode: number, said: string) => {
    if (isOver) return
    isOver = true
    clearTimeout(limit)
    clearTimeout(lastOutput)
    process.off('exit', end)
    // What it has left running.
    end()
    // Who has left its group may hold them open for as long as it likes.
    child.stdout.destroy()
    child.stderr.destroy()
    resolve({ exitCode, output: said })
  }
  child.on('error', (error) => ended(1, String(error)))
  child.on('close', (code) => ended(code ?? 1, output))
  // What it has left running may hold its output open until it is ended.
  child.on('exit', (code) => {
    lastOutput = setTimeout(() => ended(code ?? 1, output), MAX_LAST_OUTPUT_MS)
  })
  return promise
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL')
  } catch {
    // It has ended already.
  }
}
