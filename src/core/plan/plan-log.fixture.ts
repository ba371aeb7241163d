/** A log with a plan of two tasks, the second after the first, for tests of single events. */
import type { EventKind, EventOf, PawlEvent } from '../event.ts'
import { message, started } from '../log.fixture.ts'
import type { State } from '../state.ts'
import { defaultRecovery, type PlanningTerms } from './planning-terms.ts'

export const planning: PlanningTerms = {
  route: 'auto',
  hasPlanner: true,
  hasRouter: true,
  maxParallelTasks: 2,
  taskTimeoutMs: 300_000,
  maxFanOut: 100,
  maxDepth: 4,
  replanThreshold: 1,
  maxReplans: 3,
  maxPlanAttempts: 3,
  planReview: 'never',
  onPartial: 'answer',
  recovery: defaultRecovery,
}

export const proposed: EventOf<'plan_proposed'> = {
  type: 'plan_proposed',
  version: 1,
  mode: 'strict',
  cause: { type: 'given' },
  goal: 'two steps',
  tasks: [
    { id: 'a', name: 'first', dependsOn: [], tool: 'look', input: { at: 1 } },
    { id: 'b', name: 'second', dependsOn: ['a'] },
  ],
  taskCount: 2,
}

export const routed: EventOf<'route_chosen'> = {
  type: 'route_chosen',
  route: 'plan_and_subagent',
  level: 'forced',
  reason: 'the caller gave a plan',
  confidence: null,
}

export const withPlan: readonly PawlEvent[] = [{ ...started(), planning }, message('go'), proposed, routed]
export const adoptedPlan: readonly PawlEvent[] = [...withPlan, { type: 'plan_adopted', version: 1, warnings: [] }]
const begun: readonly PawlEvent[] = [
  ...adoptedPlan,
  { type: 'task_started', taskId: 'a', attempt: 1, version: 1, callId: 'c1' },
]
const failed: readonly PawlEvent[] = [
  ...begun,
  { type: 'task_failed', taskId: 'a', failure: 'tool_terminal', message: 'no', attempt: 1 },
]

type Row<K extends EventKind> = {
  readonly before: readonly PawlEvent[]
  readonly event: EventOf<K>
  readonly look: (state: State) => unknown
  readonly expected: unknown
}

type PlanKind =
  | 'route_chosen'
  | 'plan_proposed'
  | 'plan_tasks_listed'
  | 'plan_rejected'
  | 'plan_adopted'
  | 'plan_step_moved'
  | 'task_started'
  | 'task_finished'
  | 'recovery_chosen'

const nodeOf = (id: string) => (state: State) => state.plan?.nodes.get(id)

/** A line for every kind of event about plans: what one of them changes. */
export const planRows: { readonly [K in PlanKind]: Row<K> } = {
  route_chosen: {
    before: [{ ...started(), planning }, message('go')],
    event: { ...routed, level: 'rules', reason: 'short' },
    look: ({ route, tasks, plan }) => ({
      route: route?.level,
      phase: tasks.get('root')?.phase,
      cause: plan?.request?.cause,
    }),
    expected: { route: 'rules', phase: 'executing', cause: { type: 'planned' } },
  },
  plan_proposed: {
    before: [{ ...started(), planning }, message('go')],
    event: proposed,
    look: ({ plan }) => ({ pending: plan?.pending, tasks: plan?.versions[0]?.tasks.length, inForce: plan?.version }),
    expected: { pending: { version: 1, isLookedAt: false, warnings: [], approvalId: null }, tasks: 2, inForce: 0 },
  },
  plan_tasks_listed: {
    before: [{ ...started(), planning }, message('go'), { ...proposed, taskCount: 3 }],
    event: { type: 'plan_tasks_listed', version: 1, tasks: [{ id: 'c', name: 'third', dependsOn: [] }] },
    look: ({ plan }) => plan?.versions[0]?.tasks.map(({ id }) => id),
    expected: ['a', 'b', 'c'],
  },
  plan_rejected: {
    before: withPlan,
    event: {
      type: 'plan_rejected',
      version: 1,
      attempt: 1,
      problems: [{ code: 'cycle', tasks: ['a'], message: 'no' }],
    },
    look: ({ plan }) => ({ pending: plan?.pending, status: plan?.versions[0]?.status }),
    expected: { pending: null, status: 'rejected' },
  },
  plan_adopted: {
    before: withPlan,
    event: { type: 'plan_adopted', version: 1, warnings: [] },
    look: ({ plan }) => ({
      version: plan?.version,
      ready: plan?.ready.map((rank) => plan.byRank.get(rank)),
      waiting: plan?.nodes.get('b')?.waitingFor,
    }),
    expected: { version: 1, ready: ['a'], waiting: 1 },
  },
  plan_step_moved: {
    before: adoptedPlan,
    event: { type: 'plan_step_moved', taskId: 'a', status: 'completed', callId: 'c1', result: 'found' },
    look: nodeOf('a'),
    expected: { status: 'completed', output: 'found' },
  },
  task_started: {
    before: adoptedPlan,
    event: { type: 'task_started', taskId: 'a', attempt: 1, version: 1, callId: 'c1' },
    look: ({ plan, calls, index }) => ({
      status: plan?.nodes.get('a')?.status,
      call: [calls.get('c1')?.tool, calls.get('c1')?.input, calls.get('c1')?.taskId],
      isActive: index.active.has('a'),
      ready: plan?.ready,
    }),
    expected: { status: 'in_progress', call: ['look', { at: 1 }, 'a'], isActive: true, ready: [] },
  },
  task_finished: {
    before: begun,
    event: { type: 'task_finished', taskId: 'a', status: 'completed' },
    look: ({ plan, index }) => ({
      status: plan?.nodes.get('a')?.status,
      ready: plan?.ready.map((rank) => plan.byRank.get(rank)),
      isActive: index.active.has('a'),
    }),
    expected: { status: 'completed', ready: ['b'], isActive: false },
  },
  recovery_chosen: {
    before: failed,
    event: {
      type: 'recovery_chosen',
      taskId: 'a',
      failure: 'tool_terminal',
      action: 'escalate',
      reason: 'no',
      attempt: 1,
    },
    look: ({ plan }) => ({
      failed: [...(plan?.failed ?? [])],
      outOfReach: plan?.nodes.get('b')?.outOfReach,
      inARow: plan?.failuresInARow,
    }),
    expected: { failed: ['a'], outOfReach: 1, inARow: 1 },
  },
}
