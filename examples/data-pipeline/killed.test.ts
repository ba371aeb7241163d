/** kill -9 in the middle of the pipeline, in a real process; then `main.ts` is started as anybody would. */
import { execFileSync, spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createRuntime, type PawlEvent } from 'pawl'
import { sqliteStore } from 'pawl/stores/sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { expectedCsv } from './expected.fixture.ts'

const here = (file: string) => fileURLToPath(new URL(file, import.meta.url))
const flags = ['--conditions=pawl-source', '--no-warnings']

function newFolder(): string {
  const temporary = here('../../.tmp/')
  mkdirSync(temporary, { recursive: true })
  const folder = mkdtempSync(join(temporary, 'pipeline-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  mkdirSync(join(folder, '.pawl'))
  copyFileSync(here('commits.csv'), join(folder, 'commits.csv'))
  return folder
}

const dyingIn = (folder: string, moment: string) =>
  spawnSync(process.execPath, [...flags, here('dying.ts'), folder, moment], { encoding: 'utf8' })

const startedIn = (folder: string) =>
  execFileSync(
    process.execPath,
    [...flags, here('main.ts'), '--folder', folder, '--name', 'killed', '--target', 'clean.csv'],
    { encoding: 'utf8' },
  )

/** How often each call was begun, by tool and input, as the log of the one session has it. */
async function begunIn(folder: string) {
  const store = sqliteStore(join(folder, '.pawl/pawl.db'))
  onTestFinished(() => store.close())
  const runtime = createRuntime({ store, agents: [], engine: null })
  const [head, ...others] = await store.sessions({ limit: 10 })
  expect(others).toEqual([])
  const events: PawlEvent[] = []
  for await (const item of runtime.watch(head ?? { sessionId: '' }, { until: 'rest' }))
    if (item.type === 'event') events.push(item.event)
  const begun = new Map<string, number>()
  const tasks = new Map<string, string>()
  for (const event of events) {
    if (event.type === 'task_started' && event.callId !== undefined) tasks.set(event.callId, event.taskId)
    if (event.type !== 'call_started') continue
    const taskId = tasks.get(event.callId) ?? event.callId
    begun.set(taskId, (begun.get(taskId) ?? 0) + 1)
  }
  return begun
}

const expectedSummary = 'done 72 rows were read, 8 were left out, 64 were written.'

test.each([
  { moment: 'in the third batch', isThere: false, again: ['transform/'] },
  { moment: 'in the last batch', isThere: false, again: ['transform/'] },
  { moment: 'before the write', isThere: false, again: ['write'] },
  { moment: 'after the write', isThere: true, again: [] },
])('killed $moment, a second start goes on and writes each row once', { timeout: 60_000 }, async ({
  moment,
  isThere,
  again,
}) => {
  const folder = newFolder()
  const died = dyingIn(folder, moment)
  expect([died.signal, died.stderr]).toEqual(['SIGKILL', ''])
  expect(existsSync(join(folder, 'clean.csv'))).toBe(isThere)
  const said = startedIn(folder)
  expect(said).toContain(expectedSummary)
  expect(readFileSync(join(folder, 'clean.csv'), 'utf8')).toBe(expectedCsv(here('commits.csv')))
  const begun = await begunIn(folder)
  const repeated = [...begun].filter(([, times]) => times > 1).map(([taskId]) => taskId)
  expect(repeated.length > 0).toBe(again.length > 0)
  for (const taskId of repeated) expect(again.some((prefix) => taskId.startsWith(prefix))).toBe(true)
})

test('not killed, a second start tells what came of it, and runs nothing again', { timeout: 60_000 }, async () => {
  const folder = newFolder()
  const first = startedIn(folder)
  const text = readFileSync(join(folder, 'clean.csv'), 'utf8')
  rmSync(join(folder, 'clean.csv'))
  expect(startedIn(folder)).toBe(first)
  expect(existsSync(join(folder, 'clean.csv'))).toBe(false)
  expect(text).toBe(expectedCsv(here('commits.csv')))
  expect(Math.max(...(await begunIn(folder)).values())).toBe(1)
})
