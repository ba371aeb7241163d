/** Two plans in the states that tests look at: a diamond that deploys a service, and four steps about a 401. */
import type { PlanTask, ProposedPlan } from './plan.ts'
import type { PlanView, TaskView } from './plan-view.ts'

export const FIXTURE_START = 1_700_000_000_000

const deployTasks: readonly PlanTask[] = [
  {
    id: 'vm',
    name: 'Create the virtual machine',
    dependsOn: [],
    tool: 'create_vm',
    input: { image: 'debian-13', size: 'small' },
  },
  {
    id: 'deps',
    name: 'Install the dependencies',
    dependsOn: ['vm'],
    tool: 'run_playbook',
    input: { host: { $from: 'vm', path: '/ip' }, playbook: 'dependencies' },
  },
  {
    id: 'network',
    name: 'Open the network',
    dependsOn: ['vm'],
    tool: 'open_port',
    input: { host: { $from: 'vm', path: '/ip' }, port: 443 },
  },
  {
    id: 'app',
    name: 'Deploy the application',
    description: 'Deploy orders 2.4.1 and wait until /health answers.',
    dependsOn: ['deps', 'network'],
    specialist: 'deployer',
    tools: ['deploy', 'read_log'],
  },
  {
    id: 'monitoring',
    name: 'Set up monitoring',
    dependsOn: ['app'],
    specialist: 'observer',
    tools: ['create_alert'],
  },
]

export const deployPlan: ProposedPlan = {
  goal: 'Deploy the orders service to staging',
  notes: 'Nothing may touch production.\nThe machine is to be a small one.',
  tasks: deployTasks,
}

export const ordersPlan: ProposedPlan = {
  goal: 'Find out why /api/orders answers 401, and mend it',
  notes: 'The gateway must not be restarted before 18:00.',
  tasks: [
    { id: 'reproduce', name: 'Reproduce the 401', dependsOn: [] },
    { id: 'find', name: 'Find the check that refuses', dependsOn: ['reproduce'] },
    { id: 'mend', name: 'Mend it', dependsOn: ['find'] },
    { id: 'prove', name: 'Prove it with a test', dependsOn: ['mend'] },
  ],
}

type Standing = Partial<Omit<TaskView, 'task'>>

/** The view of a plan: what is not said of a task is that it waits. */
export function viewOfPlan(
  plan: ProposedPlan,
  standings: { readonly [taskId: string]: Standing } = {},
  more: Partial<Pick<PlanView, 'version' | 'mode'>> = {},
): PlanView {
  const { goal, notes, tasks } = plan
  return {
    goal,
    ...(notes !== undefined && { notes }),
    version: 1,
    mode: 'strict',
    ...more,
    tasks: tasks.map((task) => ({ ...waiting(task), ...standings[task.id] })),
  }
}

function waiting(task: PlanTask): TaskView {
  return {
    task,
    status: task.dependsOn.length === 0 ? 'ready' : 'pending',
    blockedBy: task.dependsOn,
    attempt: 0,
    startedAt: null,
    endedAt: null,
    costMicroUsd: 0,
    tokens: 0,
    callIds: [],
  }
}

/** When, how long, and what it took. */
function took(fromS: number, toS: number | null, tokens: number): Standing {
  return {
    attempt: 1,
    startedAt: FIXTURE_START + fromS * 1_000,
    endedAt: toS === null ? null : FIXTURE_START + toS * 1_000,
    tokens,
    costMicroUsd: tokens * 3,
    blockedBy: [],
  }
}

const vmDone: Standing = {
  ...took(0, 42, 0),
  status: 'completed',
  result: { vmId: 'vm-17', ip: '10.0.4.12' },
  callIds: ['c1'],
}
const depsDone: Standing = {
  ...took(42, 114, 0),
  status: 'completed',
  result: 'installed: node 24, libvips 8.15',
  callIds: ['c2'],
}
const networkDone: Standing = { ...took(42, 54, 0), status: 'completed', result: { rule: 'sg-9/443' }, callIds: ['c3'] }
const networkFailed: Standing = {
  ...took(42, 54, 0),
  status: 'failed',
  attempt: 3,
  recovery: 'replan',
  failure: { failure: 'tool_terminal', message: 'the security group sg-9 has no free rule' },
  callIds: ['c3', 'c4', 'c5'],
}

/** Nothing has begun. */
export const deployFresh: PlanView = viewOfPlan(deployPlan)

/** The two in the middle run side by side. */
export const deployRunning: PlanView = viewOfPlan(deployPlan, {
  vm: vmDone,
  deps: { ...took(42, null, 0), status: 'in_progress', callIds: ['c2'] },
  network: networkDone,
  app: { blockedBy: ['deps'] },
})

/** The network could not be opened: what stands behind it is out of reach. */
export const deployFailed: PlanView = viewOfPlan(
  deployPlan,
  {
    vm: vmDone,
    deps: depsDone,
    network: networkFailed,
    app: { status: 'unreachable', blockedBy: ['network'] },
    monitoring: { status: 'unreachable', blockedBy: ['network'] },
  },
  { version: 2 },
)

export const deployDone: PlanView = viewOfPlan(deployPlan, {
  vm: vmDone,
  deps: depsDone,
  network: networkDone,
  app: { ...took(114, 240, 12_480), status: 'completed', result: 'orders 2.4.1 answers on /health', callIds: ['c6'] },
  monitoring: { ...took(240, 251, 2_104), status: 'completed', result: { alertId: 'al-3' }, callIds: ['c7'] },
})

/** A person has said to go on without the network. */
export const deploySkipped: PlanView = viewOfPlan(deployPlan, {
  vm: vmDone,
  deps: depsDone,
  network: { ...networkFailed, status: 'skipped', recovery: 'skip', reason: 'ada: the port is open already' },
  app: { ...took(114, null, 4_200), status: 'in_progress', attempt: 2, recovery: 'retry' },
})

const reproduced: Standing = {
  ...took(0, 21, 1_830),
  status: 'completed',
  result: 'GET /api/orders: 401, with a cookie and without',
}

export const ordersBegun: PlanView = viewOfPlan(
  ordersPlan,
  { reproduce: reproduced, find: { ...took(21, null, 900), status: 'in_progress' } },
  { mode: 'flexible' },
)

export const ordersDone: PlanView = viewOfPlan(
  ordersPlan,
  {
    reproduce: reproduced,
    find: { ...took(21, 60, 2_700), status: 'completed', result: 'session.ts:41 compares seconds with milliseconds' },
    mend: { ...took(60, 90, 1_100), status: 'completed' },
    prove: { status: 'cancelled', reason: 'there is a test already', blockedBy: [] },
  },
  { mode: 'flexible' },
)
