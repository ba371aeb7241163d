/** What stands beside `run` in a definition, and policies, when they do wrong. */
import type { Policy } from 'pawl/ports'
import { describe, expect, test } from 'vitest'
import { brokenMembers, schemaThat, untouchable } from './misbehaviour.ts'
import { expectSound } from './sound.ts'
import { inWorld, storeNames, work } from './world.ts'

describe.each(storeNames)('on %s', (store) => {
  describe.each(brokenMembers)('a member that $name', ({ member }) => {
    test.each(['present', 'summarize', 'endsSession'])('as %s is left out, and the output stands', async (name) => {
      await inWorld({ store, tool: work('unsafe', () => 'paid', { [name]: member }) }, async (world) => {
        const sessionId = await world.drive('work')
        const [finished, ...more] = await world.events(sessionId, 'call_finished')
        expect(more).toEqual([])
        expect(finished?.outcome).toEqual({ type: 'ok', output: 'paid' })
        for (const view of ['presented', 'summary', 'ending']) expect(finished).not.toHaveProperty(view)
        await expectSound(world, sessionId)
      })
    })

    test('as the schema of the output is no reason to repeat a write, nor to lose what it answered', async () => {
      const tool = work('idempotent', () => 'paid', { output: schemaThat(member), retries: 3 })
      await inWorld({ store, tool }, async (world) => {
        const sessionId = await world.drive('work')
        const finished = await world.events(sessionId, 'call_finished')
        expect(finished.map(({ outcome }) => outcome)).toEqual([{ type: 'ok', output: 'paid' }])
        expect(JSON.stringify(finished[0]?.presented)).toContain('its output is not what it promises')
        await expectSound(world, sessionId)
      })
    })

    test('as the schema of the input keeps the call from running', async () => {
      let ran = 0
      const tool = work('unsafe', () => (ran += 1), { input: schemaThat(member) })
      await inWorld({ store, tool }, async (world) => {
        const sessionId = await world.drive('work')
        expect(await world.outcomes(sessionId)).toMatchObject([{ type: 'blocked', reason: 'invalid_input' }])
        expect(ran).toBe(0)
        await expectSound(world, sessionId)
      })
    })

    test('as its question keeps the call from running', async () => {
      await inWorld({ store, tool: work('read', () => 1, { asks: member }) }, async (world) => {
        const sessionId = await world.drive('work')
        expect(await world.outcomes(sessionId)).toMatchObject([{ type: 'blocked', reason: 'invalid_input' }])
        await expectSound(world, sessionId)
      })
    })

    test('as a policy denies', async () => {
      let ran = 0
      // A verdict of a test may be anything.
      const odd = { name: 'odd', version: '1', tools: ['work'], check: member } as unknown as Policy
      await inWorld({ store, tool: work('unsafe', () => (ran += 1)), policies: [odd] }, async (world) => {
        const sessionId = await world.drive('work')
        expect(await world.outcomes(sessionId)).toMatchObject([{ type: 'blocked', reason: 'policy_failed' }])
        expect(ran).toBe(0)
        await expectSound(world, sessionId)
      })
    })
  })

  const verdicts: readonly (readonly [string, () => unknown])[] = [
    ['carries a BigInt', () => ({ type: 'allow', more: 1n })],
    [
      'carries itself',
      () =>
        Object.assign(
          { type: 'allow' },
          {
            get more() {
              return this
            },
          },
        ),
    ],
    ['carries what cannot be touched', () => ({ type: 'require_approval', reason: 'large', more: untouchable() })],
    ['has half of a surrogate pair for a reason', () => ({ type: 'deny', reason: 'a\ud800' })],
    ['has more text than an event holds', () => ({ type: 'deny', reason: 'large', message: 'x'.repeat(2_000_000) })],
    [
      'says something else when it is read again',
      () => {
        let reads = 0
        return Object.defineProperty({ reason: 'large' }, 'type', {
          get: () => {
            reads += 1
            return reads < 4 ? 'deny' : 'allow'
          },
        })
      },
    ],
    [
      'throws when it is read again',
      () => {
        let reads = 0
        return Object.defineProperty({ type: 'deny' }, 'reason', {
          get: () => {
            reads += 1
            if (reads > 2) throw new Error('no')
            return 'large'
          },
        })
      },
    ],
  ]
  test.each(verdicts)('a verdict that %s wedges no session', async (_, verdict) => {
    let ran = 0
    // A verdict of a test may be anything.
    const odd = { name: 'odd', version: '1', tools: ['work'], check: verdict } as unknown as Policy
    await inWorld({ store, tool: work('unsafe', () => (ran += 1)), policies: [odd] }, async (world) => {
      const sessionId = await world.drive('work')
      expect(['done', 'blocked(approval)']).toContain(await world.status(sessionId))
      const { live, folded } = await world.states(sessionId)
      expect(live).toBe(folded)
      for (const { event } of await world.log(sessionId)) expect(JSON.stringify(event).length).toBeLessThan(1_048_576)
      expect(world.problems).toEqual([])
      expect(ran).toBe(0)
    })
  })

  test('an output and its views, each as large as it may be, still fit into one event', async () => {
    const view = () => ({ text: 'v'.repeat(262_000) })
    const tool = work('unsafe', () => 'x'.repeat(1_000_000), { present: view, summarize: view })
    await inWorld({ store, tool }, async (world) => {
      const sessionId = await world.drive('work')
      const [finished] = await world.events(sessionId, 'call_finished')
      expect(finished?.outcome.type).toBe('ok')
      expect(JSON.stringify(finished).length).toBeLessThanOrEqual(1_048_576)
      await expectSound(world, sessionId)
    })
  })
})
