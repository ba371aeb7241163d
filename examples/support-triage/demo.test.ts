import { execFileSync } from 'node:child_process'
import { readdirSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'

const script = fileURLToPath(new URL('./demo.ts', import.meta.url))
const project = fileURLToPath(new URL('../../', import.meta.url))
const folder = `${project}.tmp/demo-test-${process.pid}`

/** The demo as its own process, without a terminal and without keys. */
function runDemo(...flags: readonly string[]): string {
  const parameters = ['--conditions=pawl-source', script, '--folder', folder, ...flags]
  const env = { PATH: process.env['PATH'], NO_COLOR: '1', NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] }
  return execFileSync(process.execPath, parameters, { cwd: project, env, encoding: 'utf8', timeout: 60_000 })
}

let said = ''
beforeAll(() => {
  said = runDemo('--yes')
}, 60_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The part of the demo under a title. */
function part(number: number): string {
  return said.split(/^ {2}\d\. /m)[number] ?? ''
}

test('the demo says that its model is scripted', () => {
  expect(said).toContain('scripted/support-triage')
})

test('a double charge under the threshold ends with a case', () => {
  expect(part(1)).toContain('ended       case opened: RC-1002')
  expect(part(1)).not.toContain('held')
})

test('one over the threshold shows what is asked of whom and why, and goes on when approved', () => {
  const told = part(2)
  expect(told).toContain('■ open_refund_case        held: refund_threshold_exceeded')
  expect(told).toContain('what        open_refund_case { accountId: acct_1002, amountUsd: 480')
  expect(told).toContain('whom        a billing lead, and not accounts@northgate.example')
  expect(told).toContain('why         refund_threshold_exceeded: 480.00 USD is over 250 USD')
  expect(told).toContain('reviewer    maria@fernpost.example: approved')
  expect(told).toContain('ended       case opened: RC-1003')
})

test('a worker killed in the middle of a refund leaves one case, not two, at either moment', () => {
  const told = part(3)
  expect(told.match(/kill -9 +process \d+ is dead/g)).toHaveLength(2)
  expect(told).toContain('the tool verified that nothing took effect')
  expect(told).toContain('found by verify, not run again')
  expect(told.match(/counted +✓ cases 1 \(RC-1002\)/g)).toHaveLength(2)
})

test('it ends with the commands that look at the killed session', () => {
  for (const command of ['trace', 'why', 'approvals', 'verify', 'doctor']) {
    expect(said).toMatch(new RegExp(`^ {2}npm run pawl -- ${command}.* --config .+pawl\\.config\\.ts$`, 'm'))
  }
})

test('it runs again over what it left, and asks nobody where there is no terminal', () => {
  expect(readdirSync(folder)).toContain('sessions.db')
  expect(runDemo()).toContain('there is no terminal to ask at')
}, 60_000)
