import { describe, expect, test } from 'vitest'
import { given, type Specification } from '../../testing/given.ts'
import type { Json } from '../json.ts'
import { began, call, ended, judged, message, modelAnswer, ok, started, text, turn } from '../log.fixture.ts'
import { planning, proposed } from '../plan/plan-log.fixture.ts'
import { begins, carriedOut, does, task } from '../plan/plan-spec.fixture.ts'
import { factLimits } from './memory.fixture.ts'
import type { MemoryTerms } from './memory-terms.ts'

const memoryBy = (by: 'function' | 'model'): MemoryTerms => ({
  windowTurns: 40,
  maxPromptTokens: 100_000,
  facts: factLimits,
  processor: { by },
})

/** `b` works, and its call has ended. */
const working = (terms: Parameters<typeof carriedOut>[1] = {}): Specification =>
  carriedOut([task('a'), task('b'), task('c')], { memory: memoryBy('function'), ...terms }).and([
    ...does('a'),
    begins('b'),
    ...turn(1, [call('look')]).map((event) => ('taskId' in event ? { ...event, taskId: 'b' } : event)),
    judged('c1', 'read'),
    began('c1'),
    ended('c1', ok({ n: 1 })),
  ])

const patch = (value: Json, callId = 'c1') => ({ type: 'record_patch', callId, attempt: 1, patch: value }) as const
const other = { replace_plan: { goal: 'another way', tasks: [{ id: 'd', name: 'd', dependsOn: [] }] } }

describe('a plan in a patch', () => {
  test('takes the place of what is left: what has ended and what runs stands in it unchanged, and it counts as a replan', () => {
    const adopted = working()
      .when(patch(other))
      .then([
        { type: 'result_processed', callId: 'c1', noted: [] },
        { type: 'plan_proposed', version: 2, mode: 'strict', cause: { type: 'patch', callId: 'c1' }, taskCount: 3 },
      ])
      .and([{ type: 'plan_adopted', version: 2, warnings: [] }])
    const { plan } = adopted.state
    expect([...(plan?.nodes.values() ?? [])].map(({ task: { id }, status }) => [id, status])).toEqual([
      ['a', 'completed'],
      ['b', 'in_progress'],
      ['d', 'pending'],
    ])
    expect(plan?.replans).toBe(1)
  })

  test('that is rejected leaves the one in force, which goes on', () => {
    const { state } = working()
      .when(patch(other))
      .then([{ type: 'result_processed' }, { type: 'plan_proposed' }])
      .and([
        { type: 'plan_rejected', version: 2, problems: [{ code: 'cycle', tasks: ['d'], message: 'no' }], attempt: 0 },
      ])
      .when({})
      .then({
        events: [
          { type: 'task_started', taskId: 'c' },
          { type: 'model_started', taskId: 'b', purpose: 'decide' },
          { type: 'model_started', taskId: 'c', purpose: 'decide' },
        ],
        actions: [{ type: 'decide' }, { type: 'decide' }],
      })
    expect(state.plan).toMatchObject({ version: 1, replans: 0 })
  })

  test.each([
    ['over the limit of replans', { terms: { maxReplans: 0 } }, 'replan_limit'],
    ['without planning', { planning: undefined }, 'no_plan'],
  ] as const)('is left out %s, with the reason; the facts beside it are noted', (_, opening, code) => {
    const at = 'terms' in opening ? working(opening) : direct()
    at.when(patch({ append_known_facts: [{ key: 'n', value: 1 }], ...other })).then([
      { type: 'result_processed', noted: ['n'], ignored: [{ code, name: '' }] },
      { type: 'fact_noted', key: 'n' },
    ])
  })

  test('is left out while another one is looked at', () => {
    working()
      .and([{ ...proposed, version: 2, cause: { type: 'edited', by: 'ada' }, tasks: [task('e')], taskCount: 1 }])
      .when(patch(other))
      .then([{ type: 'result_processed', ignored: [{ code: 'no_plan' }] }])
  })

  test('takes the place of a flexible plan as it is', () => {
    given([
      { ...started(), planning, memory: memoryBy('function') },
      message('go'),
      { ...proposed, mode: 'flexible', tasks: [task('s1')], taskCount: 1 },
      { type: 'route_chosen', route: 'plan', level: 'forced', reason: 'given', confidence: null },
      { type: 'plan_adopted', version: 1, warnings: [] },
      ...turn(1, [call('look')]),
      judged('c1', 'read'),
      began('c1'),
      ended('c1'),
    ])
      .when(patch(other))
      .then([{ type: 'result_processed' }, { type: 'plan_proposed', version: 2, mode: 'flexible', taskCount: 1 }])
      // Nothing is done before it is looked at.
      .when({})
      .then({ actions: [{ type: 'review', version: 2 }] })
  })
})

/** A session without plans. */
function direct(
  by: 'function' | 'model' = 'function',
  terms: Parameters<typeof judged>[2] = {},
  trust: 'user' | 'external' = 'user',
) {
  return given([
    { ...started(), memory: memoryBy(by) },
    { ...message('go'), trust },
    ...turn(1, [call('look')]),
    judged('c1', 'read', terms),
    began('c1'),
    ended('c1'),
  ])
}

const fact = { append_known_facts: [{ key: 'n', value: 1 }] }
const known = {
  type: 'fact_noted',
  key: 'k',
  value: 1,
  kind: 'fact',
  source: { kind: 'tool' },
  priority: 50,
  confidence: 1,
} as const

describe('labels travel into what is noted', () => {
  const by = (at: Specification, kind: 'function' | 'model') => {
    if (kind === 'function') return at.when(patch(fact)).handled
    const { events } = at.when({})
    return at.and(events).when(modelAnswer([text(JSON.stringify(fact))], { turn: 2 })).handled
  }
  const notedBy = (at: Specification, kind: 'function' | 'model') => {
    const handled = by(at, kind)
    const events = handled.type === 'accepted' ? handled.events : []
    return events.find((event) => event.type === 'fact_noted')
  }

  test.each(['function', 'model'] as const)('of the result, by a %s', (kind) => {
    const external = direct(kind, { trust: 'external', sensitivity: 'private' })
    expect(notedBy(external, kind)).toMatchObject({ trust: 'external', sensitivity: 'private' })
    expect(notedBy(direct(kind), kind)).toMatchObject({ trust: 'tool' })
    expect(notedBy(direct(kind), kind)).not.toHaveProperty('sensitivity')
  })

  test('of everything that a model was shown beside it', () => {
    const among = (more: { trust: 'tool' | 'external'; sensitivity?: 'private' }) =>
      notedBy(direct('model').and([{ ...known, ...more }]), 'model')
    expect(among({ trust: 'external' })).toMatchObject({ trust: 'external' })
    expect(among({ trust: 'tool', sensitivity: 'private' })).toMatchObject({ sensitivity: 'private' })
    // A stranger's request stands in its prompt as well.
    expect(notedBy(direct('model', {}, 'external'), 'model')).toMatchObject({ trust: 'external' })
    expect(notedBy(direct('function', {}, 'external'), 'function')).toMatchObject({ trust: 'tool' })
  })

  test('which has read more than a public result is not public', () => {
    expect(notedBy(direct('function', { sensitivity: 'public' }), 'function')).toMatchObject({ sensitivity: 'public' })
    expect(notedBy(direct('model', { sensitivity: 'public' }), 'model')).not.toHaveProperty('sensitivity')
  })
})
