import { checkPlan, createRuntime, type GivenPlan } from 'pawl'
import { scriptedTasks } from 'pawl/models/scripted'
import { memoryStore } from 'pawl/stores/memory'
import { describe, expect, test } from 'vitest'
import { releaseDesk } from './agent.ts'

const plan = {
  goal: 'Release 2.1',
  tasks: [
    { id: 'changes', tool: 'list_changes', input: { since: '2.0' } },
    { id: 'notes', specialist: 'writer', dependsOn: ['changes'], accept: { checker: 'short' } },
    { id: 'publish', tool: 'publish', input: { notes: { $from: 'notes' } } },
  ],
} satisfies GivenPlan

async function released(desk = releaseDesk(scriptedTasks({}))) {
  const runtime = createRuntime({ store: memoryStore(), agents: [desk] })
  const session = await runtime.start('release-desk', { message: 'Release 2.1', plan })
  await runtime.result(session)
  return { runtime, session }
}

describe('the release desk', () => {
  test('carries a given plan out, and asks before it publishes', async () => {
    const model = scriptedTasks({ tasks: { notes: ['Faster start, and dates are right again.'] } })
    const { runtime, session } = await released(releaseDesk(model))
    const [asked] = await runtime.approvals.list(session)
    expect(asked).toMatchObject({ tool: 'publish', input: { notes: 'Faster start, and dates are right again.' } })
    await runtime.approvals.approve({ ...session, approvalId: asked?.approvalId ?? '' }, 'ada')
    expect(await runtime.result(session)).toMatchObject({ status: { type: 'done' }, text: '{"published":40}' })
    await runtime.stop()
  })

  test('plans by a model where it has no plan, and goes through steps by the tools of a flexible plan', async () => {
    const call = (tool: string, input: object) => ({ calls: [{ tool, input: input as never }] })
    const model = scriptedTasks({
      tasks: {
        root: [
          call('plan', { goal: 'Release 2.1', steps: [{ name: 'look' }, { name: 'write' }] }),
          call('update_plan', { step: 1, status: 'in_progress' }),
          call('list_changes', { since: '2.0' }),
          call('update_plan', { step: 1, status: 'completed', result: 'two changes' }),
          call('delegate', { step: 2, name: 'write', brief: 'Two sentences.', specialist: 'writer' }),
          'It is written.',
        ],
      },
      others: ['Faster start. Dates are right again.'],
    })
    const runtime = createRuntime({ store: memoryStore(), agents: [releaseDesk(model)] })
    const session = await runtime.start('release-desk', { message: 'Release 2.1', route: 'plan' })
    expect(await runtime.result(session)).toMatchObject({ status: { type: 'done' }, text: 'It is written.' })
    const view = await runtime.plan(session)
    expect(view?.tasks.map(({ status, result }) => [status, result])).toEqual([
      ['completed', 'two changes'],
      ['completed', 'Faster start. Dates are right again.'],
    ])
    await runtime.stop()
  })

  test('has its plans looked at without running anything', () => {
    const desk = releaseDesk(scriptedTasks({}))
    expect(checkPlan(desk, plan)).toEqual({ problems: [], warnings: [] })
    const wrong = { goal: 'g', tasks: [{ id: 'a', tool: 'publish', input: { note: 1 } }] }
    expect(checkPlan(desk, wrong).problems.map(({ code }) => code)).toEqual(['invalid_input'])
    expect(checkPlan(desk, 'no plan').problems.map(({ code }) => code)).toEqual(['malformed'])
    expect(
      checkPlan(desk, { goal: 'g', tasks: [{ id: 'a' }, { id: 'b' }] }, { limits: { maxPlanTasks: 1 } }).problems,
    ).toMatchObject([{ code: 'too_many_tasks' }])
  })
})
