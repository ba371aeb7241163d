/** A plan that was given and may not be carried out: nobody is asked for another. */
import { describe, test } from 'vitest'
import { given } from '../../testing/given.ts'
import type { PawlEvent } from '../event.ts'
import { message, started } from '../log.fixture.ts'
import type { PlanCause } from './plan-events.ts'
import { planning, proposed, routed } from './plan-log.fixture.ts'
import { carriedOut, lost, replanned, task } from './plan-spec.fixture.ts'

const reviewed = given([
  { ...started(), planning: { ...planning, planReview: 'always' } },
  message('go'),
  proposed,
  routed,
])

function rejected(version: number): PawlEvent {
  const problems = [{ code: 'unknown_tool', tasks: ['a'], message: 'no tool is called "look".' }] as const
  return { type: 'plan_rejected', version, attempt: 1, problems }
}

/** A person has put this version in the place of the one before. */
function edited(version: number): PawlEvent {
  const cause: PlanCause = { type: 'edited', by: 'ada' }
  return { ...proposed, version, cause }
}

const ends = {
  events: [
    {
      type: 'task_failed',
      taskId: 'root',
      failure: 'invalid_output',
      message: 'the plan was refused: 1. unknown_tool (a): no tool is called "look".',
    },
    { type: 'session_ended', reason: 'failed' },
  ],
} as const

describe('a plan that was given and is refused', () => {
  test('ends its session, which says why', () => {
    reviewed
      .and([rejected(1)])
      .when({})
      .then(ends)
  })

  test('ends it also where a person has edited it, so that nobody waits for ever', () => {
    reviewed
      .and([edited(2), rejected(2)])
      .when({})
      .then(ends)
    reviewed
      .and([edited(2), edited(3), rejected(3)])
      .when({})
      .then(ends)
  })

  test('does not end it where the edited one was to replace one that is in force', () => {
    const [second = message('go')] = replanned(2, [task('b')], ['a'])
    carriedOut([task('a')])
      .and([...lost('a', 'replan'), second, edited(3), rejected(3)])
      .when({})
      .then({ events: [{ type: 'model_started', purpose: 'plan' }], actions: [{ type: 'decide' }] })
  })
})
