/** What a failure takes with it: exactly what needs it, through parents and children. */
import { describe, expect, test } from 'vitest'
import { begins, carriedOut, chosen, does, fails, looks, lost, task } from './plan-spec.fixture.ts'

const answering = { terms: { onPartial: 'answer' } } as const
const started = (...ids: readonly string[]) => ids.map((taskId) => ({ type: 'task_started', taskId }) as const)

describe('a failure', () => {
  test('of what a parent waits for leaves the parent out of reach, also where all its children are optional', () => {
    const spec = carriedOut(
      [
        task('first'),
        task('whole', { dependsOn: ['first'] }),
        task('part', { parent: 'whole', optional: true }),
        task('after', { dependsOn: ['whole'] }),
      ],
      answering,
    ).and(lost('first'))
    expect(spec.state.plan?.nodes.get('whole')).toMatchObject({ status: 'pending', outOfReach: 1 })
    spec.when({}).then({ events: [{ type: 'session_ended', reason: 'final_answer', partial: true }] })
  })

  test('of a child, before its parent could begin, lets the other children go on', () => {
    carriedOut(
      [
        task('first'),
        task('other'),
        task('whole', { dependsOn: ['first'] }),
        looks('lost', { parent: 'whole', dependsOn: ['other'] }),
        looks('kept', { parent: 'whole' }),
      ],
      answering,
    )
      .and([...lost('other'), ...does('first')])
      .when({})
      .then({ events: started('kept'), actions: [{ type: 'judge' }] })
  })

  test('of what a parent waits for settles its children, also where one of them has failed before', () => {
    carriedOut(
      [
        task('first'),
        task('other'),
        task('whole', { dependsOn: ['first'] }),
        looks('lost', { parent: 'whole', dependsOn: ['other'] }),
        looks('part', { parent: 'whole' }),
        looks('tell', { dependsOn: ['part'], needs: 'settled' }),
      ],
      answering,
    )
      .and([...lost('other'), ...lost('first')])
      .when({})
      .then({ events: started('tell'), actions: [{ type: 'judge' }] })
  })

  test('that is tried again at once has it started one time, also behind one that is ready still', () => {
    carriedOut([looks('a', { expectedMs: 10 }), looks('b')], answering)
      .and([begins('b', { callId: 'c1' }), fails('b'), chosen('b', 'retry')])
      .when({})
      .then({ events: started('a', 'b'), actions: [{ type: 'judge' }, { type: 'judge' }] })
  })
})
