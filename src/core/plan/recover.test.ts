import { describe, test } from 'vitest'
import { ended, ok } from '../log.fixture.ts'
import { begins, carriedOut, ends, fails, looks } from './plan-spec.fixture.ts'
import { recoveryTable } from './planning-terms.ts'

describe('recovery', () => {
  test('takes no element of a list apart, which stands in no plan: what is left is planned anew', () => {
    const recovery = recoveryTable({ tool_terminal: { action: 'decompose', maxRetries: 1, backoffMs: 0 } })
    carriedOut([looks('all'), looks('each', { forEach: { $from: 'all' } })], {
      terms: { recovery, maxParallelTasks: 1 },
    })
      .and([begins('all', { callId: 'c1' }), ended('c1', ok([1])), ends('all'), begins('each', { elements: 1 })])
      .and([begins('each/0', { callId: 'c2' }), fails('each/0')])
      .when({})
      .then({
        events: [
          { type: 'recovery_chosen', taskId: 'each/0', action: 'replan' },
          { type: 'model_started', purpose: 'plan' },
        ],
        actions: [{ type: 'decide' }],
      })
  })
})
