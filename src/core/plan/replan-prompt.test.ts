/** The replan prompt is a golden file, and what others wrote cannot get out of its quotes. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { PlanTask } from './plan.ts'
import { deployFailed, deployPlan, deploySkipped, viewOfPlan } from './plan-view.fixture.ts'
import { deployMeans, hostile, ownLines, triedNetwork } from './planner-means.fixture.ts'
import { type ReplanRequest, replanPrompt } from './replan-prompt.ts'

const { mode: _, ...means } = deployMeans
const request: ReplanRequest = {
  ...means,
  view: deployFailed,
  failures: [{ taskId: 'network', tried: triedNetwork }],
  replansLeft: 2,
  problems: [
    { code: 'unknown_tool', tasks: ['open'], message: 'There is no tool "opn_port". Did you mean open_port?' },
  ],
}

describe('what a planner is asked with when a part has failed', () => {
  test('is the golden file', () => {
    const { instructions, text } = replanPrompt(request)
    const golden = readFileSync(new URL('replan-prompt.golden.txt', import.meta.url), 'utf8')
    expect(`${instructions}\n\n=====\n\n${text}\n`).toBe(golden)
  })

  test('tells what was skipped, what runs, and what has not begun', () => {
    const { text } = replanPrompt({ ...request, view: deploySkipped, failures: [], problems: [] })
    expect(text).toContain('[SKIPPED]\n> network: Open the network → "ada: the port is open already"')
    expect(text).toContain('[UNDER WAY]\n> app: Deploy the application')
    expect(text).toContain('[REMAINING]\n> {"id":"monitoring",')
    expect(text).not.toContain('[UNREACHABLE]')
    expect(text).not.toContain('[YOUR LAST ANSWER]')
  })

  test('of a task that is to be taken apart asks for nothing but that', () => {
    const { instructions, text } = replanPrompt({ ...request, decompose: true })
    expect(text).toContain('[WANTED]\nnetwork, taken apart into smaller tasks.')
    expect(instructions).toContain('all others stay as they are, so leave them out')
    expect(instructions).not.toContain('is given up')
  })

  test('says nothing of ours that depends on what others wrote', () => {
    const spoiled = (task: PlanTask): PlanTask => ({ ...task, name: hostile, description: hostile, input: hostile })
    const view = {
      ...deployFailed,
      goal: hostile,
      notes: hostile,
      tasks: deployFailed.tasks.map((each) => ({
        ...each,
        task: spoiled(each.task),
        ...(each.result !== undefined && { result: { [hostile]: hostile } }),
        ...(each.failure !== undefined && { failure: { ...each.failure, message: hostile } }),
        reason: hostile,
      })),
    }
    const tried = [
      { callId: 'c3', tool: hostile, input: hostile, outcome: { type: 'ok', output: hostile } },
      { callId: 'c4', tool: hostile, input: hostile, outcome: { type: 'unknown', message: hostile } },
    ] as const
    const failures = [{ taskId: 'network', tried }]
    expect(ownLines(replanPrompt({ ...request, view, failures }).text)).toEqual(ownLines(replanPrompt(request).text))
    // The check sees a text that is not quoted.
    expect(ownLines(`[GOAL]\n${hostile}`)).not.toEqual(ownLines('[GOAL]\n> x'))
  })

  test('is bounded for a long plan: what others wait for is shown first, the rest is counted', () => {
    const tasks: PlanTask[] = Array.from({ length: 3_000 }, (_, index) => ({
      id: `t${index}`,
      name: 'n'.repeat(2_000),
      dependsOn: index === 2_999 ? ['t1500', 't2000'] : [],
    }))
    const result = 'r'.repeat(5_000)
    const standings = Object.fromEntries(
      tasks.slice(0, 2_000).map(({ id }) => [id, { status: 'completed', result } as const]),
    )
    const view = viewOfPlan({ ...deployPlan, tasks }, standings)
    const { text } = replanPrompt({ ...request, view, failures: [] })
    expect(text).toContain('> t1500: ')
    expect(text).toContain('(1800 more tasks not shown)')
    expect(text.length).toBeLessThan(200_000)
  })

  test('tells of a task with an array by that task, not by each of its elements', () => {
    const plan = {
      goal: 'g',
      tasks: [
        { id: 'each', name: 'Each', dependsOn: [], forEach: { $from: 'list' } },
        { id: 'each.0', name: 'Each', dependsOn: [], parent: 'each' },
        { id: 'on', name: 'On', dependsOn: ['each'] },
      ],
    }
    const done = { status: 'completed', result: [1] } as const
    const { text } = replanPrompt({ ...request, view: viewOfPlan(plan, { each: done, 'each.0': done }), failures: [] })
    expect(text).toContain('> each: Each → [1]\n\n')
  })
})
