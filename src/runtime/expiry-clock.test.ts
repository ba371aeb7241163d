import { describe, expect, test } from 'vitest'
import { manualEnv } from '../testing/manual-env.ts'
import { anyTool, calls, policy, world } from './world.fixture.ts'

const MINUTE_MS = 60_000

/** An approval that has expired while nothing drove the session, seen by a process whose clock is wrong. */
async function expired(clockErrorMs: number) {
  const tools = [anyTool('pay', 'unsafe', () => 'paid')]
  const policies = [policy(() => ({ type: 'require_approval', reason: 'big', expiresAfterMs: 10 * MINUTE_MS }))]
  const around = { script: [calls('pay')], tools, policies }
  const driver = world(around)
  const sessionId = await driver.start()
  await driver.runtime.stop()
  const api = () => {
    const env = manualEnv({ now: driver.env.now() + clockErrorMs })
    return world({ ...around, store: driver.store, env, isDriving: false })
  }
  return { driver, api, name: { sessionId, approvalId: 'a1', commandId: 'vote' } }
}

describe('whether an approval has expired is the store’s to say', () => {
  test('a process whose clock is late does not approve what has expired', async () => {
    const { driver, api, name } = await expired(-4 * MINUTE_MS)
    await driver.env.advance(11 * MINUTE_MS)
    const answer = await api().runtime.approvals.approve(name, 'grace')
    expect(answer).toMatchObject({ type: 'refused', code: 'approval_expired' })
  })

  test('a process whose clock is early still approves what has not expired', async () => {
    const { driver, api, name } = await expired(4 * MINUTE_MS)
    await driver.env.advance(9 * MINUTE_MS)
    expect(await api().runtime.approvals.approve(name, 'grace')).toMatchObject({ type: 'accepted' })
  })
})
