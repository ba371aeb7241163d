/** A plan with hundreds of failures that people are asked about, while others of its tasks go on. */
import { describe, expect, test } from 'vitest'
import { defaultMoment } from '../../testing/given.ts'
import { next } from '../next.ts'
import type { State } from '../state.ts'
import {
  begins,
  carriedOut,
  chosen,
  decided,
  fails,
  looks,
  lost,
  questioned,
  replanned,
  task,
} from './plan-spec.fixture.ts'

const ids = Array.from({ length: 400 }, (_, index) => `t${index}`)
const openAll = carriedOut([...ids.map((id) => task(id)), looks('busy')], { budget: { maxEvents: 10_000 } })
  .and([begins('busy', { callId: 'c1' })])
  .and(ids.flatMap((id) => lost(id)))
  .and(ids.map((id, index) => questioned(id, `a${index + 1}`)))

/** A map that counts how often it is asked. */
class CountingMap<K, V> extends Map<K, V> {
  asked = 0
  override get(key: K): V | undefined {
    this.asked += 1
    return super.get(key)
  }
}

/** How many approvals and nodes one answer of `next` looks at. */
function looksOf({ plan, ...state }: State): number {
  const approvals = new CountingMap(state.approvals)
  const nodes = new CountingMap(plan?.nodes)
  next({ ...state, approvals, plan: plan && { ...plan, nodes } }, { ...defaultMoment, now: state.at })
  return approvals.asked + nodes.asked
}

describe('hundreds of open questions about failed tasks', () => {
  test('are not looked at one by one in every pass', () => {
    expect(looksOf(openAll.state)).toBeLessThan(20)
    const halfDone = openAll.and(ids.slice(0, 200).flatMap((id, index) => decided(id, `a${index + 1}`, 'skip')))
    expect(halfDone.state.plan?.questionsClosed).toBe(200)
    expect(looksOf(halfDone.state)).toBeLessThan(20)
  })

  test('expire in the order in which they were asked, and wake the session for the first', () => {
    openAll.when({ now: 900_000_000 - 1 }).then({ actions: [{ type: 'judge' }], wakeAt: 900_000_000 })
    const { events } = openAll.when({ now: 900_000_000 })
    expect(events.filter(({ type }) => type === 'approval_resolved')).toHaveLength(400)
  })

  test('are closed when another version is in force', () => {
    const { events } = openAll.and(replanned(2, [looks('busy'), task('more')], ids)).when({})
    const closed = events.filter((event) => event.type === 'approval_resolved' && event.resolution === 'superseded')
    expect(closed).toHaveLength(400)
  })

  test('are each asked once, also about a task that fails again', () => {
    const again = openAll.and([
      ...decided('t0', 'a1', 'retry'),
      begins('t0', { attempt: 2 }),
      fails('t0', 'tool_terminal', 2),
    ])
    again
      .and([chosen('t0', 'escalate', { attempt: 2 })])
      .when({})
      .then({
        events: [
          { type: 'approval_requested', approvalId: 'a401', subject: { type: 'task', taskId: 't0', attempt: 2 } },
        ],
        actions: [{ type: 'judge' }],
      })
  })
})
