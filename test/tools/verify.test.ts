/** `verify` that does wrong: a lost unsafe call is never run again for it, and its session comes to rest. */
import { memoryStore } from 'pawl/stores/memory'
import { describe, expect, test } from 'vitest'
import { anyTool, calls, world } from '../../src/runtime/world.fixture.ts'
import { manualClock, manualEnv } from '../../src/testing/manual-env.ts'
import { brokenMembers, schemaThat, untouchable } from './misbehaviour.ts'

/** The worker of an unsafe call has died; the next one asks `verify`. */
async function verifiedBy(verify: () => unknown, more: object = {}) {
  const clock = manualClock()
  const dead = new Set<string>()
  const store = memoryStore({ now: clock.now })
  let ran = 0
  const run = () => {
    ran += 1
    return new Promise(() => {})
  }
  // A verify of a test may answer anything.
  const tools = [anyTool('pay', 'unsafe', run, { timeoutMs: 1_000, ...more, verify: verify as never })]
  const launch = (holder: string) => {
    const env = manualEnv({ clock, holder, dead })
    return world({ store, env, tools, script: [calls('pay'), 'done'] })
  }
  const sessionId = await launch('p1').start()
  dead.add('p1')
  const next = launch('p2')
  await clock.advance(20_000)
  const finished = await next.find(sessionId, 'call_finished')
  const head = await store.head({ tenant: 'default', sessionId })
  return { finished, status: head?.status, ran, problems: next.problems }
}

describe('a verify', () => {
  test.each(brokenMembers)('that $name leaves the call to people', async ({ member }) => {
    const { finished, status, ran, problems } = await verifiedBy(member)
    expect(finished.map(({ outcome }) => outcome.type)).toEqual(['unknown'])
    expect(status).toBe('blocked(unknown_outcome)')
    expect([ran, problems]).toEqual([1, []])
  })

  const halfAnswers: readonly (readonly [string, () => unknown])[] = [
    ['whose answer is neither yes nor no', () => ({ tookEffect: 'yes' })],
    ['whose message is no text', () => ({ tookEffect: 'unknown', message: { a: 1n } })],
    ['whose message cannot be touched', () => ({ tookEffect: 'unknown', message: untouchable() })],
    ['whose message has no end', () => ({ tookEffect: 'unknown', message: 'x'.repeat(2_000_000) })],
  ]
  test.each(halfAnswers)('%s leaves the call to people', async (_, verify) => {
    const { finished, status, problems } = await verifiedBy(verify)
    expect(finished.map(({ outcome }) => outcome.type)).toEqual(['unknown'])
    expect(JSON.stringify(finished).length).toBeLessThan(10_000)
    expect([status, problems]).toEqual(['blocked(unknown_outcome)', []])
  })

  test.each(
    brokenMembers,
  )('that found the effect, with an output that cannot be recorded ($name), ends it well', async ({ member }) => {
    const { finished, status, problems } = await verifiedBy(() => ({ tookEffect: true, output: { of: member } }))
    expect(finished.map(({ outcome }) => outcome)).toMatchObject([
      { type: 'ok', output: { warning: expect.stringContaining('it took effect') } },
    ])
    expect([status, problems]).toEqual(['done', []])
  })

  test.each(brokenMembers)('that found the effect ends it well, also where the schema of the output $name', async ({
    member,
  }) => {
    const verify = () => ({ tookEffect: true, output: 'paid' })
    const { finished, status, problems } = await verifiedBy(verify, { output: schemaThat(member) })
    expect(finished.map(({ outcome }) => outcome)).toEqual([{ type: 'ok', output: 'paid' }])
    expect([status, problems]).toEqual(['done', []])
  })
})
