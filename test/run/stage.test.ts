import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { readExitCode, readSummary, readVitest, runStage, type Stage } from './stage.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
mkdirSync(join(root, '.tmp'), { recursive: true })
const folder = mkdtempSync(join(root, '.tmp', 'stage-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const quiet = (): void => {}

/** What was killed may stay in the table until somebody asks for its exit code. */
function isRunning(pid: number): boolean {
  const file = `/proc/${pid}/stat`
  return existsSync(file) && !/\) [ZX] /.test(readFileSync(file, 'utf8'))
}

/** By the process id that a stage has said. */
async function expectEnded(said: string): Promise<void> {
  const pid = Number.parseInt(said, 10)
  expect(pid).toBeGreaterThan(0)
  await expect.poll(() => isRunning(pid)).toBe(false)
}

function nodeStage(report: Stage['report'], code: string): Stage {
  return { name: `planted ${report}`, command: ['node', '-e', code], report }
}

describe('a stage that reports by its exit code', () => {
  test('counts one passed or one failed check', () => {
    expect(readExitCode(0)).toEqual({ passed: 1, failed: 0, skipped: [] })
    expect(readExitCode(3)).toEqual({ passed: 0, failed: 1, skipped: [] })
  })
  test('fails when its program cannot be started', async () => {
    const stage: Stage = { name: 'absent', command: ['no-such-program-here'], report: 'exit-code' }
    expect(await runStage(stage, root, quiet)).toEqual({ passed: 0, failed: 1, skipped: [] })
  })
  test('fails when it hangs, and what it has started ends with it', async () => {
    const code =
      "const { pid } = require('node:child_process').spawn('sleep', ['300'], { stdio: 'inherit' }); console.log(pid); setInterval(() => {}, 1000)"
    let said = ''
    const counts = await runStage({ ...nodeStage('exit-code', code), maxMs: 4_000 }, root, (text) => {
      said += text
    })
    expect(counts).toEqual({ passed: 0, failed: 1, skipped: [] })
    await expectEnded(said)
  }, 30_000)
})

describe('a stage that ends', () => {
  test.each(['inherit', 'ignore'])('ends what it has left running, its output: %s', async (stdio) => {
    const code = `const { pid } = require('node:child_process').spawn('sleep', ['300'], { stdio: '${stdio}' }); console.log(pid); process.exit(0)`
    let said = ''
    const counts = await runStage(nodeStage('exit-code', code), root, (text) => {
      said += text
    })
    expect(counts).toEqual({ passed: 1, failed: 0, skipped: [] })
    await expectEnded(said)
  }, 30_000)
  test('does not keep the process of who has run it, whatever holds its output', async () => {
    const held = `const { pid } = require('node:child_process').spawn('sleep', ['300'], { detached: true, stdio: 'inherit' }); console.log(pid); process.exit(0)`
    const stage = JSON.stringify(nodeStage('exit-code', held))
    const address = new URL('./stage.ts', import.meta.url).href
    const program = `const { runStage } = await import('${address}'); await runStage(${stage}, ${JSON.stringify(root)}, (text) => process.stdout.write(text))`
    const runner = ['--no-warnings', '--input-type=module', '-e', program]
    const { error, stdout } = await new Promise<{ error: unknown; stdout: string }>((resolve) => {
      execFile(process.execPath, runner, { timeout: 20_000 }, (error, stdout) => resolve({ error, stdout }))
    })
    const pid = Number.parseInt(stdout, 10)
    expect(pid).toBeGreaterThan(0)
    process.kill(pid)
    expect(error).toBeNull()
  }, 30_000)
})

describe('a stage that reports by its last line', () => {
  test('is counted by that line, its skips by name', async () => {
    const stage = nodeStage('summary', "console.log('skipped: a b\\n3 passed, 0 failed, 1 skipped')")
    expect(await runStage(stage, root, quiet)).toEqual({ passed: 3, failed: 0, skipped: ['a b'] })
  })
  test('fails when the line is missing, a skip is unnamed, or the command ended badly', () => {
    expect(readSummary(0, 'all is well').failed).toBe(1)
    expect(readSummary(0, '3 passed, 0 failed, 1 skipped').failed).toBe(1)
    expect(readSummary(1, '3 passed, 0 failed, 0 skipped').failed).toBe(1)
  })
  test('fails when nothing ran, or a named skip is not counted', () => {
    expect(readSummary(0, '0 passed, 0 failed, 0 skipped').failed).toBe(1)
    expect(readSummary(0, 'skipped: a\n3 passed, 0 failed, 0 skipped').failed).toBe(1)
  })
})

describe('a stage that reports by Vitest', () => {
  test('counts passed, failed, skipped and unloadable files of a real run', async () => {
    writeFileSync(
      join(folder, 'planted.test.ts'),
      "import { expect, test } from 'vitest'\ntest('a', () => {})\ntest('b', () => expect(1).toBe(2))\ntest.skip('c', () => {})\ntest.todo('d')\n",
    )
    writeFileSync(join(folder, 'unloadable.test.ts'), "import './absent.ts'\n")
    const stage: Stage = {
      name: 'planted vitest',
      command: ['vitest', 'run', `--root=${folder}`],
      report: 'vitest',
    }
    expect(await runStage(stage, root, quiet)).toEqual({ passed: 1, failed: 2, skipped: ['c', 'd'] })
  }, 60_000)
  test('fails when nothing ran, or an error outside a test ended it', () => {
    const passed = { name: 'a', status: 'passed', assertionResults: [{ fullName: 'a', status: 'passed' }] }
    expect(readVitest(0, JSON.stringify({ testResults: [] })).failed).toBe(1)
    expect(readVitest(1, JSON.stringify({ testResults: [passed] }))).toEqual({
      passed: 1,
      failed: 1,
      skipped: [],
    })
  })
})
