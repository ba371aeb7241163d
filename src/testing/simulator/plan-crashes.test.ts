import { describe, expect, test } from 'vitest'
import { wiring } from '../../runtime/index.ts'
import { carryOut, type Death, endOf, type Scenario } from './plan-crashes.fixture.ts'
import { unfenced } from './planted-nexts.ts'

const SWEEP_MS = 120_000
const scenarios: readonly Scenario[] = ['strict', 'flexible']

/** Dead at every write, before it and after it. */
function deathsOf(count: number): readonly Death[] {
  return Array.from({ length: count * 2 }, (_, index) => ({ at: (index >> 1) + 1, isDone: index % 2 === 1 }))
}

describe('a worker that dies at any write of a session that plans', () => {
  test('two plans that nobody disturbs: what each comes to', async () => {
    expect(endOf(await carryOut('strict', null))).toEqual({
      reason: 'final_answer',
      text: 'All is paid.',
      plans: [1, 2],
      tasks: [
        'task_failed c',
        ...['a', 'b', 'c2', 'z'].map((id) => `task_finished ${id}`),
        ...['a', 'b', 'c', 'c2', 'z'].map((id) => `task_started ${id}`),
      ],
      effects: ['note {"row":"note"}', 'note {"row":1}', 'pay {"usd":5}'],
    })
    expect(endOf(await carryOut('flexible', null))).toEqual({
      reason: 'final_answer',
      text: 'All is paid.',
      plans: [1],
      tasks: ['task_finished d-c5', 'task_started d-c5'],
      effects: ['note {"row":1}', 'pay {"usd":5}'],
    })
  })

  test.each(scenarios)('%s: the end is the same, and nothing takes effect twice', {
    timeout: SWEEP_MS,
  }, async (scenario) => {
    const undisturbed = await carryOut(scenario, null)
    const deaths = deathsOf(undisturbed.writes)
    expect(deaths.length).toBeGreaterThan(20)
    for (const death of deaths) {
      const carried = await carryOut(scenario, death)
      expect(endOf(carried), JSON.stringify(death)).toEqual(endOf(undisturbed))
    }
  })

  test('planted: a worker that runs what the one before it has started is seen', { timeout: SWEEP_MS }, async () => {
    const undisturbed = await carryOut('strict', null)
    const ends = await Promise.all(
      deathsOf(undisturbed.writes).map((death) => carryOut('strict', death, { ...wiring, next: unfenced })),
    )
    const twice = ends.filter(({ effects }) => effects.filter((effect) => effect.startsWith('pay')).length > 1)
    expect(twice.length).toBeGreaterThan(0)
  })
})
