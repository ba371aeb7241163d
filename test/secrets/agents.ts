/** The agents of the scenario. */
import { type Agent, type AnyTool, agent, tool } from 'pawl'
import { scripted } from 'pawl/models/scripted'
import { open } from 'pawl/policies'
import { askHuman } from 'pawl/tools'
import { z } from 'zod'
import { type Canaries, nameOf } from './canaries.ts'
import { leakingModel, modelPaths, throwingModel } from './model-paths.ts'
import { leakingPolicies, peoplePaths, policyPaths, policyTools, SENSITIVE_INPUT, settlePaths } from './people-paths.ts'
import { planningAgents } from './plan-paths.ts'
import { leakingTools } from './tool-paths.ts'

/** Said by the store, and known by the tool that runs beside the runtime. */
export const REPORTED = 'problem that is reported'
const CALLS_OF_A_TURN = 8

/** An agent for each way in which something can be said. All of their secrets are planted when this answers, but those of `beside`. */
export function agentsOf(canaries: Canaries, isMarked: boolean): readonly Agent[] {
  const leaks = leakingTools(canaries, isMarked)
  const beside = tool({
    name: 'beside',
    description: 'Runs in a thread.',
    effect: 'read',
    input: z.object({}),
    secrets: [nameOf('isolated output'), nameOf(REPORTED)],
    isolation: 'worker',
    module: new URL('./worker-isolated.ts', import.meta.url),
  })
  const leaking: readonly AnyTool[] = [...leaks.map((leak) => leak.tool), beside]
  const turns = Array.from({ length: Math.ceil(leaking.length / CALLS_OF_A_TURN) }, (_, turn) => ({
    calls: leaking
      .slice(turn * CALLS_OF_A_TURN, (turn + 1) * CALLS_OF_A_TURN)
      .map(({ name }) => ({ tool: name, input: {} })),
  }))
  const budget = { maxTurns: 100 }
  const base = { instructions: 'Work.', budget }
  const writes = leaking.flatMap((each) => (each.effect === 'read' ? [] : [each.name]))
  const card = canaries.of(SENSITIVE_INPUT)
  const ruled = policyTools(knowing(canaries, policyPaths))
  const asking = [askHuman(), ...knowing(canaries, peoplePaths), pay]
  const questions = { calls: [{ tool: 'ask_human', input: { question: 'Which?' } }] }
  const holds = { calls: [{ tool: 'pay', input: {} }] }
  return [
    agent({
      ...base,
      name: 'tools',
      tools: leaking,
      policies: writes.map((name) => open(name)),
      model: scripted([...turns, 'done']),
    }),
    agent({ ...base, name: 'models', tools: knowing(canaries, modelPaths), model: leakingModel(canaries) }),
    agent({ ...base, name: 'thrower', tools: knowing(canaries, modelPaths), model: throwingModel(canaries) }),
    agent({
      ...base,
      name: 'rules',
      tools: ruled,
      policies: leakingPolicies(canaries),
      model: scripted([
        { calls: ruled.map(({ name }) => ({ tool: name, input: name === 'hold' ? { card } : {} })) },
        'done',
      ]),
    }),
    agent({
      ...base,
      name: 'people',
      tools: asking,
      policies: [
        { name: 'hold', version: '1', tools: ['pay'], check: () => ({ type: 'require_approval', reason: 'money' }) },
      ],
      closing: { cancelled: `closed with ${canaries.of('closing')}` },
      model: scripted([questions, holds, holds, holds, 'done']),
    }),
    agent({
      ...base,
      name: 'settler',
      tools: [...knowing(canaries, settlePaths), fail],
      policies: [open('fail')],
      model: scripted([{ calls: [{ tool: 'fail', input: {} }] }, 'done']),
    }),
    agent({
      ...base,
      name: 'definition',
      instructions: `Use ${canaries.of('instructions')}.`,
      tools: knowing(canaries, ['instructions']),
      model: scripted(['done']),
    }),
    ...planningAgents(canaries),
  ]
}

const fail = tool({
  name: 'fail',
  description: 'Fails.',
  effect: 'unsafe',
  input: z.object({}),
  // Not what a person will say that it answered.
  output: z.object({ paid: z.boolean() }),
  run: () => Promise.reject(new Error('cut off')),
})

const pay = tool({
  name: 'pay',
  description: 'Pays.',
  effect: 'unsafe',
  input: z.looseObject({}),
  run: () => ({ paid: true }),
})

/** A tool that makes an agent's values known, and does nothing with them. */
function knowing(canaries: Canaries, paths: readonly string[]): readonly AnyTool[] {
  for (const path of paths) canaries.of(path)
  const names = paths.map(nameOf)
  return [
    tool({
      name: 'look',
      description: 'Looks.',
      effect: 'read',
      input: z.looseObject({}),
      secrets: names,
      run: () => 'seen',
    }),
  ]
}
