/** `verify` of a tool beside the runtime: a call was lost with its worker, and its module is asked. */
import { tool } from 'pawl'
import type { AnyTool } from 'pawl/ports'
import { memoryStore } from 'pawl/stores/memory'
import { describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { anyTool, calls, world } from '../../src/runtime/world.fixture.ts'
import { manualClock, manualEnv } from '../../src/testing/manual-env.ts'
import { eventually } from './wait.ts'

vi.setConfig({ testTimeout: 60_000 })
const MAX_ANSWER_MS = 20_000
const moduleOf = (name: string) => new URL(`./${name}.ts`, import.meta.url)

function beside(isolation: 'worker' | 'process', module: string): AnyTool {
  const terms = { name: 'pay', description: 'Pays.', effect: 'unsafe', input: z.looseObject({}) } as const
  return tool({ ...terms, isolation, module: moduleOf(module) })
}

/** The call began in the first process, which is dead; the second asks the module. */
async function found(isolated: AnyTool, answer: string) {
  const clock = manualClock()
  const dead = new Set<string>()
  const store = memoryStore({ now: clock.now })
  const launch = (holder: string, pay: AnyTool) => {
    const env = manualEnv({ clock, holder, dead })
    return world({ store, env, tools: [pay], script: [calls('pay'), 'done'] })
  }
  const first = launch(
    'p1',
    anyTool('pay', 'unsafe', () => new Promise(() => {}), { verify: () => ({ tookEffect: 'unknown' }) }),
  )
  const sessionId = await first.start({ context: { verify: answer } })
  dead.add('p1')
  const second = launch('p2', isolated)
  await clock.advance(1_000)
  const finished = await eventually(async () => {
    await clock.settle()
    return (await second.find(sessionId, 'call_finished'))[0] ?? null
  }, MAX_ANSWER_MS)
  return { finished, key: `${sessionId}/c1`, problems: second.problems }
}

describe.each(['worker', 'process'] as const)('asked in a %s of its own, a module', (isolation) => {
  test('that found the effect ends the call with its output', async () => {
    const { finished, problems } = await found(beside(isolation, 'worker-tool'), 'yes')
    expect(finished).toMatchObject({ verified: true, outcome: { type: 'ok', output: { key: expect.any(String) } } })
    expect(problems).toEqual([])
  })

  test('that found none makes it safe to repeat', async () => {
    const { finished } = await found(beside(isolation, 'worker-tool'), 'no')
    expect(finished).toMatchObject({ verified: true, outcome: { type: 'retryable_error' }, tookEffect: false })
  })

  test.each([
    ['that cannot tell', 'worker-tool', 'unsure', 'cannot tell'],
    ['that exits', 'worker-tool', 'exit', 'verify failed: its'],
    ['that has no verify', 'worker-empty-tool', 'yes', 'exports no verify'],
    ['that cannot be loaded', 'worker-broken-tool', 'yes', 'cannot be loaded'],
  ])('%s leaves the call to people', async (_, module, answer, says) => {
    const { finished } = await found(beside(isolation, module), answer)
    expect(finished?.outcome).toEqual({ type: 'unknown', message: expect.stringContaining(says) })
  })
})
