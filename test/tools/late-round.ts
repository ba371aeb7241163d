/** A tool that was given up, and answers then: it is noted, and the model is never told. */
import type { Store } from 'pawl/ports'
import { effects, inWorld, work } from './world.ts'

const SAID = 'too late for anybody'

export async function lateRound(isFed: boolean): Promise<readonly string[]> {
  const violations: string[] = []
  for (const effect of effects) {
    const late = Promise.withResolvers<unknown>()
    const plant = isFed ? { plant: feeding } : {}
    await inWorld({ store: 'memory', tool: work(effect, () => late.promise), ...plant }, async (world) => {
      const sessionId = await world.drive('work')
      late.resolve({ said: SAID })
      await world.pass(2_000)
      if (world.prompts.some((prompt) => prompt.includes(SAID)))
        violations.push(`told: the model was told what a ${effect} said late`)
      const isNoted = (await world.events(sessionId, 'late_outcome_noted')).length === 1
      if (!isFed && !isNoted) violations.push(`noted: what a ${effect} said late was not noted once`)
    })
  }
  return violations
}

/** A late outcome comes into the log as if somebody had said it. */
function feeding(store: Store): Store {
  return {
    ...store,
    appendUnconditionally: (append) => {
      if (append.event.kind !== 'late_outcome_noted') return store.appendUnconditionally(append)
      const body = {
        messageId: 'late',
        text: append.event.body,
        trust: 'tool',
        origin: { type: 'user' },
        commandId: 'late',
      }
      const event = { ...append.event, kind: 'message_received', body: JSON.stringify(body) }
      return store.appendUnconditionally({ ...append, event, gateAfter: 'open', wake: true })
    },
  }
}
