/** What holds whatever a tool has done. Apart from `world.ts`: the proof uses that outside Vitest. */
import { expect } from 'vitest'
import type { World } from './world.ts'

export async function expectSound(world: World, sessionId: string, status = 'done'): Promise<void> {
  const { live, folded } = await world.states(sessionId)
  expect(live, 'the log folds to the state').toBe(folded)
  expect(await world.status(sessionId), 'the session has come to rest').toBe(status)
  const later = await world.drive('be calm')
  expect(await world.status(later), 'a later session of the same worker runs').toBe('done')
  expect(await world.outcomes(later)).toEqual([{ type: 'ok', output: 'calm' }])
  expect(world.problems).toEqual([])
}
