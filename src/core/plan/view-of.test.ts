/** What a view of a plan says of its tasks: how far each is, and what keeps it. */
import { describe, expect, test } from 'vitest'
import type { GivenEvent } from '../../testing/given.ts'
import type { PlanTask } from './plan.ts'
import { begins, carriedOut, does, lost, task } from './plan-spec.fixture.ts'
import { planViewOf } from './view-of.ts'

/** `status: what keeps it`, by task. */
function shown(tasks: readonly PlanTask[], ...events: readonly GivenEvent[]): Readonly<Record<string, string>> {
  const { state } = carriedOut(tasks, { terms: { onPartial: 'answer' } }).and(events)
  const views = planViewOf(state)?.tasks ?? []
  return Object.fromEntries(views.map(({ task, status, blockedBy }) => [task.id, [status, ...blockedBy].join(' ')]))
}

const nested = [
  task('group'),
  task('inner', { parent: 'group' }),
  task('part', { parent: 'inner' }),
  task('after', { dependsOn: ['group'] }),
  task('last', { dependsOn: ['after'] }),
]

describe('a task that waits', () => {
  test('names the unfinished ones that it waits for, a parent too', () => {
    const { after, last } = shown(nested, begins('part'))
    expect([after, last]).toEqual(['pending group', 'pending after'])
  })

  test('names what its parent waits for', () => {
    const tasks = [task('a'), task('group', { dependsOn: ['a'] }), task('part', { parent: 'group' })]
    expect(shown(tasks, begins('a'))).toEqual({ a: 'in_progress', group: 'pending a', part: 'pending a' })
    expect(shown(tasks, ...does('a'))['part']).toBe('ready')
  })

  test('for others to be settled does not name those that have failed, or never will be', () => {
    const sum = task('sum', { dependsOn: ['a', 'behind', 'b'], needs: 'settled' })
    const tasks = [task('a'), task('behind', { dependsOn: ['a'] }), task('b'), sum]
    expect(shown(tasks, ...lost('a'))).toEqual({ a: 'failed', behind: 'unreachable a', b: 'ready', sum: 'pending b' })
  })
})

describe('a parent', () => {
  test('is in progress as soon as a part of a part of it is', () => {
    const { group, inner, part } = shown(nested, begins('part'))
    expect([group, inner, part]).toEqual(['in_progress', 'in_progress', 'in_progress'])
  })
})

describe('a task out of reach', () => {
  test('names the part that has failed, and not the parents that failed with it', () => {
    const { after, last } = shown(nested, ...lost('part'))
    expect([after, last]).toEqual(['unreachable part', 'unreachable part'])
  })

  test('names what a part was out of reach for, where its parent failed for that', () => {
    const tasks = [
      task('x'),
      task('group'),
      task('part', { parent: 'group', dependsOn: ['x'] }),
      task('after', { dependsOn: ['group'] }),
    ]
    expect(shown(tasks, ...lost('x'))).toEqual({
      x: 'failed',
      group: 'failed',
      part: 'unreachable x',
      after: 'unreachable x',
    })
  })

  test('names all that have failed, each once', () => {
    const tasks = [
      task('a'),
      task('b'),
      task('both', { dependsOn: ['a', 'b'] }),
      task('more', { dependsOn: ['both', 'a'] }),
    ]
    const { both, more } = shown(tasks, ...lost('a'), ...lost('b'))
    expect([both, more]).toEqual(['unreachable a b', 'unreachable a b'])
  })

  test('is told of 4,000 that wait behind 4,000 failures as quickly as of one', () => {
    const failed = Array.from({ length: 4_000 }, (_, index) => task(`f${index}`))
    const join = task('join', { dependsOn: failed.map(({ id }) => id) })
    const behind = Array.from({ length: 4_000 }, (_, index) =>
      task(`b${index}`, { dependsOn: index === 0 ? ['join'] : [`b${index - 1}`] }),
    )
    const { state } = carriedOut([...failed, join, ...behind], { terms: { onPartial: 'answer' } }).and(
      failed.flatMap(({ id }) => lost(id)),
    )
    const views = planViewOf(state)?.tasks ?? []
    expect(new Set(views.filter(({ status }) => status === 'unreachable').map(({ blockedBy }) => blockedBy)).size).toBe(
      1,
    )
  })
})
