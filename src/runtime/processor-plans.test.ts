import { describe, expect, test } from 'vitest'
import type { ProposedPlan } from '../core/index.ts'
import { type ScriptedDecision, scripted, scriptedTasks, type TaskScripts } from '../models/scripted.ts'
import { watching } from './memory.fixture.ts'
import type { Processor } from './memory-options.ts'
import { direct, loop, planner, planOf } from './planning.fixture.ts'
import type { PlanningOptions } from './planning-options.ts'
import { anyTool, calls, world } from './world.fixture.ts'

const lookup = anyTool('lookup', 'read', () => 'RAW-9f')
const note = anyTool('note', 'read', () => 'noted down')

/** Answers with these plans, one for each result of `lookup`, and then with nothing. */
function replacing(...plans: readonly ProposedPlan[]): Processor {
  const left = [...plans]
  return {
    tools: ['lookup'],
    process: () => {
      const plan = left.shift()
      return plan === undefined ? null : { replace_plan: plan }
    },
  }
}

type Given = { readonly scripts?: TaskScripts; readonly planning?: PlanningOptions; readonly processor: Processor }

function planned({ scripts = {}, planning = {}, processor }: Given) {
  const { model, requests } = watching(scriptedTasks(scripts))
  const made = planner({ model, tools: [lookup, note], processor, planning: { router: null, ...planning } })
  return { ...world({ agents: [made] }), requests }
}

describe('a processor that replaces what is left of a strict plan', () => {
  test('has another version adopted, which keeps what is done and under way, and counts as a replan', async () => {
    const { start, find, runtime, requests } = planned({
      scripts: { tasks: { A: [calls('lookup'), 'a'], other: ['other'] } },
      processor: replacing(planOf(loop('other', { dependsOn: ['A'] }))),
    })
    const plan = planOf(direct('done', 'note'), loop('A', { dependsOn: ['done'] }), loop('B', { dependsOn: ['A'] }))
    const sessionId = await start({ plan })
    expect(await runtime.result({ sessionId })).toMatchObject({ text: 'other', status: { type: 'done' } })
    const proposed = await find(sessionId, 'plan_proposed')
    expect(proposed.map(({ cause }) => cause.type)).toEqual(['given', 'patch'])
    expect(proposed[1]?.tasks.map(({ id }) => id).toSorted()).toEqual(['A', 'done', 'other'])
    expect(await find(sessionId, 'plan_adopted')).toHaveLength(2)
    // What was done is not done again, and what was under way goes on where it was.
    expect((await find(sessionId, 'task_started')).map(({ taskId }) => taskId)).toEqual(['done', 'A', 'other'])
    expect(requests.filter(({ taskId }) => taskId === 'A')).toHaveLength(2)
  })

  test('at the limit of replans is refused, and the model is told so', async () => {
    const { start, find, runtime, requests } = planned({
      scripts: { tasks: { A: [calls('lookup'), calls('lookup'), 'a'], B: ['b'] } },
      planning: { maxReplans: 1 },
      processor: replacing(planOf(loop('B', { dependsOn: ['A'] })), planOf(loop('C'))),
    })
    const sessionId = await start({ plan: planOf(loop('A')) })
    expect(await runtime.result({ sessionId })).toMatchObject({ text: 'b', status: { type: 'done' } })
    expect(await find(sessionId, 'plan_proposed')).toHaveLength(2)
    const why = 'the plan was replaced 1 times, which is the limit'
    expect((await find(sessionId, 'result_processed'))[1]).toMatchObject({
      ignored: [{ code: 'replan_limit', name: '', message: why }],
    })
    const seen = requests.findLast(({ taskId }) => taskId === 'A')?.messages.findLast(({ role }) => role === 'tool')
    expect(seen).toMatchObject({ result: { status: 'ok', noted: [], ignored: [why] } })
  })

  test('with a plan that cannot be carried out changes nothing: it is rejected with what is wrong', async () => {
    const { start, find, runtime } = planned({
      scripts: { tasks: { A: [calls('lookup'), 'a'], B: ['b'] } },
      processor: replacing(planOf(direct('C', 'missing'))),
    })
    const sessionId = await start({ plan: planOf(loop('A'), loop('B', { dependsOn: ['A'] })) })
    expect(await runtime.result({ sessionId })).toMatchObject({ text: 'b', status: { type: 'done' } })
    const rejected = await find(sessionId, 'plan_rejected')
    expect(rejected.map(({ problems }) => problems.map(({ code }) => code))).toEqual([['unknown_tool']])
    expect(await find(sessionId, 'plan_adopted')).toHaveLength(1)
  })

  test('from the result of a task that is one call: it counts as done in the version that follows', async () => {
    const { start, find, runtime } = planned({
      scripts: { tasks: { B: ['b'], C: ['c'] } },
      processor: replacing(planOf(loop('C', { dependsOn: ['A'] }))),
    })
    const sessionId = await start({ plan: planOf(direct('A', 'lookup'), loop('B', { dependsOn: ['A'] })) })
    expect(await runtime.result({ sessionId })).toMatchObject({ text: 'c', status: { type: 'done' } })
    expect((await find(sessionId, 'task_started')).map(({ taskId }) => taskId)).toEqual(['A', 'C'])
    expect(await find(sessionId, 'call_started')).toHaveLength(1)
  })
})

describe('a processor that replaces a flexible plan', () => {
  const steps = (...names: readonly string[]) => names.map((name) => ({ name }))
  const plan: ScriptedDecision = { calls: [{ tool: 'plan', input: { goal: 'the sums', steps: steps('look', 'add') } }] }

  test('has the steps of the new one in the next prompt, counted as a replan', async () => {
    const script: readonly ScriptedDecision[] = [plan, calls('lookup'), calls('lookup'), 'told']
    const { model, requests } = watching(scripted(({ purposeTurn = 1 }) => script[purposeTurn - 1] ?? 'told'))
    const made = planner({
      model,
      tools: [lookup],
      processor: replacing(planOf(loop('X', { name: 'ask the bank' })), planOf(loop('Y'))),
      planning: { route: 'plan', planner: null, router: null, maxReplans: 1 },
    })
    const around = world({ agents: [made] })
    const sessionId = await around.start()
    const shown = requests.map(({ messages }) => {
      const last = messages.at(-1)
      return last?.role === 'user' ? last.text : ''
    })
    expect(shown[1]).toContain('1. [pending] look')
    expect(shown[2]).toContain('1. [pending] ask the bank')
    expect(shown[2]).not.toContain('look')
    expect(shown[3]).toBe(shown[2])
    expect(
      (await around.find(sessionId, 'result_processed')).map(({ ignored = [] }) => ignored.map(({ code }) => code)),
    ).toEqual([[], ['replan_limit']])
    expect((await around.find(sessionId, 'plan_proposed')).map(({ cause }) => cause.type)).toEqual(['call', 'patch'])
  })
})
