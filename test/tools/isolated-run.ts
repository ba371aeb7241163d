/** Runs of a session whose tools stand beside the runtime, and what their calls came to. */
import { type Agent, type AnyTool, agent, createRuntime, type Outcome, type RuntimeOptions, tool } from 'pawl'
import type { Limits } from 'pawl/core'
import { scripted } from 'pawl/models/scripted'
import { open } from 'pawl/policies'
import { memoryStore } from 'pawl/stores/memory'
import { z } from 'zod'
import { decodeEvent } from '../../src/runtime/index.ts'

export const isolations = ['worker', 'process'] as const
export type Isolation = (typeof isolations)[number]

export const moduleOf = (name: string) => new URL(`./${name}.ts`, import.meta.url)

type Terms = {
  readonly isolation: Isolation
  readonly effect?: AnyTool['effect']
  readonly module?: URL
  readonly timeoutMs?: number
}

export function isolated(name: string, terms: Terms): AnyTool {
  const { isolation, effect = 'read', module = moduleOf('worker-tool'), timeoutMs = 20_000 } = terms
  const input = z.looseObject({ deed: z.string() })
  return tool({ name, description: name, effect, input, isolation, module, timeoutMs })
}

/** The deed as a read and as an unsafe call of one turn, side by side. */
export async function outcomesOf(
  deed: object,
  terms: Terms,
  limits: Partial<Limits> = {},
): Promise<readonly Outcome[]> {
  const tools = [isolated('look', { ...terms, effect: 'read' }), isolated('pay', { ...terms, effect: 'unsafe' })]
  return runOnce(
    agent({
      name: 'clerk',
      instructions: '',
      model: scripted([{ calls: tools.map(({ name }) => ({ tool: name, input: { ...deed } })) }, 'done']),
      tools,
      policies: [open('pay')],
    }),
    limits,
  )
}

export async function runOnce(
  clerk: Agent,
  limits: Partial<Limits>,
  more: Partial<RuntimeOptions> = {},
): Promise<readonly Outcome[]> {
  const store = memoryStore()
  const problems: unknown[] = []
  const runtime = createRuntime({
    store,
    agents: [clerk],
    limits,
    onProblem: (problem) => problems.push(problem),
    ...more,
  })
  const { sessionId } = await runtime.start('clerk', { message: 'go' })
  await runtime.result({ sessionId })
  await runtime.stop()
  if (problems.length > 0) throw new AggregateError(problems, 'expected a runtime that reports no problem')
  const ref = { tenant: 'default', sessionId }
  const log = (await store.read(ref, 0, 1_000)).map((stored) => decodeEvent(ref, stored).event)
  const finished = log.flatMap((event) => (event.type === 'call_finished' ? [event] : []))
  // Whichever came first.
  return finished.sort((one, other) => one.callId.localeCompare(other.callId)).map(({ outcome }) => outcome)
}
