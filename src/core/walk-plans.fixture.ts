/** What a walk through a plan begins with, and what planners, tasks and those who look at plans may say on it. */
import type { Command } from './command.ts'
import type { PawlEvent } from './event.ts'
import type { Json } from './json.ts'
import { call, message, started, text } from './log.fixture.ts'
import type { AssistantPart } from './message.ts'
import type { PlanTask } from './plan/plan.ts'
import { planning, routed } from './plan/plan-log.fixture.ts'
import { ROOT_TASK, type State } from './state.ts'

const tasks: readonly PlanTask[] = [
  { id: 'whole', name: 'a part', dependsOn: [] },
  { id: 'look', name: 'look', dependsOn: [], parent: 'whole', tool: 'look', input: {} },
  { id: 'pay', name: 'pay', dependsOn: ['look'], parent: 'whole', tool: 'pay', input: { seen: { $from: 'look' } } },
  { id: 'think', name: 'think', dependsOn: [], accept: { checker: 'sound' } },
  { id: 'tell', name: 'tell', dependsOn: ['whole', 'think'], needs: 'settled' },
]

export function openedWithPlan(opening: Parameters<typeof started>[0]): readonly PawlEvent[] {
  return [
    { ...started(opening), planning: { ...planning, onPartial: 'ask', planReview: 'on_warning' } },
    message('go'),
    {
      type: 'plan_proposed',
      version: 1,
      mode: 'strict',
      cause: { type: 'given' },
      goal: 'paid',
      tasks,
      taskCount: tasks.length,
    },
    routed,
  ]
}

const ofTasks: readonly (readonly AssistantPart[])[] = [
  [text('done')],
  [call('look'), call('pay', { usd: 1 })],
  [call('delegate', { name: 'a part', brief: 'do it' })],
  [call('fail_task', { class: 'stale_plan', reason: 'no' }), call('look')],
  [call('put', { row: 1 })],
]

/** Null: it is the session's own loop. */
export function plannedAnswerOf(state: State, taskId: string, how: number): readonly AssistantPart[] | null {
  if (taskId !== ROOT_TASK) return ofTasks[how % ofTasks.length] ?? null
  if (state.tasks.get(ROOT_TASK)?.purpose !== 'plan') return null
  const more: readonly PlanTask[] = [{ id: `more${how % 3}`, name: 'more', dependsOn: [], tool: 'look', input: {} }]
  return [text(how % 5 === 0 ? 'none' : JSON.stringify({ goal: 'paid', tasks: more }))]
}

/** Warnings send it to people. */
export function reviewOf(version: number, how: number): Extract<Command, { type: 'record_review' }> {
  const problem = (code: 'cycle' | 'god_task') => [{ code, tasks: [], message: 'no' }]
  return {
    type: 'record_review',
    version,
    problems: how % 11 === 0 ? problem('cycle') : [],
    warnings: how % 3 === 0 ? problem('god_task') : [],
    planHash: `plan ${version}`,
  }
}

/** What a person makes of it. */
export const editedPlan: Json = {
  goal: 'paid',
  tasks: [{ id: 'only', name: 'only', dependsOn: [], tool: 'look', input: {} }],
}
