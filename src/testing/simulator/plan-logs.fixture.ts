/** Logs of sessions that plan, as short as an invariant needs them to be broken by their last event. */
import { expect } from 'vitest'
import type { EventOf, PawlEvent, PlanTask } from '../../core/index.ts'
import { asked, call, message, responded, started } from '../../core/log.fixture.ts'
import { planning, proposed, routed } from '../../core/plan/plan-log.fixture.ts'
import { questioned, task } from '../../core/plan/plan-spec.fixture.ts'
import type { PlanningTerms } from '../../core/plan/planning-terms.ts'
import { check } from './invariants.ts'
import { note } from './note.ts'
import { freshRecord } from './record.ts'
import type { Expected } from './world.ts'

export const tools = ['look', 'pay']
export const expected: Expected = {
  effectOf: (name) => (name === 'pay' ? 'unsafe' : 'read'),
  toolsOf: (specialist) => (specialist === 'reader' ? ['look'] : tools),
  retriesOf: () => 0,
  verdictOf: null,
}

export type Log = readonly PawlEvent[]

/** A strict plan that is looked at. */
export function offered(tasks: readonly PlanTask[], terms: Partial<PlanningTerms> = {}): Log {
  const opening = { ...started(), planning: { ...planning, ...terms } }
  return [opening, message('go'), { ...proposed, tasks, taskCount: tasks.length }, routed]
}

export const adopted = (version = 1): PawlEvent => ({ type: 'plan_adopted', version, warnings: [] })

/** In force. */
export function inForce(tasks: readonly PlanTask[], terms: Partial<PlanningTerms> = {}): Log {
  return [...offered(tasks, terms), adopted()]
}

export function replan(version: number, tasks: readonly PlanTask[]): EventOf<'plan_proposed'> {
  const cause = { type: 'replan', taskIds: ['a'], failure: 'tool_terminal' } as const
  return { ...proposed, version, cause, tasks, taskCount: tasks.length }
}

export const finished = (taskId: string, status: 'completed' | 'skipped' | 'cancelled' = 'completed'): PawlEvent => ({
  type: 'task_finished',
  taskId,
  status,
})
export const over = (more: Partial<EventOf<'session_ended'>> = {}): PawlEvent => ({
  type: 'session_ended',
  reason: 'final_answer',
  ending: { type: 'answered' },
  unresolved: [],
  ...more,
})
export const [a, b] = [task('a'), task('b')]
export const after = task('after', { dependsOn: ['a'] })
export const two: Log = inForce([a, b])
/** Never asked, and so without a place. */
export const askedOf = (taskId: string, log: Log, more: Partial<EventOf<'model_started'>> = {}): PawlEvent =>
  asked(1, { taskId, contextSeq: log.length, ...more })
export const judged = (callId: string, tool = 'look'): PawlEvent => {
  const hashes = { idempotencyKey: callId, effectHash: callId, approvalHash: callId, policyHash: 'p' }
  const effect = tool === 'pay' ? 'unsafe' : 'read'
  const terms = { effect, timeoutMs: 1, retries: 0, verifies: false, repeat: 'ask', ...hashes } as const
  return { type: 'call_judged', callId, judgement: { type: 'verdict', verdict: { type: 'allow' }, terms }, fence: 1 }
}
export const began = (callId: string): PawlEvent => ({
  type: 'call_started',
  callId,
  attempt: 1,
  fence: 1,
  leaseMs: 1_000,
})

/** The loop of a task that has begun asks for this one call. */
export function asks(taskId: string, tool: string, log: Log, callId = 'c1'): Log {
  const answer = { ...responded(1, [call(tool)]), taskId }
  const decision: PawlEvent = { type: 'decision_recorded', taskId, turn: 1, decision: 'calls', callIds: [callId] }
  return [...log, askedOf(taskId, log), answer, decision]
}

/** The same, of `delegate`: `d-c1` has begun. */
export function gives(taskId: string, log: Log, tools?: readonly string[]): Log {
  const delegated = { parent: taskId, callId: 'c1', name: 'a part', brief: 'do it', ...(tools && { tools }) }
  const control: PawlEvent = { type: 'call_judged', callId: 'c1', judgement: { type: 'control' }, fence: 1 }
  return [...asks(taskId, 'delegate', log), control, { type: 'task_started', taskId: 'd-c1', attempt: 1, delegated }]
}

export const step = (taskId: string, callId: string): PawlEvent => ({
  type: 'plan_step_moved',
  taskId,
  status: 'in_progress',
  callId,
})

/** The model of a flexible plan moves both of its steps. */
export function moving(): Log {
  const [opening, said, proposal] = offered([a, b])
  const plan: readonly PawlEvent[] = [
    ...[opening, said].flatMap((event) => event ?? []),
    { ...routed, route: 'plan' },
    ...(proposal?.type === 'plan_proposed' ? [{ ...proposal, mode: 'flexible' } as const] : []),
    adopted(),
  ]
  const parts = [call('update_plan', { step: 1 }), call('update_plan', { step: 2 })]
  const decision: PawlEvent = {
    type: 'decision_recorded',
    taskId: 'root',
    turn: 1,
    decision: 'calls',
    callIds: ['c1', 'c2'],
  }
  return [...plan, askedOf('root', plan), responded(1, parts), decision, step('a', 'c1')]
}

/** What the last of these events breaks; every event is a second after the one before it. */
export function brokenBy(log: Log): readonly string[] | undefined {
  const record = freshRecord('t', 's')
  const broken = log.map((event, index) => {
    const logEvent = { seq: index + 1, at: (index + 1) * 1_000, event }
    const complaints = check(record, logEvent, expected)
    note(record, logEvent, expected)
    return complaints.map(({ invariant }) => invariant)
  })
  expect(broken.slice(0, -1).flat()).toEqual([])
  return broken.at(-1)
}

export const isPerson = { by: 'ada' } as const
export const review: PawlEvent = {
  ...questioned('a', 'a1'),
  kind: 'approval',
  reason: 'r',
  subject: { type: 'plan', version: 1, warnings: [] },
}
export const refused: PawlEvent = { type: 'plan_rejected', version: 1, attempt: 1, problems: [] }
export const wanted: PawlEvent = {
  type: 'route_chosen',
  route: 'plan_and_subagent',
  level: 'rules',
  reason: '',
  confidence: null,
}
