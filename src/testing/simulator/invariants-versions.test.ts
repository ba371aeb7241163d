/** The same of versions, of what follows on failures, of ends, and of what is put into inputs. */
import { describe, expect, test } from 'vitest'
import type { PawlEvent } from '../../core/index.ts'
import { proposed } from '../../core/plan/plan-log.fixture.ts'
import { begins, chosen, ends, fails, looks, lost, task } from '../../core/plan/plan-spec.fixture.ts'
import { note } from './note.ts'
import { type Begun, checkBegin } from './outside-checks.ts'
import {
  a,
  adopted,
  after,
  askedOf,
  b,
  began,
  brokenBy,
  expected,
  inForce,
  isPerson,
  judged,
  type Log,
  offered,
  over,
  refused,
  replan,
  review,
  two,
  wanted,
} from './plan-logs.fixture.ts'
import { freshRecord } from './record.ts'
import type { Violation, World } from './world.ts'

describe('of versions this breaks an invariant:', () => {
  const failed = [...two, begins('b'), ...lost('a', 'replan')]
  test.each<readonly [string, Log]>([
    ['plans: what is in force was proposed', [...two, adopted(2)]],
    ['plans: what is in force has passed its review', inForce([a], { planReview: 'always' })],
    ['plans: what is in force has passed its review', [...offered([a], { planReview: 'always' }), review, adopted()]],
    ['plans: what is in force is sound', inForce([task('a', { dependsOn: ['nobody'] })])],
    ['plans: what is in force is sound', inForce([task('a', { dependsOn: ['b'] }), task('b', { dependsOn: ['a'] })])],
    ['plans: what is in force is sound', inForce([a, a])],
    ['plans: what stands is not changed by a new version', [...failed, replan(2, [task('c')]), adopted(2)]],
    ['plans: what stands is not changed by a new version', [...failed, replan(2, [{ ...b, name: 'c' }]), adopted(2)]],
    [
      'plans: replans are counted',
      [...inForce([a], { maxReplans: 0 }), ...lost('a', 'replan'), replan(2, [a]), adopted(2)],
    ],
  ])('%s', (invariant, log) => {
    expect(brokenBy(log)).toEqual([invariant])
  })

  test('a planner that is asked once more than it may be', () => {
    const [opening, said] = offered([a], { maxPlanAttempts: 1 })
    const log = [...[opening, said].flatMap((event) => event ?? []), wanted, refused]
    const broken = brokenBy([...log, askedOf('root', log, { purpose: 'plan' })])
    expect(broken).toEqual(['plans: a planner has so many attempts'])
  })
})

describe('of recovery and ends this breaks an invariant:', () => {
  const failed = [...two, begins('a'), fails('a')]
  const slow = [...two, begins('a'), fails('a', 'timeout')]
  const timeout = { failure: 'timeout' } as const
  const careful = inForce([a, b], { replanThreshold: 2 })
  test.each<readonly [string, Log]>([
    ['plans: recovery follows a failure', [...two, chosen('a', 'replan')]],
    ['plans: recovery by its row', [...failed, chosen('a', 'retry')]],
    ['plans: recovery by its row', [...failed, chosen('a', 'skip')]],
    ['plans: recovery by its row', [...failed, chosen('a', 'decompose')]],
    ['plans: recovery by its row', [...slow, chosen('a', 'escalate', timeout)]],
    ['plans: recovery by its row', [...slow, chosen('a', 'replan', timeout)]],
    [
      'plans: recovery by its row',
      [
        ...slow,
        chosen('a', 'retry', timeout),
        begins('a', { attempt: 2 }),
        fails('a', 'timeout', 2),
        chosen('a', 'retry', timeout),
      ],
    ],
    [
      'plans: recovery by its row',
      [...careful, begins('a'), fails('a', 'budget'), chosen('a', 'replan', { failure: 'budget' })],
    ],
    ['plans: only people and rows choose', [...failed, chosen('a', 'skip', isPerson)]],
    ['plans: an end leaves no task at work', [...two, begins('a'), over({ reason: 'failed' })]],
    ['plans: only what failed is out of reach', [...two, begins('a'), ends('a'), over()]],
    ['plans: partial says what is missing', [...inForce([a, after]), ...lost('a'), over()]],
    ['plans: partial says what is missing', [...inForce([a]), begins('a'), ends('a'), over({ partial: true })]],
  ])('%s', (invariant, log) => {
    expect(brokenBy(log)).toEqual([invariant])
  })

  test('an action that nobody knows', () => {
    // What a log of another version might hold.
    const hope = chosen('a', 'hope' as never, { ...isPerson, approvalId: 'a1' })
    expect(brokenBy([...failed, hope])).toEqual(['plans: recovery is of the closed set'])
  })
})

describe('of results that are put in', () => {
  const source = looks('a')
  const named = looks('b', { dependsOn: ['a'], input: { amount: { $from: 'a', path: '/paid' } } })
  const ended = (callId: string, paid: number): PawlEvent => ({
    type: 'call_finished',
    callId,
    attempt: 1,
    outcome: { type: 'ok', output: { paid } },
    trust: 'tool',
  })

  /** `a` came to 2 in the first version, and as another task to 7 in the second; `b` begins with `amount`. */
  function ran(amount: number): readonly string[] {
    const record = freshRecord('t', 's')
    const log: Log = [
      ...inForce([source, task('x')]),
      ...[begins('a', { callId: 'c1' }), judged('c1'), began('c1'), ended('c1', 2), ends('a')],
      { ...proposed, version: 2, cause: { type: 'planned' }, tasks: [source, named], taskCount: 2 },
      adopted(2),
      ...[begins('a', { callId: 'c2', attempt: 2, version: 2 }), judged('c2'), began('c2'), ended('c2', 7), ends('a')],
      ...[begins('b', { callId: 'c3', version: 2 }), judged('c3'), began('c3')],
    ]
    for (const [index, event] of log.entries()) note(record, { seq: index + 1, at: index, event }, expected)
    const violations: Violation['invariant'][] = []
    // What the check looks at.
    const world = {
      records: { find: () => record },
      violate: (_: unknown, invariant: string) => violations.push(invariant),
      fences: new Map(),
      scheduler: { now: 0 },
    } as unknown as World
    const context = { tenant: 't', sessionId: 's', callId: 'c3', attempt: 1, startBy: Number.MAX_SAFE_INTEGER }
    const begun = { tool: { name: 'look', effect: 'read' }, input: { amount }, context, count: 1, owner: null }
    // A tool and a context, as far as the check looks at them.
    checkBegin(world, begun as unknown as Begun)
    return violations
  }

  test('this breaks an invariant: a result of the version before', () => {
    expect(ran(7)).toEqual([])
    expect(ran(2)).toEqual(['plans: what is put in is the result of the version’s own task'])
  })
})
