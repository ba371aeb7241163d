import { loadMock, type MockTask, mockStart } from '../worlds/mock/load-mock.ts'
import { canonicalSha256 } from '../worlds/sha256.ts'
import type { RecordedTask, RecordedWorld } from './recorded-world.ts'

/** tau2-mock as a recorded world; `undefined` where its data is absent. */
export function mockWorld(): RecordedWorld | undefined {
  const mock = loadMock()
  if (mock === undefined) return undefined
  const tasks = new Map(mock.tasks.map((task) => [task.id, task]))
  return {
    agent: 'tau2-mock',
    instructions: mock.policy,
    tasks: mock.tasks.map(recordedTask),
    tools: mock.tools,
    open: ({ id }) => {
      const task = tasks.get(id)
      if (task === undefined) throw new Error(`expected the task ${id}, found none`)
      const state = mockStart(mock.db, task)
      return {
        run: (name, input) => {
          const tool = mock.tools.find((each) => each.name === name)
          return tool?.run(state, input) ?? { type: 'refused', error: `no tool ${name}` }
        },
        sha256: () => canonicalSha256(state),
      }
    },
    outputSha256: canonicalSha256,
  }
}

function recordedTask({ id, scenario, actions, finalStateSha256 }: MockTask): RecordedTask {
  const calls = actions.map(({ name, arguments: input, outputSha256, error, stateSha256 }) => ({
    tool: name,
    input,
    outputSha256,
    error,
    stateSha256: stateSha256 ?? null,
  }))
  return { id, message: scenario.instructions, calls, finalStateSha256 }
}
