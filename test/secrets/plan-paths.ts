/** Everything that is said of plans: by planners, routers and specialists, by tools whose results are passed on, and by people. */
import { type Agent, type AnyTool, agent, type Runtime, ToolError, tool } from 'pawl'
import type { Json, PlanTask, ProposedPlan } from 'pawl/core'
import { type ScriptedDecision, scriptedTasks } from 'pawl/models/scripted'
import { open } from 'pawl/policies'
import { z } from 'zod'
import { type Canaries, nameOf } from './canaries.ts'

/** A value each; a path that is refused is stored where nothing is redacted. */
export const planPaths: readonly string[] = [
  'plan: reason of a route',
  'plan: goal',
  'plan: notes',
  'plan: name of a task',
  'plan: description of a task',
  'plan: result that is passed on',
  'plan: element of a list',
  'plan: error of a task',
  'plan: what a task says that it lacks',
  'plan: answer of a task',
  'plan: what a checker says',
  'plan: answer to a replan',
  'plan: synthesis',
  'plan: name of a step',
  'plan: result of a step',
  'plan: brief of a piece of work',
  'plan: answer of somebody who was asked',
  'plan: reason of a review',
  'plan: input that a planner writes',
  'plan: input of an edited plan',
  'plan: input of a given plan',
  'plan: name of a template',
]

type Say = (path: string) => string

/** A strict plan, a flexible one, one that people look at, and one that a planner writes with a value in an input. */
export function planningAgents(canaries: Canaries): readonly Agent[] {
  const say: Say = (path) => canaries.of(`plan: ${path}`)
  for (const path of planPaths) canaries.of(path)
  const names = planPaths.map(nameOf)
  const tools = planTools(say, names)
  const base = { instructions: 'Work.', tools, policies: [open('fail')], budget: { maxTurns: 50 } }
  const reviewed = { planning: { route: 'plan_and_subagent', router: null, planReview: 'always' } } as const
  return [
    agent({
      ...base,
      name: 'strict-plan',
      model: scriptedTasks(strictScripts(say)),
      planning: {
        checkers: { complains: () => `not so: ${say('what a checker says')}` },
        recovery: { invalid_output: { action: 'skip', maxRetries: 0, backoffMs: 0 } },
      },
    }),
    agent({
      ...base,
      name: 'flexible-plan',
      model: flexibleModel(say),
      planning: { route: 'plan', router: null },
      specialists: [{ name: 'teller', domain: 'Tells.', instructions: 'Tell.' }],
    }),
    agent({ ...base, ...reviewed, name: 'reviewed-plan', model: scriptedTasks({ plan: [json(lookOnce({}))] }) }),
    agent({
      ...base,
      name: 'learned-plan',
      planning: { route: 'plan_and_subagent', router: null },
      model: scriptedTasks({
        plan: [
          json(lookOnce({ key: say('input that a planner writes') })),
          json(lookOnce({ key: `secret://${nameOf('plan: input that a planner writes')}` })),
        ],
      }),
    }),
  ]
}

function planTools(say: Say, secrets: readonly string[]): readonly AnyTool[] {
  const make = (name: string, run: (input: object) => unknown, effect: 'read' | 'unsafe' = 'read') =>
    tool<object, unknown>({ name, description: name, effect, input: z.looseObject({}), secrets, run })
  return [
    make('look', () => 'seen'),
    make('find', () => ({ rows: [say('result that is passed on')] })),
    make('list', () => [say('element of a list'), 'other']),
    // What it was given: a result that another task has found.
    make('take', (input) => ({ took: input })),
    make(
      'fail',
      () => {
        throw new ToolError(`cut off at ${say('error of a task')}`, { tookEffect: false })
      },
      'unsafe',
    ),
  ]
}

