/** What ends, or does not begin, without its runtime: in real threads and processes. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { type RunningCall, startIsolated } from '../../src/runtime/isolated/start.ts'
import { eventually } from './wait.ts'

// Processes start slowly on a machine under load.
vi.setConfig({ testTimeout: 60_000 })
const isolations = ['worker', 'process'] as const
const MAX_START_MS = 20_000
const folder = mkdtempSync(join(tmpdir(), 'pawl-bounds-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

type Started = { readonly isolation: 'worker' | 'process'; readonly name: string; readonly input: object }

function start({ isolation, name, input }: Started, spans: Partial<Record<'startWithinMs' | 'endWithinMs', number>>) {
  const signal = new AbortController().signal
  return startIsolated(
    { isolation, module: new URL(`./${name}.ts`, import.meta.url) },
    // The tools of these tests read nothing else of their context, and their inputs are JSON.
    {
      call: 'run',
      input: input as never,
      context: { signal, idempotencyKey: 'k', context: {} } as never,
      memoryBytes: 134_217_728,
      startWithinMs: null,
      endWithinMs: null,
      ...spans,
    },
  )
}

/** Nothing of this thread moves in the meantime. */
const blockFor = (ms: number) => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
const sizeOf = (file: string) => (existsSync(file) ? statSync(file).size : 0)

describe.each(isolations)('in a %s of its own, a call', (isolation) => {
  test('that is ready only after its startBy does not begin', async () => {
    const file = join(folder, `${isolation}-late`)
    const call = start({ isolation, name: 'worker-pay-tool', input: { ms: 100, file } }, { startWithinMs: 1 })
    expect(await call.answer).toEqual({
      type: 'not_started',
      message: expect.stringContaining('`startBy` was over, and did not begin'),
    })
    await call.end()
    expect(existsSync(file)).toBe(false)
  })

  test('is ended when its time is over, while its runtime stands still', async () => {
    const file = join(folder, `${isolation}-over`)
    const spins = isolation === 'process' ? { name: 'worker-spin-tool' } : { name: 'worker-pay-tool' }
    const call: RunningCall = start({ isolation, ...spins, input: { file, ms: 60_000 } }, { endWithinMs: 2_000 })
    expect(await eventually(() => sizeOf(file) > 0 || null, MAX_START_MS)).toBe(true)
    // Its time, and the slack within which its runtime would have ended it.
    blockFor(3_500)
    const before = sizeOf(file)
    blockFor(300)
    expect(sizeOf(file)).toBe(before)
    expect((await call.answer).type).toBe('ended')
  })
})

test.each([
  'worker',
  'process',
])('where no descriptor is left, a call in a %s of its own does not begin', (isolation) => {
  const flags = ['--conditions=pawl-source', '--no-warnings']
  const script = fileURLToPath(new URL('./worker-no-descriptors.ts', import.meta.url))
  const args = ['-c', 'ulimit -n 64; exec "$@"', 'sh', process.execPath, ...flags, script, isolation]
  const told: unknown = JSON.parse(execFileSync('sh', args, { encoding: 'utf8', timeout: 50_000 }))
  // Without a descriptor, and with fewer than a process takes; then with enough, in the same process.
  const refused = { type: 'not_started', message: expect.stringMatching(/EMFILE|ERR_WORKER_INIT_FAILED/) }
  expect(told).toEqual([refused, refused, { type: 'output', output: 'k' }])
})

test('a program given as text is not run again in the process of a tool', () => {
  const starts = new URL('../../src/runtime/isolated/start.ts', import.meta.url).href
  const module = new URL('./worker-tool.ts', import.meta.url).href
  const program = `
    console.log('begun')
    import(${JSON.stringify(starts)}).then(async ({ startIsolated }) => {
      const context = { signal: new AbortController().signal, idempotencyKey: 'k', context: {} }
      const call = { call: 'run', input: { deed: 'key' }, context, memoryBytes: 134217728, startWithinMs: null, endWithinMs: null }
      const { answer } = startIsolated({ isolation: 'process', module: new URL(${JSON.stringify(module)}) }, call)
      console.log((await answer).type)
    })`
  const flags = ['--conditions=pawl-source', '--no-warnings', '--input-type=commonjs', '-e', program]
  expect(execFileSync(process.execPath, flags, { encoding: 'utf8', timeout: 30_000 })).toBe('begun\noutput\n')
})
