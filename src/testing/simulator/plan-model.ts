/** A model in a world that plans: a planner, a router, the loop of a flexible plan, and the loops of tasks; each says anything. */
import type { Json, ModelResponse } from '../../core/index.ts'
import type { Model, ModelRequest } from '../../ports/index.ts'
import { plannedAnswer } from './planner-model.ts'
import type { PlansShape } from './plans-shape.ts'
import { ownersOf, randomModel } from './random-model.ts'
import type { World } from './world.ts'

type Parts = ModelResponse['parts']

export function planningModel(world: World, plans: PlansShape): Model {
  const plain = randomModel(world)
  return {
    ...plain,
    generate: async (request, options) => {
      const { chance } = world
      const [owner] = ownersOf(request.messages)
      const tag = owner?.tag ?? ''
      const record = owner === undefined ? undefined : world.records.find(owner)
      const { purpose = 'decide' } = request
      if (purpose === 'plan' && record !== undefined)
        return said(world, request, [text(plannedAnswer(world, plans, { record, tag }))])
      if (purpose === 'route') return said(world, request, [text(routeAnswer(world))])
      if (chance.happens(0.01)) return { ...said(world, request, [text('no')]), finish: 'refusal' }
      const isTask = request.taskId !== undefined && request.taskId !== 'root'
      const offered = new Set(request.tools.map(({ name }) => name))
      if (isTask) return said(world, request, taskParts(world, plans, { request, offered, tag }))
      if (offered.has('plan')) return said(world, request, flexibleParts(world, { request, offered, tag }))
      return plain.generate(request, options)
    },
  }
}

function said({ chance }: World, { maxOutputTokens }: ModelRequest, parts: Parts): ModelResponse {
  const outputTokens = chance.happens(0.3) ? maxOutputTokens : 1 + chance.below(200)
  const isCalls = parts.some(({ type }) => type === 'call')
  return {
    parts,
    finish: isCalls ? 'tool_calls' : 'stop',
    usage: { inputTokens: 1, outputTokens: Math.min(outputTokens, maxOutputTokens) },
  }
}

function text(value: string): Parts[number] {
  return { type: 'text', text: value }
}

function routeAnswer({ chance }: World): string {
  if (chance.happens(0.2)) return 'I would plan it.'
  const route = chance.pick(['direct', 'plan', 'plan_and_subagent'] as const)
  return JSON.stringify({ route, reason: 'by chance', confidence: 0.5 })
}

type Asked = { readonly request: ModelRequest; readonly offered: ReadonlySet<string>; readonly tag: string }

type Drawing = { readonly count: number; readonly drawn: () => readonly [string, Json] }

function calls({ chance }: World, { request }: Asked, { count, drawn }: Drawing): Parts {
  return Array.from({ length: count }, (_, index) => {
    const [tool, input] = drawn()
    return { type: 'call' as const, providerCallId: `p${request.turn}-${index}-${chance.below(9)}`, tool, input }
  })
}

/** The loop of a task: calls of what it may, delegations, that it cannot be done, an answer. */
function taskParts(world: World, { fails }: PlansShape, asked: Asked): Parts {
  const { chance, shape } = world
  const { offered, tag } = asked
  if (chance.happens(fails / 2)) return calls(world, asked, { count: 1, drawn: () => ['fail_task', failTask(world)] })
  if (chance.happens(Math.max(0.35, shape.ends))) return [text(answerOf(world, fails))]
  const own = [...offered].filter((name) => name !== 'fail_task' && name !== 'delegate')
  const drawn = (): readonly [string, Json] => [
    chance.happens(0.05) ? 'wire' : (chance.among(own) ?? 'look'),
    { amount: 1 + chance.below(5) },
  ]
  if (!offered.has('delegate') || !chance.happens(0.2))
    return calls(world, asked, { count: 1 + chance.below(Math.min(2, shape.callsAtMost)), drawn })
  const given = calls(world, asked, { count: 1, drawn: () => ['delegate', delegation(world, tag)] })
  // What it does itself meanwhile may take too long, and end with it whoever it has asked.
  return [...given, ...calls(world, asked, { count: 1, drawn })]
}

function answerOf({ chance }: World, fails: number): string {
  if (chance.happens(fails / 2)) return 'nonsense'
  return chance.happens(0.5) ? '{"n": 1}' : 'done'
}

const classes = ['stale_plan', 'missing_input', 'tool_terminal', 'timeout', 'policy_denied'] as const

/** Why, in the words of a loop. */
export const CANNOT = 'it cannot be done'

function failTask({ chance }: World): Json {
  return { class: chance.pick(classes), reason: CANNOT }
}

function delegation({ chance, shape }: World, tag: string, step?: number): Json {
  return {
    name: 'a part',
    brief: `${tag}do a part`,
    ...(chance.happens(0.5) && { specialist: chance.pick(['reader', 'payer'] as const) }),
    ...(chance.happens(0.4) && { tools: [...new Set(shape.tools)] }),
    ...(step !== undefined && { step }),
  }
}

const statuses = ['in_progress', 'in_progress', 'completed', 'completed', 'pending', 'cancelled'] as const

/** The session's own loop over a flexible plan. */
function flexibleParts(world: World, asked: Asked): Parts {
  const { chance, shape } = world
  const { offered, tag, request } = asked
  const isFirst = request.mustCall !== undefined || offered.size === 1
  if (isFirst && chance.happens(0.85))
    return calls(world, asked, { count: 1, drawn: () => ['plan', steps(world, tag)] })
  if (chance.happens(shape.ends)) return [text('done')]
  const drawn = (): readonly [string, Json] => {
    const roll = chance.random()
    if (roll < 0.08) return ['plan', steps(world, tag)]
    if (roll < 0.5) {
      const result = chance.happens(0.5) ? { result: 'it is done' } : {}
      return ['update_plan', { step: 1 + chance.below(4), status: chance.pick(statuses), ...result }]
    }
    if (roll < 0.75) return ['delegate', delegation(world, tag, chance.happens(0.8) ? 1 + chance.below(4) : undefined)]
    return [chance.among(shape.tools) ?? 'look', { amount: 1 + chance.below(5) }]
  }
  return calls(world, asked, { count: 1 + chance.below(shape.callsAtMost), drawn })
}

function steps({ chance }: World, tag: string): Json {
  const count = chance.happens(0.05) ? 51 : 1 + chance.below(5)
  return {
    goal: `${tag}step by step`,
    steps: Array.from({ length: count }, (_, index) => ({ name: `step ${index + 1}` })),
  }
}