function strictScripts(say: Say): Parameters<typeof scriptedTasks>[0] {
  const first: ProposedPlan = {
    goal: `all of ${say('goal')}`,
    notes: `mind ${say('notes')}`,
    tasks: [
      { ...direct('found', 'find'), name: `find ${say('name of a task')}` },
      direct('taken', 'take', { rows: { $from: 'found', path: '/rows/0' } }),
      direct('listed', 'list'),
      { ...direct('each', 'take', { one: { $from: '$item' } }), forEach: { $from: 'listed' } },
      { ...loop('read'), description: `Read ${say('description of a task')}.` },
      { ...loop('checked'), accept: { checker: 'complains' } },
      loop('lacking'),
      direct('broken', 'fail'),
      { ...loop('report', 'taken', 'each', 'read', 'checked', 'lacking', 'broken'), needs: 'settled' },
    ],
  }
  const lacking = `there is no ${say('what a task says that it lacks')}`
  return {
    route: [json({ route: 'plan_and_subagent', confidence: 1, reason: `for ${say('reason of a route')}` })],
    plan: [json(first), ...Array.from({ length: 9 }, () => `no plan: ${say('answer to a replan')}`)],
    tasks: {
      read: [`it says ${say('answer of a task')}`],
      checked: ['a result'],
      lacking: [call('fail_task', { class: 'missing_input', reason: lacking }), 'I cannot.'],
      report: [`in all ${say('synthesis')}`],
    },
  }
}

/** The root moves its plan, and gives a piece of the work away. */
function flexibleModel(say: Say): ReturnType<typeof scriptedTasks> {
  const work: readonly ScriptedDecision[] = [
    call('plan', { goal: 'two steps', steps: [{ name: `learn ${say('name of a step')}` }, { name: 'tell' }] }),
    call('plan', { goal: 'two steps', steps: [{ name: 'learn' }, { name: 'tell' }] }),
    call('update_plan', { step: 1, status: 'in_progress' }),
    call('update_plan', { step: 1, status: 'completed', result: `it is ${say('result of a step')}` }),
    call('delegate', { name: 'tell', brief: `say ${say('brief of a piece of work')}` }),
    call('delegate', { name: 'tell', brief: 'say it', step: 2 }),
    'done',
  ]
  return scriptedTasks({
    tasks: { root: work },
    others: () => `they say ${say('answer of somebody who was asked')}`,
  })
}

/** People look at a plan, and hand in others; and callers who have one. */
export async function planPeople(runtime: Runtime, canaries: Canaries): Promise<void> {
  const say: Say = (path) => canaries.of(`plan: ${path}`)
  const open = async () => {
    const { sessionId } = await runtime.start('reviewed-plan', { message: 'go' })
    const { openApprovals } = await runtime.result({ sessionId })
    return { sessionId, approvalId: openApprovals[0]?.approvalId ?? '' }
  }
  const edited = await open()
  await runtime.approvals.edit(edited, 'ada', asJson(lookOnce({ key: say('input of an edited plan') })))
  const rejected = await open()
  await runtime.approvals.reject(rejected, 'ada', { reason: `not ${say('reason of a review')}` })
  for (const { sessionId } of [edited, rejected]) await runtime.send({ sessionId }, { type: 'cancel', by: 'ada' })
  await Promise.allSettled([
    runtime.start('reviewed-plan', { message: 'go', plan: lookOnce({ key: say('input of a given plan') }) }),
    runtime.start('reviewed-plan', { message: 'go', plan: lookOnce({}), template: `of ${say('name of a template')}` }),
  ])
}

function direct(id: string, tool: string, input: Json = {}): PlanTask {
  return { id, name: id, dependsOn: [], tool, input }
}

function loop(id: string, ...dependsOn: readonly string[]): PlanTask {
  return { id, name: id, dependsOn }
}

function lookOnce(input: Json): ProposedPlan {
  return { goal: 'look once', tasks: [direct('look', 'look', input)] }
}

function call(tool: string, input: Json): ScriptedDecision {
  return { calls: [{ tool, input }] }
}

/** An answer to a schema. */
function json(value: object): ScriptedDecision {
  return { json: asJson(value) }
}

function asJson(value: object): Json {
  return JSON.parse(JSON.stringify(value)) as Json
}
