import { expect, test } from 'vitest'
import type { EngineHost, SessionRef } from '../ports/index.ts'
import { memoryStore } from '../stores/memory.ts'
import { manualEnv } from '../testing/manual-env.ts'
import { embedded } from './embedded.ts'

const ref = (sessionId: string): SessionRef => ({ tenant: 'default', sessionId })

test('sessions that need a process of their own get one after the other, and others do not wait for them', async () => {
  const env = manualEnv()
  const alone: { readonly sessionId: string; readonly end: () => void }[] = []
  const beside: string[] = []
  const drive: EngineHost['drive'] = ({ sessionId }, how) => {
    if (how.alone) {
      const { promise, resolve } = Promise.withResolvers<'left'>()
      alone.push({ sessionId, end: () => resolve('left') })
      return promise
    }
    if (sessionId.startsWith('deadly')) return Promise.resolve('must_drive_alone')
    beside.push(sessionId)
    return Promise.resolve('rested')
  }
  const engine = embedded()
  engine.start({
    store: memoryStore({ now: env.now }),
    env,
    noticeMs: 250,
    maxSessionsInFlight: 8,
    aloneIsElsewhere: true,
    format: 1,
    agents: [],
    drive,
    driven: () => [],
    notice: () => {},
    report: () => {},
  })
  await env.settle()
  for (const sessionId of ['deadly-1', 'deadly-2', 'calm']) engine.poke(ref(sessionId))
  await env.settle()
  expect(alone.map(({ sessionId }) => sessionId)).toEqual(['deadly-1'])
  expect(beside).toEqual(['calm'])
  alone[0]?.end()
  await env.settle()
  expect(alone.map(({ sessionId }) => sessionId)).toEqual(['deadly-1', 'deadly-2'])
  alone[1]?.end()
  await engine.stop()
})
