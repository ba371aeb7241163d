import { expect, test, vi } from 'vitest'
import { embedded } from '../engines/embedded.ts'
import { memoryStore } from '../stores/memory.ts'
import { manualEnv } from '../testing/manual-env.ts'
import { buildRuntime } from './runtime.ts'
import { wiring } from './wiring.ts'
import { clerk } from './world.fixture.ts'

test('whatever fails while a problem is reported, sessions go on, and nothing is said that was not redacted', async () => {
  const env = manualEnv()
  const store = memoryStore({ now: env.now })
  let failures = 0
  const failing = {
    ...store,
    claim: async (...given: Parameters<typeof store.claim>) => {
      failures += 1
      if (failures === 1) throw new Error('hunter2-hunter2')
      return store.claim(...given)
    },
  }
  const fail = () => {
    throw new Error('hunter2-hunter2')
  }
  const said = vi.spyOn(console, 'error').mockImplementation(fail)
  try {
    const options = { store: failing, agents: [clerk()], env, engine: embedded(), onProblem: fail }
    const runtime = buildRuntime(options, { ...wiring, redaction: { ...wiring.redaction, problem: fail } })
    const started = await runtime.start('clerk', { message: 'hello' })
    await env.advance(60_000)
    expect(await runtime.result(started)).toMatchObject({ text: 'done' })
    expect(failures).toBeGreaterThan(1)
    expect(said).toHaveBeenCalled()
    expect(said.mock.calls.join()).not.toContain('hunter2')
  } finally {
    said.mockRestore()
  }
})
