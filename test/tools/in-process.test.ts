import { describe, expect, test, vi } from 'vitest'
import { failing, harmless, unreadable } from './misbehaviour.ts'
import { expectSound } from './sound.ts'
import { effects, inWorld, storeNames, work } from './world.ts'

describe.each(storeNames)('a tool inside the runtime, on %s', (store) => {
  describe.each(effects)('that is %s', (effect) => {
    test.each(failing)('and $name: the call failed, and unsafe is unknown', async ({ run, says }) => {
      await inWorld({ store, tool: work(effect, run as never) }, async (world) => {
        const sessionId = await world.drive('work')
        const isUnsafe = effect === 'unsafe'
        expect(await world.outcomes(sessionId)).toEqual([
          { type: isUnsafe ? 'unknown' : 'retryable_error', message: says },
        ])
        await expectSound(world, sessionId, isUnsafe ? 'blocked(unknown_outcome)' : 'done')
      })
    })

    test.each(unreadable)('and answers $name: an error of a read, no reason to repeat a write', async ({
      run,
      says,
    }) => {
      await inWorld({ store, tool: work(effect, run as never, { retries: 3 }) }, async (world) => {
        const sessionId = await world.drive('work')
        const outcomes = await world.outcomes(sessionId)
        expect(outcomes.length).toBe(1)
        expect(outcomes[0]).toMatchObject(
          effect === 'read'
            ? { type: 'terminal_error', message: expect.stringContaining('its output cannot be recorded: ') }
            : {
                type: 'ok',
                output: { warning: expect.stringContaining('it took effect, but its output cannot be recorded: ') },
              },
        )
        expect(JSON.stringify(outcomes[0])).toContain(says)
        await expectSound(world, sessionId, 'done')
      })
    })

    test.each(harmless)('and $name: taken as it is', async ({ run, output }) => {
      await inWorld({ store, tool: work(effect, run as never) }, async (world) => {
        const sessionId = await world.drive('work')
        expect(await world.outcomes(sessionId)).toEqual([{ type: 'ok', output }])
        await expectSound(world, sessionId, 'done')
      })
    })

    test('and answers after it was given up: what it said is noted once, and no model is ever told', async () => {
      const late = Promise.withResolvers<unknown>()
      await inWorld({ store, tool: work(effect, () => late.promise) }, async (world) => {
        const sessionId = await world.drive('work')
        late.resolve({ said: 'too late for anybody' })
        await world.pass(500)
        expect(await world.events(sessionId, 'late_outcome_noted')).toMatchObject([
          { callId: 'c1', outcome: { type: 'ok', output: { said: 'too late for anybody' } } },
        ])
        const [outcome] = await world.outcomes(sessionId)
        expect(outcome?.type).toBe(effect === 'unsafe' ? 'unknown' : 'retryable_error')
        expect(world.prompts.join()).not.toContain('too late')
        await world.runtime.send({ sessionId }, { type: 'cancel', by: 'ada' })
        await world.pass(500)
        expect(world.prompts.join()).not.toContain('too late')
      })
    })
  })

  test('that answers 50 MB leaves a preview, and the same worker goes on', async () => {
    const large = { text: 'ä'.repeat(25_000_000) }
    await inWorld({ store, tool: work('unsafe', () => large) }, async (world) => {
      const sessionId = await world.drive('work')
      // The file that keeps it is written in real time, which the clock of this world knows nothing of.
      await vi.waitFor(async () => {
        await world.pass(1)
        expect(await world.status(sessionId)).toBe('done')
      }, 15_000)
      expect(await world.outcomes(sessionId)).toMatchObject([
        { type: 'ok', output: { artifact: expect.any(String), bytes: 50_000_011 } },
      ])
      await expectSound(world, sessionId, 'done')
    })
  })
})
