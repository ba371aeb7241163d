/** Bugs of the runtime that the kill test has found, each as small as it can be. */
import { agent, createRuntime, tool } from 'pawl'
import { FORMAT } from 'pawl/core'
import { scripted } from 'pawl/models/scripted'
import { requireApproval } from 'pawl/policies'
import type { Store } from 'pawl/ports'
import { memoryStore } from 'pawl/stores/memory'
import { expect, test } from 'vitest'
import { numberSchema } from './number-schema.ts'

const ref = { tenant: 'default', sessionId: 's1' }
const helper = agent({ name: 'helper', instructions: 'Help.', model: scripted(() => 'Done.') })
const message = { type: 'send_message', text: 'Go on.', trust: 'user', origin: { type: 'user' } } as const

/** Seed hunt-205. A session whose claims have died three times, the last time alone. */
async function poisoned(): Promise<Store> {
  let now = 1_000_000
  const store = memoryStore({ now: () => now })
  await createRuntime({ store, agents: [helper], engine: null }).start('helper', { ...ref, message: 'Help me.' })
  for (const alone of [false, false, true]) {
    const workerId = `w${now}`
    await store.enlist({ workerId, holder: '{}', leaseMs: 10 })
    await store.claim(ref, { workerId, format: FORMAT, deadWorkers: [], alone })
    now += 100
  }
  return store
}

/** Somebody writes once, at the moment `when`. */
function interrupted(
  store: Store,
  when: 'before the park' | 'before the release',
  write: () => Promise<unknown>,
): Store {
  let hasWritten = false
  const writeOnce = async (): Promise<void> => {
    if (hasWritten) return
    hasWritten = true
    await write()
  }
  return {
    ...store,
    append: async (append) => {
      if (when === 'before the park') await writeOnce()
      return store.append(append)
    },
    release: async (session, release) => {
      if (when === 'before the release') await writeOnce()
      return store.release(session, release)
    },
  }
}

test('a late outcome at the moment of the park does not leave the session running with nobody to drive it', async () => {
  const store = await poisoned()
  const body = { callId: 'c1', attempt: 1, outcome: { type: 'cancelled' }, trust: 'tool' }
  const event = { kind: 'late_outcome_noted', format: FORMAT, body: JSON.stringify(body) }
  const note = () => store.appendUnconditionally({ ref, event, gates: ['open'], wake: false })
  const runtime = createRuntime({ store: interrupted(store, 'before the park', note), agents: [helper] })
  expect((await runtime.result(ref)).status).toEqual({ type: 'blocked', reason: 'poison' })
  await runtime.stop()
})

test.each([
  'before the park',
  'before the release',
] as const)('a message %s is not lost: the session goes on, at the latest with the next one', async (when) => {
  const store = await poisoned()
  const people = createRuntime({ store, agents: [helper], engine: null })
  const runtime = createRuntime({ store: interrupted(store, when, () => people.send(ref, message)), agents: [helper] })
  const { status } = await runtime.result(ref)
  if (when === 'before the park') {
    expect(status).toEqual({ type: 'blocked', reason: 'poison' })
    await runtime.send(ref, message)
  }
  await expect.poll(async () => (await runtime.result(ref)).status.type).toBe('done')
  await runtime.stop()
})

test('a result that is asked for right after a message to a blocked session lets the driver come to its turn', async () => {
  const pay = tool({ name: 'pay', description: 'Pays.', effect: 'unsafe', input: numberSchema, run: () => 1 })
  const script = [{ calls: [{ tool: 'pay', input: { n: 1 } }] }, 'Done.']
  const policies = [requireApproval({ tools: ['pay'], reason: 'money' })]
  const clerk = agent({ name: 'clerk', instructions: 'Pay.', model: scripted(script), tools: [pay], policies })
  const runtime = createRuntime({ store: memoryStore(), agents: [clerk] })
  const session = await runtime.start('clerk', { message: 'Pay him.' })
  const before = await runtime.result(session)
  await runtime.send(session, message)
  const after = await runtime.result(session)
  expect([before.status, after.status]).toEqual(Array(2).fill({ type: 'blocked', reason: 'approval' }))
  expect(after.version).toBeGreaterThan(before.version)
  await runtime.stop()
})
