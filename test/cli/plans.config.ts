/** What the tests of plans on the command line run: agents that deploy a service, each in its own trouble. */
import { agent, ToolError, tool } from 'pawl'
import { defineConfig } from 'pawl/cli'
import { type ScriptedDecision, scriptedTasks, type TaskScripts } from 'pawl/models/scripted'
import { open, requireApproval } from 'pawl/policies'
import { z } from 'zod'
import type { Json } from '../../src/core/index.ts'
import { deployPlan } from '../../src/core/plan/plan-view.fixture.ts'
import type { PlanningOptions } from '../../src/runtime/planning-options.ts'

const createVm = tool({
  name: 'create_vm',
  description: 'Makes a virtual machine.',
  effect: 'idempotent',
  input: z.object({ image: z.string(), size: z.string() }),
  run: () => ({ vmId: 'vm-17', ip: '10.0.4.12' }),
})

const runPlaybook = tool({
  name: 'run_playbook',
  description: 'Runs a playbook on a machine.',
  effect: 'idempotent',
  input: z.object({ host: z.string(), playbook: z.string() }),
  run: () => 'installed: node 24, libvips 8.15',
})

/** Of each session how often it was tried there: a configuration is loaded once, and serves many. */
const tried = new Map<string, number>()

/** It cannot be opened `failures` times in a session; in the group sg-10 it always can. */
const openPort = (failures: number, isFinal: boolean) =>
  tool({
    name: 'open_port',
    description: 'Opens a port of a machine.',
    effect: 'idempotent',
    input: z.object({ host: z.string(), port: z.number(), group: z.string().optional() }),
    run: ({ group }, { sessionId }) => {
      const times = (tried.get(sessionId) ?? 0) + 1
      tried.set(sessionId, times)
      if (group === 'sg-10' || times > failures) return { rule: 'sg-9/443' }
      throw new ToolError('the security group sg-9 has no free rule', { retryable: !isFinal })
    },
  })

const deploy = tool({
  name: 'deploy',
  description: 'Deploys a version.',
  effect: 'idempotent',
  input: z.object({ version: z.string() }),
  run: () => 'up',
})

const readLog = tool({
  name: 'read_log',
  description: 'Reads a log.',
  effect: 'read',
  input: z.object({}),
  run: () => 'orders 2.4.1 listens',
})

const createAlert = tool({
  name: 'create_alert',
  description: 'Makes an alert.',
  effect: 'idempotent',
  input: z.object({}),
  run: () => ({ alertId: 'al-3' }),
})

const loops: TaskScripts['tasks'] = {
  app: [{ calls: [{ tool: 'deploy', input: { version: '2.4.1' } }] }, 'orders 2.4.1 answers on /health'],
  monitoring: [{ calls: [{ tool: 'create_alert', input: {} }] }, 'alert al-3 is set'],
}

type Trouble = {
  readonly name: string
  readonly planning: PlanningOptions
  /** `open_port` cannot be done so many times, and for good. */
  readonly failures?: number
  readonly isFinal?: boolean
  readonly scripts?: TaskScripts
  /** A person is asked before a port is opened. */
  readonly asks?: boolean
}

function deployer({ name, planning, failures = 0, isFinal = true, scripts = {}, asks = false }: Trouble) {
  const port = openPort(failures, isFinal)
  return agent({
    name,
    instructions: 'You deploy services.',
    model: scriptedTasks({ ...scripts, tasks: { ...loops, ...scripts.tasks } }),
    tools: [createVm, runPlaybook, port, deploy, readLog, createAlert],
    policies: [
      open(createVm, runPlaybook, deploy, createAlert),
      asks ? requireApproval({ tools: [port], reason: 'opens_a_port' }) : open(port),
    ],
    planning: { router: null, ...planning },
    specialists: [
      { name: 'deployer', domain: 'Deploys.', instructions: 'Deploy.', tools: ['deploy', 'read_log'] },
      { name: 'observer', domain: 'Observes.', instructions: 'Observe.', tools: ['create_alert'] },
    ],
  })
}

// A plan is JSON, read field by field.
const firstPlan = deployPlan as unknown as Json
/** The port is opened in another group. */
const inGroup = (group: string) =>
  ({
    ...deployPlan,
    tasks: deployPlan.tasks.map((task) => {
      if (task.id === 'network')
        return {
          ...task,
          id: 'group',
          name: 'Open the network in a new group',
          input: { ...Object(task.input), group },
        }
      return task.id === 'app' ? { ...task, dependsOn: ['deps', 'group'] } : task
    }),
  }) as unknown as Json

const call = (name: string, input: Json): ScriptedDecision => ({ calls: [{ tool: name, input }] })
const move = (step: number, status: string) => call('update_plan', { step, status })
const steps = ['Reproduce the 401', 'Find the check that refuses', 'Mend it'].map((name) => ({ name }))

const given = { planner: null } as const
const hour = 3_600_000
const again = (backoffMs: number) => ({ tool_retryable: { action: 'retry', maxRetries: 2, backoffMs } }) as const

export const config = defineConfig({
  by: 'ada',
  agents: [
    deployer({ name: 'deployer', planning: given }),
    deployer({ name: 'careful', planning: given, asks: true }),
    deployer({ name: 'closed', planning: given, failures: 9 }),
    deployer({ name: 'asking', planning: { ...given, onPartial: 'ask' }, failures: 1 }),
    deployer({ name: 'reviewed', planning: { ...given, planReview: 'always' } }),
    deployer({ name: 'flaky', planning: { ...given, recovery: again(1) }, failures: 1, isFinal: false }),
    deployer({ name: 'patient', planning: { ...given, recovery: again(hour) }, failures: 1, isFinal: false }),
    deployer({
      name: 'replanning',
      planning: { route: 'plan_and_subagent' },
      failures: 1,
      scripts: { plan: [{ json: firstPlan }, { json: inGroup('sg-10') }] },
    }),
    deployer({
      name: 'limited',
      planning: {
        route: 'plan_and_subagent',
        maxReplans: 1,
        recovery: { tool_terminal: { action: 'replan', maxRetries: 3, backoffMs: 0 } },
      },
      failures: 9,
      scripts: { plan: [{ json: firstPlan }, { json: inGroup('sg-8') }] },
    }),
    deployer({
      name: 'stepping',
      planning: { ...given, route: 'plan' },
      scripts: {
        tasks: {
          root: [
            call('plan', { goal: 'Mend the 401', steps }),
            move(1, 'in_progress'),
            move(1, 'completed'),
            move(2, 'in_progress'),
            'I need the logs of the gateway to go on.',
          ],
        },
      },
    }),
    agent({
      name: 'chooser',
      instructions: 'Answer.',
      model: scriptedTasks({ tasks: { root: ['Yes.'] } }),
      planning: { planner: null, router: null },
    }),
    agent({ name: 'planless', instructions: 'Answer.', model: scriptedTasks({ tasks: { root: ['Yes.'] } }) }),
  ],
})
