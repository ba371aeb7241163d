/** Logs of the plan that deploys a service, one event a second, with as little said as the reducers need. */
import type { EventOf, LogEvent, PawlEvent } from '../event.ts'
import { begun, finished, judged, logOf, started } from '../trace-log.fixture.ts'
import { planning } from './plan-log.fixture.ts'
import { deployPlan } from './plan-view.fixture.ts'
import type { PlanningTerms } from './planning-terms.ts'

type Terms = Partial<PlanningTerms>

/** Given, and not looked at yet. Events 1 to 4. */
export function givenDeploy(terms: Terms = {}): readonly PawlEvent[] {
  const [first, message] = started()
  if (first?.type !== 'session_started' || message === undefined) throw new Error('a log begins with its session')
  return [
    { ...first, planning: { ...planning, hasPlanner: false, ...terms } },
    message,
    {
      type: 'plan_proposed',
      version: 1,
      mode: 'strict',
      cause: { type: 'given' },
      ...deployPlan,
      taskCount: deployPlan.tasks.length,
    },
    {
      type: 'route_chosen',
      route: 'plan_and_subagent',
      level: 'forced',
      reason: 'the caller gave a plan',
      confidence: null,
    },
  ]
}

/** Adopted, and the machine is made. Events 1 to 10. */
function deployBegun(terms: Terms = {}): readonly PawlEvent[] {
  return [
    ...givenDeploy(terms),
    { type: 'plan_adopted', version: 1, warnings: [] },
    ...ranAsCall('vm', 'c1', { ip: '10.0.4.12' }),
  ]
}

/** `deps` is under way, and the network could not be opened. Events 1 to 18. */
export function networkFailed(failure: EventOf<'task_failed'>['failure'], terms: Terms = {}): readonly PawlEvent[] {
  const outcome = { type: 'terminal_error', message: 'sg-9 has no free rule' } as const
  return [
    ...deployBegun(terms),
    { type: 'task_started', taskId: 'deps', attempt: 1, version: 1, callId: 'c2' },
    { type: 'task_started', taskId: 'network', attempt: 1, version: 1, callId: 'c3' },
    judged('c2'),
    judged('c3'),
    begun('c2'),
    begun('c3'),
    finished('c3', outcome),
    { type: 'task_failed', taskId: 'network', failure, message: 'sg-9 has no free rule', attempt: 1 },
  ]
}

/** The dependencies are installed, too. */
export const depsDone: readonly PawlEvent[] = [
  finished('c2', { type: 'ok', output: 'installed' }),
  { type: 'task_finished', taskId: 'deps', status: 'completed' },
]

export const escalated: EventOf<'recovery_chosen'> = {
  type: 'recovery_chosen',
  taskId: 'network',
  failure: 'tool_terminal',
  action: 'escalate',
  attempt: 1,
  reason: 'tool_terminal: nothing else is left to try',
}

/** Nobody is asked: what there is counts. */
export function endedPartial(): LogEvent[] {
  const ending = { type: 'answered' } as const
  return [
    ...logOf(networkFailed('tool_terminal'), escalated, depsDone, {
      type: 'session_ended',
      reason: 'final_answer',
      ending,
      unresolved: [],
      partial: true,
    }),
  ]
}

/** A person is asked what follows. */
export function askedAboutNetwork(): readonly LogEvent[] {
  const text = 'network "Open the network" has failed: sg-9 has no free rule. What now?'
  return logOf(
    networkFailed('tool_terminal', { onPartial: 'ask' }),
    escalated,
    {
      type: 'approval_requested',
      approvalId: 'a1',
      callId: '',
      subject: { type: 'task', taskId: 'network', attempt: 1 },
      kind: 'question',
      reason: 'escalation',
      message: text,
      hash: '',
      quorum: 1,
      notRequester: false,
      expiresAt: 900_000,
      question: { text, options: ['retry', 'skip', 'abort'] },
    },
    depsDone,
    { type: 'session_parked', reason: 'escalation', taskId: 'network', message: 'network: sg-9 has no free rule' },
  )
}

/** A person is asked whether it is carried out. */
export function askedAboutPlan(): readonly LogEvent[] {
  const warnings = [{ code: 'god_task', tasks: ['app'], message: 'It does two things. Make two tasks of it.' }] as const
  return logOf(
    givenDeploy({ planReview: 'on_warning' }),
    {
      type: 'approval_requested',
      approvalId: 'a1',
      callId: '',
      subject: { type: 'plan', version: 1, warnings },
      kind: 'approval',
      reason: 'god_task',
      message: 'plan 1: Deploy the orders service to staging',
      hash: 'h',
      quorum: 1,
      notRequester: false,
      expiresAt: 900_000,
    },
    { type: 'session_parked', reason: 'plan_review', taskId: 'root', message: 'god_task' },
  )
}

/** It is tried again later; nothing else is left to do meanwhile. */
export function retriedLater(): readonly LogEvent[] {
  return logOf(
    networkFailed('tool_retryable'),
    {
      type: 'recovery_chosen',
      taskId: 'network',
      failure: 'tool_retryable',
      action: 'retry',
      attempt: 1,
      reason: 'tool_retryable: retry 1 of 2',
      retryAt: 80_000,
    },
    depsDone,
  )
}

/** The failed task is planned anew under another name, and that plan is in force. */
export function replanned(): readonly LogEvent[] {
  const tasks = deployPlan.tasks.map((task) => {
    if (task.id === 'network') return { ...task, id: 'group', name: 'Open the network in a new group' }
    return task.id === 'app' ? { ...task, dependsOn: ['deps', 'group'] } : task
  })
  const cause = { type: 'replan', taskIds: ['network'], failure: 'tool_terminal' } as const
  return logOf(
    networkFailed('tool_terminal', { hasPlanner: true }),
    { ...escalated, action: 'replan', reason: 'tool_terminal: what is left is planned anew' },
    depsDone,
    { type: 'plan_proposed', version: 2, mode: 'strict', cause, ...deployPlan, tasks, taskCount: tasks.length },
    { type: 'plan_adopted', version: 2, warnings: [] },
  )
}

function ranAsCall(taskId: string, callId: string, output: EventOf<'task_finished'>['output']): readonly PawlEvent[] {
  return [
    { type: 'task_started', taskId, attempt: 1, version: 1, callId },
    judged(callId),
    begun(callId),
    finished(callId, { type: 'ok', output: output ?? null }),
    { type: 'task_finished', taskId, status: 'completed' },
  ]
}
