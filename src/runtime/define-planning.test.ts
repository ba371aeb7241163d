import { describe, expect, test } from 'vitest'
import { scripted } from '../models/scripted.ts'
import type { Model } from '../ports/index.ts'
import { type AgentOptions, agent } from './define.ts'
import type { Runtime } from './runtime.ts'
import { anyTool } from './world.fixture.ts'

const look = anyTool('look', 'read', () => 1)
const model: Model = { ...scripted([]), id: 'test/own', price: { inputMicroUsdPerMTok: 1, outputMicroUsdPerMTok: 1 } }
const unpriced: Model = { ...scripted([]), id: 'test/unpriced', price: null }
const helper = { name: 'helper', domain: 'Helps.', instructions: 'Help.' }

function define(more: object) {
  return () => agent({ name: 'clerk', instructions: 'Look.', model, tools: [look], ...more })
}

describe('an agent is refused', () => {
  test.each([
    ['with an option that there is not', { polices: [] }, '"polices" is no option. Did you mean "policies"?'],
    [
      'with an option of planning that there is not',
      { planning: { onpartial: 'ask' } },
      'planning: "onpartial" is no option. Did you mean "onPartial"?',
    ],
    [
      'with an option of a specialist that there is not',
      { specialists: [{ ...helper, tool: 'look' }] },
      'specialist helper: "tool" is no option. Did you mean "tools"?',
    ],
    [
      'with a checker that is none',
      { planning: { checkers: { c: 7 } } },
      'planning.checkers.c is a function; found number',
    ],
    [
      'with a recovery action that there is not',
      { planning: { recovery: { timeout: { action: 'explode', maxRetries: 1, backoffMs: 0 } } } },
      'recovery.timeout.action is retry, decompose, skip, replan, escalate, abort; found "explode"',
    ],
    [
      'with a row of recovery that is none',
      { planning: { recovery: { timeout: null } } },
      'recovery.timeout has to be',
    ],
    [
      'with a cost cap and a planner whose price is not known',
      { planning: { planner: unpriced }, budget: { maxCostMicroUsd: 5 } },
      'planner has a cost cap, but the price of test/unpriced is not known',
    ],
    [
      'with a cost cap and a specialist whose price is not known',
      { specialists: [{ ...helper, model: unpriced }], budget: { maxCostMicroUsd: 5 } },
      'Give the specialist helper, or its model a price',
    ],
    [
      'with a specialist whose own cost cap could not hold',
      { specialists: [{ ...helper, model: unpriced, cap: { costMicroUsd: 5 } }] },
      'helper has a cost cap',
    ],
    ['with a specialist that has a tool of nobody', { specialists: [{ ...helper, tools: ['fly'] }] }, 'the tool fly'],
    ['with two specialists of one name', { specialists: [helper, helper] }, 'two specialists are named helper'],
    [
      'with a specialist that would be taken for the planner',
      { specialists: [{ ...helper, name: 'planner' }] },
      'not one of planner',
    ],
    [
      'with a number of parallel tasks that is none',
      { planning: { maxParallelTasks: 0 } },
      'planning.maxParallelTasks',
    ],
  ])('%s', (_, more, message) => {
    expect(define(more)).toThrow(message)
  })

  test('but not where a price is given, or nothing is capped', () => {
    const price = { inputMicroUsdPerMTok: 1, outputMicroUsdPerMTok: 1 }
    expect(
      define({ specialists: [{ ...helper, model: unpriced, price }], budget: { maxCostMicroUsd: 5 } }),
    ).not.toThrow()
    expect(define({ specialists: [{ ...helper, model: unpriced }], planning: { planner: unpriced } })).not.toThrow()
  })
})

test('what is misspelt in a plan, in planning or in a specialist does not compile', () => {
  type Start = NonNullable<Parameters<Runtime['start']>[1]>
  const rest = { message: 'go' }
  const whole: Start = {
    ...rest,
    plan: {
      goal: 'g',
      tasks: [
        { id: 'a', name: 'a', tool: 'look', input: { at: [1, null, 'x'] } },
        { id: 'b', name: 'b', input: { $from: 'a', path: '/0' }, tool: 'look', accept: { schema: { type: 'number' } } },
        { id: 'c', name: 'c', dependsOn: ['a'], needs: 'settled', specialist: 'helper', cap: { turns: 1 } },
      ],
    },
  }
  // @ts-expect-error: dependsOn
  const dependOn: Start = { ...rest, plan: { goal: 'g', tasks: [{ id: 'a', name: 'a', dependOn: ['b'] }] } }
  // @ts-expect-error: needs is completed or settled
  const needs: Start = { ...rest, plan: { goal: 'g', tasks: [{ id: 'a', name: 'a', needs: 'done' }] } }
  // @ts-expect-error: turns
  const cap: Start = { ...rest, plan: { goal: 'g', tasks: [{ id: 'a', name: 'a', cap: { turn: 1 } }] } }
  // @ts-expect-error: plan_and_subagent
  const route: Start = { ...rest, route: 'strict' }
  // @ts-expect-error: a goal
  const goal: Start = { ...rest, plan: { tasks: [] } }
  // @ts-expect-error: maxReplans
  const planning: AgentOptions['planning'] = { maxReplan: 2 }
  // @ts-expect-error: the closed set of actions
  const recovery: AgentOptions['planning'] = { recovery: { timeout: { action: 'ask', maxRetries: 0, backoffMs: 0 } } }
  // @ts-expect-error: instructions
  const specialists: AgentOptions['specialists'] = [{ name: 'a', domain: 'b' }]
  expect([whole, dependOn, needs, cap, route, goal, planning, recovery, specialists]).toHaveLength(9)
})
