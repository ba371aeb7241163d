/** Plans, routes and moves of a plan that no honest model or person makes: a sound one, with some of its members spoilt. */
import type { Purpose } from '../../src/core/index.ts'
import type { Chance } from '../../src/testing/simulator/chance.ts'
import { pickOf } from './generate-text.ts'
import { hostileText, hostileValue } from './generate-value.ts'

/** Of the poisoned agent. */
export const SPECIALIST = 'aide'
/** Tools of the poisoned agent, and names that it has none for. */
const TOOLS = ['echo', 'view', 'typed', 'pay', 'put', 'ask', 'strict', 'nobody', '__proto__', 'plan', ''] as const
const IDS = ['a', 'b', 'c', 'root', '__proto__', 'constructor', '$item', 'd-c1'] as const

/** Anything at all; mostly an object that looks like a plan. */
export function hostilePlan(chance: Chance): unknown {
  if (chance.happens(0.05)) return hostileValue(chance)
  const count = chance.happens(0.05) ? 40 : 1 + chance.below(4)
  const tasks = Array.from({ length: count }, (_, index) => taskOf(chance, index))
  const plan: Record<string, unknown> = { goal: chance.happens(0.8) ? 'a goal' : hostileText(chance), tasks }
  if (chance.happens(0.2))
    spoil(chance, plan, ['goal', 'notes', 'criticalPath', 'tasks', 'version', hostileText(chance)])
  return plan
}

function taskOf(chance: Chance, index: number): Record<string, unknown> {
  const id = chance.happens(0.95) ? `t${index}` : pickOf(chance, IDS)
  const task: Record<string, unknown> = { id, name: chance.happens(0.9) ? id : hostileText(chance) }
  if (index > 0 && chance.happens(0.5)) task['dependsOn'] = [`t${chance.below(index)}`]
  if (chance.happens(0.7)) {
    task['tool'] = chance.happens(0.95)
      ? pickOf(chance, ['echo', 'view', 'typed', 'pay', 'put'])
      : pickOf(chance, TOOLS)
    task['input'] = inputOf(chance, index)
  } else if (chance.happens(0.5)) task['specialist'] = SPECIALIST
  else if (chance.happens(0.3)) task['tools'] = [pickOf(chance, TOOLS)]
  if (index > 0 && chance.happens(0.1)) task['forEach'] = reference(chance, index)
  if (chance.happens(0.1))
    task['accept'] = pickOf<unknown>(chance, [{ schema: { type: 'array' } }, { checker: 'rule' }])
  if (chance.happens(0.1)) task['needs'] = 'settled'
  if (chance.happens(0.1)) spoil(chance, task, FIELDS)
  return task
}

const FIELDS = [
  ...['id', 'name', 'description', 'dependsOn', 'needs', 'parent', 'specialist', 'tools', 'tool', 'input', 'timeoutMs'],
  ...['expectedMs', 'cap', 'accept', 'exclusive', 'optional', 'forEach', 'status', '__proto__'],
]

function inputOf(chance: Chance, index: number): unknown {
  if (chance.happens(0.1)) return hostileValue(chance)
  return { n: index, of: index > 0 && chance.happens(0.5) ? reference(chance, index) : hostileText(chance) }
}

function reference(chance: Chance, index: number): unknown {
  const $from = index > 0 && chance.happens(0.9) ? `t${chance.below(index)}` : pickOf(chance, IDS)
  if (chance.happens(0.8)) return { $from }
  return {
    $from,
    path: pickOf(chance, ['', '/a', '/0', '/__proto__', '/constructor/name', '~', '/~2', hostileText(chance)]),
  }
}

function spoil(chance: Chance, target: Record<string, unknown>, names: readonly string[]): void {
  const value = chance.happens(0.3)
    ? pickOf<unknown>(chance, [IDS[0], ['t0'], { $from: 't0' }, -1, 1e300])
    : hostileValue(chance)
  Object.defineProperty(target, pickOf(chance, names), { value, enumerable: true, writable: true, configurable: true })
}

/** As a planner or a router writes it: mostly JSON. */
export function hostileAnswer(chance: Chance, purpose: Exclude<Purpose, 'decide'>): string {
  if (chance.happens(0.1)) return hostileText(chance)
  const value =
    purpose === 'plan' ? hostilePlan(chance) : purpose === 'route' ? hostileRoute(chance) : hostileMemory(chance)
  const text = written(value) ?? hostileText(chance)
  const kind = chance.below(12)
  if (kind === 0) return text.slice(0, chance.below(text.length + 1))
  if (kind === 1) return `\`\`\`json\n${text}\n\`\`\``
  return kind === 2 ? `${text}${hostileText(chance)}` : text
}

/** What a processor, a compressor and a summarizer may answer with. */
function hostileMemory(chance: Chance): unknown {
  const text = () => hostileText(chance)
  const fact = () => ({ key: pickOf<unknown>(chance, ['k', '__proto__', text()]), value: hostileValue(chance) })
  return pickOf<unknown>(chance, [
    { append_known_facts: [fact(), fact()], open_questions: [text()], replace_plan: hostilePlan(chance) },
    { answer_questions: [{ questionId: pickOf<unknown>(chance, ['q1', 1, text()]), answer: hostileValue(chance) }] },
    { points: [text(), hostileValue(chance), text()] },
    { asked: [text()], decided: hostileValue(chance), done: [text()], open: [] },
    hostileValue(chance),
  ])
}

function hostileRoute(chance: Chance): unknown {
  const route = pickOf<unknown>(chance, ['plan', 'plan_and_subagent', 'direct', '__proto__', hostileValue(chance)])
  return { route, confidence: pickOf<unknown>(chance, [1, 2, -1, '1', null]), reason: hostileText(chance) }
}

/** Undefined: it cannot be written as JSON. */
function written(value: unknown): string | undefined {
  try {
    return JSON.stringify(value)
  } catch {
    return undefined
  }
}

export const controlCalls = ['plan', 'update_plan', 'delegate', 'fail_task'] as const

/** Of one of `controlCalls`. */
export function hostileMove(chance: Chance): unknown {
  const text = () => (chance.happens(0.7) ? 'some text' : hostileText(chance))
  const input: Record<string, unknown> = pickOf(chance, [
    { goal: text(), notes: text(), steps: [{ name: text() }, { name: text(), description: text() }] },
    { step: pickOf<unknown>(chance, [1, 2, 0, 99, 1.5, '1']), status: pickOf(chance, STEPS), result: text() },
    { name: text(), brief: text(), step: pickOf<unknown>(chance, [1, 2, 99]), tools: [pickOf(chance, TOOLS)] },
    { name: text(), brief: text(), specialist: SPECIALIST },
    { class: pickOf(chance, ['stale_plan', 'missing_input', 'budget', '__proto__', text()]), reason: text() },
  ])
  if (chance.happens(0.5)) spoil(chance, input, [...Object.keys(input), hostileText(chance)])
  return input
}

const STEPS = ['in_progress', 'completed', 'pending', 'cancelled', 'approved'] as const

/** How a session goes about its work, where it plans at all; null: as it always did. */
export type PlansOfCase = { readonly route: 'plan' | 'plan_and_subagent' | 'auto'; readonly isReviewed: boolean }

export function plansOfCase(chance: Chance): PlansOfCase | null {
  if (chance.happens(0.4)) return null
  return {
    route: pickOf(chance, ['plan', 'plan_and_subagent', 'plan_and_subagent', 'auto']),
    isReviewed: chance.happens(0.3),
  }
}
