/** Each invariant of plans is broken once, by the smallest log that does it; and by no log that is as promised. */
import { describe, expect, test } from 'vitest'
import { begins, chosen, ends, fails, looks, lost, task } from '../../core/plan/plan-spec.fixture.ts'
import {
  a,
  adopted,
  after,
  askedOf,
  asks,
  b,
  began,
  brokenBy,
  finished,
  gives,
  inForce,
  judged,
  type Log,
  moving,
  over,
  replan,
  step,
  two,
} from './plan-logs.fixture.ts'

describe('the invariants of plans', () => {
  test.each<readonly [string, Log]>([
    ['tasks that are done, and an end', [...two, begins('a'), begins('b'), ends('b'), ends('a'), over()]],
    ['a failure, and an end that says so', [...inForce([a, after]), ...lost('a'), over({ partial: true })]],
    ['a retry of the row', [...two, begins('a'), fails('a', 'timeout'), chosen('a', 'retry', { failure: 'timeout' })]],
    ['a new version', [...two, begins('a'), ...lost('b', 'replan'), replan(2, [a, task('c')]), adopted(2)]],
    ['a delegation', asks('d-c1', 'look', gives('a', [...two, begins('a')]), 'c2')],
    ['a step after another', [...moving().slice(0, -1), step('b', 'c2')]],
  ])('are not broken by %s', (_, log) => {
    expect(brokenBy(log)).toEqual([])
  })
})

describe('of dispatch this breaks an invariant:', () => {
  const exclusive = task('b', { exclusive: true })
  test.each<readonly [string, Log]>([
    ['plans: a task waits for what it needs', [...inForce([a, after]), begins('after')]],
    ['plans: what is completed is not done again', [...two, begins('a'), ends('a'), begins('a', { attempt: 2 })]],
    ['plans: side by side under the cap', [...inForce([a, b, task('c')]), begins('a'), begins('b'), begins('c')]],
    ['plans: who runs alone runs alone', [...inForce([a, exclusive]), begins('a'), begins('b')]],
    ['plans: who runs alone runs alone', [...inForce([a, exclusive]), begins('b'), begins('a')]],
    ['plans: one attempt at a time', [...two, begins('a'), begins('a', { attempt: 2 })]],
    ['plans: attempts are counted', [...two, begins('a', { attempt: 2 })]],
    ['plans: only the plan in force is carried out', [...two, begins('a', { version: 2 })]],
    ['plans: only the plan in force is carried out', [...two, begins('c')]],
    ['plans: a task is one call where it names a tool', [...inForce([looks('a')]), begins('a')]],
    ['plans: a task is one call where it names a tool', [...two, begins('a', { callId: 'c1' })]],
    ['plans: only what is under way ends', [...two, finished('a')]],
    ['plans: only what is under way ends', [...two, begins('a'), finished('a', 'skipped')]],
    ['plans: only what is under way ends', [...two, fails('a', 'timeout', 2)]],
    ['plans: only what is under way works', [...two, askedOf('a', two)]],
    [
      'plans: a task has its time',
      [
        ...inForce([a], { taskTimeoutMs: 5_000 }),
        begins('a'),
        { ...fails('a', 'timeout'), message: 'it took longer than 5000 ms' },
      ],
    ],
  ])('%s', (invariant, log) => {
    expect(brokenBy(log)).toEqual([invariant])
  })

  test('what needs a failed task is out of reach, and waits as well', () => {
    const broken = brokenBy([...inForce([a, after]), ...lost('a'), begins('after')])
    expect(broken).toEqual(['plans: a task waits for what it needs', 'plans: a task waits for what it needs'])
  })

  test('a version that a person looks at, and a task that begins meanwhile', () => {
    const log = [...two, ...lost('a', 'replan'), replan(2, [b]), begins('b')]
    expect(brokenBy(log)).toEqual(['plans: nothing begins while a plan is looked at'])
  })
})

describe('of what a task may do this breaks an invariant:', () => {
  const paysUnnamed = asks('a', 'pay', [...inForce([a]), begins('a')])
  const read = task('a', { specialist: 'reader', tools: ['look', 'pay'] })
  const paysForReader = asks('a', 'pay', [...inForce([read]), begins('a')])
  const given = gives('a', [...inForce([a]), begins('a')], ['look', 'pay'])
  const paysForParent = asks('d-c1', 'pay', given, 'c2')
  test.each<readonly [string, Log]>([
    ['plans: a task has what it was given', [...paysUnnamed, judged('c1', 'pay'), began('c1')]],
    ['plans: a task has what it was given', [...paysForReader, judged('c1', 'pay'), began('c1')]],
    ['plans: a task has what it was given', [...paysForParent, judged('c2', 'pay'), began('c2')]],
    ['plans: one step in progress', [...moving(), step('b', 'c2')]],
  ])('%s', (invariant, log) => {
    expect(brokenBy(log)).toEqual([invariant])
  })

  test('whoever was asked for something works on after the call that has asked has ended', () => {
    const log: Log = [
      ...gives('a', [...two, begins('a')]),
      { type: 'call_finished', callId: 'c1', attempt: 1, outcome: { type: 'cancelled' }, trust: 'system' },
    ]
    expect(brokenBy([...log, askedOf('d-c1', log)])).toEqual(['plans: only what is under way works'])
  })
})
