/** One run over every path, in this process, on a store that is a file. What is said goes to the two streams given. */
import { type Runtime, type Store, secretsFrom } from 'pawl'
import { embedded } from '../../src/engines/embedded.ts'
import { buildRuntime, type Wiring } from '../../src/runtime/index.ts'
import { agentsOf, REPORTED } from './agents.ts'
import { type Canaries, nameOf } from './canaries.ts'
import { CUT_SETTLEMENT, tokens } from './people-paths.ts'
import { planPeople } from './plan-paths.ts'

export type Scenario = {
  readonly store: Store
  readonly wiring: Wiring
  readonly canaries: Canaries
  /** Whether fields are marked sensitive. */
  readonly isMarked: boolean
  readonly out: (text: string) => void
  readonly problem: (problem: unknown) => void
}

const LIMITS = {
  leaseMs: 2_000,
  stallMs: 1_000,
  graceMs: 40,
  noticeMs: 50,
  transportBackoffMs: 5,
  callBackoffMs: 5,
  streamBuffer: 4_096,
}

const FOLLOWED = ['tools', 'models', 'thrower', 'rules', 'strict-plan', 'flexible-plan', 'learned-plan']

/** Of an output that is not what its tool promises, as the runtime shows it. */
const SHOWN_CHARACTERS = 4_000
const KEPT_LETTERS = 12

/** Resolves when everything has been said that will be. */
export async function runScenario(scenario: Scenario): Promise<void> {
  const { store, wiring, canaries, problem } = scenario
  for (const path of ['isolated output', REPORTED]) canaries.of(path)
  const agents = agentsOf(canaries, scenario.isMarked)
  const values = Object.fromEntries([...canaries.planted].map(([path, value]) => [nameOf(path), value]))
  const runtime = buildRuntime(
    {
      store: withProblem(store, canaries),
      agents,
      limits: LIMITS,
      engine: embedded(),
      secrets: secretsFrom(values),
      onProblem: problem,
    },
    wiring,
  )
  for (const name of FOLLOWED) await follow(runtime, name, scenario)
  await people(runtime, canaries)
  await planPeople(runtime, canaries)
  await settled(runtime, canaries)
  await refused(runtime, canaries)
  // A tool that was given up answers within this time.
  await new Promise((resolve) => setTimeout(resolve, 400))
  await runtime.stop()
}

async function follow(runtime: Runtime, name: string, { canaries, out }: Scenario): Promise<void> {
  const said = name === 'models' ? ` here is ${canaries.of('first message')} and ${tokens(canaries)['pasted']}` : ''
  const { sessionId } = await runtime.start(name, {
    message: `go${said}`,
  })
  const told = new Map<string, string>()
  for await (const item of runtime.watch({ sessionId }, { until: 'rest' })) {
    out(JSON.stringify(item))
    // As a reader puts them together.
    if (item.type === 'delta') told.set(item.delta.type, (told.get(item.delta.type) ?? '') + item.delta.text)
  }
  for (const text of told.values()) out(text)
  out(JSON.stringify(await runtime.result({ sessionId })))
}

async function people(runtime: Runtime, canaries: Canaries): Promise<void> {
  const { sessionId } = await runtime.start('people', { message: 'go' })
  const rest = () => runtime.result({ sessionId })
  const approval = async () => ({ sessionId, approvalId: (await rest()).openApprovals[0]?.approvalId ?? '' })
  const asked = await approval()
  const answer = `it is ${canaries.of('answer of a person')}`
  // Refused with such a name, and taken with another; without redaction it is the other way round.
  await runtime.approvals.answer(asked, `ada ${canaries.of('who answers')}`, answer)
  await runtime.approvals.answer(asked, 'ada', answer)
  await runtime.approvals.edit(await approval(), 'ada', { key: canaries.of('edited input') })
  await runtime.approvals.reject(await approval(), 'ada', { reason: `no: ${canaries.of('reason of a vote')}` })
  await runtime.send(
    { sessionId },
    { type: 'send_message', text: `also ${canaries.of('later message')}`, trust: 'user', origin: { type: 'user' } },
  )
  const held = await approval()
  await runtime.send(
    { sessionId },
    { type: 'cancel', by: 'ada', reason: `because ${canaries.of('reason of a cancel')}` },
  )
  await rest()
  await runtime.approvals.approve(held, 'ada', { reason: 'too late' })
}

/** A person says what came of a call of which nobody knows. */
async function settled(runtime: Runtime, canaries: Canaries): Promise<void> {
  const { sessionId } = await runtime.start('settler', { message: 'go' })
  const { unresolved } = await runtime.result({ sessionId })
  await runtime.send(
    { sessionId },
    {
      type: 'settle',
      callId: unresolved[0] ?? '',
      settlement: 'took_effect',
      output: { found: [canaries.of('output of a settlement')], note: cutNote(canaries) },
      by: 'ada',
      reason: `seen ${canaries.of('reason of a settlement')}`,
    },
  )
  await runtime.result({ sessionId })
}

/** So long that what is shown of the output ends in the middle of the value. */
function cutNote(canaries: Canaries): string {
  const before = JSON.stringify({ found: [canaries.of('output of a settlement')], note: '' }).length - '"}'.length
  return `${'.'.repeat(SHOWN_CHARACTERS - before - KEPT_LETTERS)}${canaries.of(CUT_SETTLEMENT)}${'.'.repeat(100)}`
}

/** What may not begin: told in an error, and nothing is stored. With redaction away it is, and has to be found. */
async function refused(runtime: Runtime, canaries: Canaries): Promise<void> {
  const tries = [
    runtime.start('definition', { message: 'go' }),
    runtime.start('people', { message: 'go', context: { key: canaries.of('context') } }),
    runtime.start('models', {
      message: 'go',
      requester: { type: 'user', id: `ada ${canaries.of('requester')}` },
    }),
    runtime.start('people', { message: 'go', commandId: `id ${canaries.of('id of a command')}` }),
  ]
  await Promise.allSettled(tries)
}

/** A store whose dispatcher fails once: what is reported of it goes to the log of the process. */
function withProblem(store: Store, canaries: Canaries): Store {
  const value = canaries.of(REPORTED)
  let hasFailed = false
  return {
    ...store,
    moved: async (known) => {
      if (hasFailed || known.length === 0) return store.moved(known)
      hasFailed = true
      throw Object.assign(new Error(`store: ${value}`, { cause: { url: [`db://x/${value}`] } }), {
        query: `SELECT '${value}'`,
      })
    },
  }
}
