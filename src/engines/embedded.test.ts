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
    retention: { everyMs: 0, run: async () => {} },
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

test('what is kept no longer is looked for again and again, and a stop waits for the last of it', async () => {
  const env = manualEnv()
  const runs: { readonly signal: AbortSignal; readonly end: (problem?: Error) => void }[] = []
  const problems: unknown[] = []
  const run = (signal: AbortSignal) => {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    runs.push({ signal, end: (problem) => (problem ? reject(problem) : resolve()) })
    return promise
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
    drive: async () => 'rested',
    driven: () => [],
    notice: () => {},
    retention: { everyMs: 10_000, run },
    report: (problem) => problems.push(problem),
  })
  await env.advance(9_999)
  expect(runs).toHaveLength(0)
  await env.advance(1)
  expect(runs).toHaveLength(1)
  // Never two at once.
  await env.advance(60_000)
  expect(runs).toHaveLength(1)
  runs[0]?.end(new Error('away'))
  await env.advance(10_000)
  expect(problems).toEqual([new Error('away')])
  expect(runs).toHaveLength(2)
  let isStopped = false
  const stopped = engine.stop().then(() => {
    isStopped = true
  })
  await env.settle()
  expect(runs[1]?.signal.aborted).toBe(true)
  expect(isStopped).toBe(false)
  runs[1]?.end()
  await stopped
  await env.advance(60_000)
  expect(runs).toHaveLength(2)
  expect(env.timers).toBe(0)
})
