/** A worker that takes commands too, like a service: messages of its own, and what it was told of them. */
import { setTimeout as after } from 'node:timers/promises'
import type { Runtime } from 'pawl'
import type { Store } from 'pawl/ports'
import { type Random, randomOf } from './random.ts'
import type { Tells } from './worker-orders.ts'

const PAUSE_MS = 50
/** Each message may reopen a session, and a round has to end. */
const MAX_MESSAGES = 3
/** While it drains. */
const LAST_MESSAGES = 2

export type Speaking = {
  readonly runtime: Runtime
  readonly store: Store
  /** Of the round. */
  readonly seed: string
  readonly isOn: boolean
  readonly tell: (tells: Tells) => void
}

/** `stop` resolves when everything was answered; `isAbrupt`: as in a service that is asked to go, people still come in meanwhile. */
export function speakAtRandom(speaking: Speaking): { stop(isAbrupt: boolean): Promise<void> } {
  if (!speaking.isOn) return { stop: async () => {} }
  const { seed } = speaking
  // Workers of one round say different things.
  const random = randomOf(seed, 'speaker', process.pid)
  let isOn = true
  const speaks = async (): Promise<void> => {
    for (let said = 0; said < MAX_MESSAGES && isOn; said += 1) {
      await after(PAUSE_MS)
      if (isOn) await speak(speaking, random)
    }
  }
  const spoken = speaks()
  let last: Promise<void> | null = null
  const sayLast = async (count: number): Promise<void> => {
    await Promise.all(Array.from({ length: count }, () => speak(speaking, random)))
    await spoken
  }
  return {
    stop: (isAbrupt) => {
      isOn = false
      last ??= sayLast(isAbrupt ? LAST_MESSAGES : 0)
      return last
    },
  }
}

async function speak({ runtime, store, tell }: Speaking, random: Random): Promise<void> {
  const heads = await store.sessions({ limit: 100 })
  if (heads.length === 0) return
  const { sessionId } = random.pick(heads)
  const commandId = `worker/${process.pid}/${random.next()}`
  const origin = { type: 'user', id: 'w1' } as const
  const sent = await runtime.send(
    { sessionId },
    { type: 'send_message', text: 'By the way.', trust: 'user', origin, commandId },
  )
  if (sent.type === 'accepted') tell({ type: 'acknowledged', sessionId, commandId, seq: sent.seq })
}
