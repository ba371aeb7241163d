/** A version comes into force: what is counted, what stands, what is forgotten. */
import { describe, expect, test } from 'vitest'
import { ended, ok } from '../log.fixture.ts'
import {
  begins,
  carriedOut,
  chosen,
  decided,
  does,
  ends,
  fails,
  looks,
  lost,
  questioned,
  replanned,
  task,
} from './plan-spec.fixture.ts'

const list = looks('all')
const each = looks('each', { dependsOn: ['all'], forEach: { $from: 'all' } })
/** Two elements of `each` are ready. */
const fanned = carriedOut([list, each, task('after', { dependsOn: ['each'] })], { terms: { onPartial: 'answer' } }).and(
  [begins('all', { callId: 'c1' }), ended('c1', ok([1, 2])), ends('all'), begins('each', { elements: 2 })],
)

describe('a version that comes into force', () => {
  test('counts the attempts of a task on, also where a version between them was without it', () => {
    carriedOut([task('a')])
      .and([...lost('a', 'replan'), ...replanned(2, [task('b')], ['a'])])
      .and([...lost('b', 'replan', { version: 2 }), ...replanned(3, [task('a')], ['b'])])
      .when({})
      .then({
        events: [{ type: 'task_started', taskId: 'a', attempt: 2, version: 3 }, { type: 'model_started' }],
        actions: [{ type: 'decide' }],
      })
  })

  test('keeps the elements of a task that is the same, and tries those again that failed', () => {
    fanned
      .and([...does('each/0'), ...lost('each/1', 'replan'), ...replanned(2, [list, each], ['each/1'])])
      .when({})
      .then({ events: [{ type: 'task_started', taskId: 'each/1', attempt: 2 }], actions: [{ type: 'judge' }] })
  })

  test('keeps the elements that are done of a task that is another by now, and does the others as it says now', () => {
    const other = { ...each, tool: 'see' }
    const spec = fanned.and([
      ...does('each/0'),
      ...lost('each/1', 'replan'),
      ...replanned(2, [list, other], ['each/1']),
    ])
    spec.when({}).then({
      events: [{ type: 'task_started', taskId: 'each/1', attempt: 2 }],
      actions: [{ type: 'judge' }],
    })
    expect(['each/0', 'each/1'].map((id) => spec.state.plan?.nodes.get(id)?.task.tool)).toEqual(['look', 'see'])
  })

  test('fans a task out anew that is about another array by now, and counts the attempts of its elements on', () => {
    const other = { ...each, forEach: { $from: 'all', path: '' } }
    fanned
      .and([...does('each/0'), ...lost('each/1', 'replan'), ...replanned(2, [list, other], ['each/1'])])
      .when({})
      .then({
        events: [
          { type: 'task_started', taskId: 'each', elements: 2 },
          { type: 'task_started', taskId: 'each/0', attempt: 2 },
          { type: 'task_started', taskId: 'each/1', attempt: 2 },
        ],
        actions: [{ type: 'judge' }, { type: 'judge' }],
      })
  })

  test('knows what was skipped, elements as well: the end is partial', () => {
    fanned
      .and([...does('each/0'), begins('each/1'), fails('each/1'), chosen('each/1', 'skip')])
      .and([{ type: 'task_finished', taskId: 'each/1', status: 'skipped' }])
      .and([...lost('after', 'replan'), ...replanned(2, [list, each, task('more')], ['after'])])
      .and(does('more', { version: 2 }))
      .when({})
      .then({ events: [{ type: 'session_ended', reason: 'final_answer', partial: true }] })
  })
})

describe('a person has a failed task tried again', () => {
  test('and parents that have ended keep the time of their end', () => {
    const whole = carriedOut([task('whole'), task('part', { parent: 'whole' }), task('a')])
      .and(does('part'))
      .and([...lost('a'), questioned('a', 'a1')])
    const endedAt = whole.state.plan?.nodes.get('whole')?.endedAt
    const [answer, choice] = decided('a', 'a1', 'retry')
    const later = [answer, choice].flatMap((event) =>
      event === undefined ? [] : [{ at: whole.state.at + 5_000, event }],
    )
    expect(whole.and(later).state.plan?.nodes.get('whole')).toMatchObject({ status: 'completed', endedAt })
  })

  test('and what waits for its end waits again, although its own time to be tried again has come', () => {
    const after = task('after', { dependsOn: ['a'], needs: 'settled' })
    carriedOut([task('a'), after])
      .and([...lost('a'), questioned('a', 'a1'), begins('after'), fails('after')])
      .and([chosen('after', 'retry', { retryAt: 1_001_000 }), ...decided('a', 'a1', 'retry')])
      .and([begins('a', { attempt: 2 })])
      .when({ now: 1_002_000 })
      .then({ events: [{ type: 'model_started', taskId: 'a' }], actions: [{ type: 'decide' }] })
  })
})
