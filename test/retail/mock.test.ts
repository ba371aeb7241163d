import { beforeAll, describe, expect, test } from 'vitest'
import { differencesOf } from './check-run.ts'
import { mockWorld } from './mock-world.ts'
import type { RecordedWorld } from './recorded-world.ts'
import { runTasks, type TaskRun } from './run-tasks.ts'

const world = mockWorld()

describe.skipIf(world === undefined)('tau2-mock through the runtime', () => {
  let runs: readonly TaskRun[] = []

  beforeAll(async () => {
    runs = await runTasks(loaded(), loaded().tasks)
  })

  test.each(world?.tasks ?? [])('real input: the session of $id does what was recorded', ({ id }) => {
    const run = runs.find(({ task }) => task.id === id)
    expect(run && differencesOf(loaded(), run)).toEqual([])
  })

  test('real input: the ten sessions make eight calls, of which one fails and is seen by the model', () => {
    expect(runs.length).toBe(10)
    expect(runs.flatMap(({ applied }) => applied).length).toBe(8)
    const results = runs.flatMap(({ shown }) => (shown.at(-1) ?? []).filter((message) => message.role === 'tool'))
    expect(results.filter((message) => message.isError).map(({ result }) => result)).toEqual([
      { error: 'Task task_2 not found', mayRetry: false },
    ])
  })
})

function loaded(): RecordedWorld {
  if (world === undefined) throw new Error('expected the folder tau2-mock, found none')
  return world
}
