import { expect, test } from 'vitest'
import { manualClock, manualEnv } from './manual-env.ts'

test('timers of a dead holder stay silent, those of the living ring', async () => {
  const clock = manualClock()
  const dead = new Set<string>()
  const rung: string[] = []
  for (const holder of ['p1', 'p2'])
    manualEnv({ clock, holder, dead }).setTimer(1_000, () => {
      rung.push(holder)
    })
  dead.add('p1')
  await clock.advance(1_000)
  expect(rung).toEqual(['p2'])
})

test('a timer that is cleared stays silent', async () => {
  const env = manualEnv()
  const rung: string[] = []
  const clear = env.setTimer(1_000, () => {
    rung.push('cleared')
  })
  env.setTimer(1_000, () => {
    rung.push('left')
  })
  clear()
  await env.advance(1_000)
  expect(rung).toEqual(['left'])
})
