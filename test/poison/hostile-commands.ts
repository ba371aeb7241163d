/** Garbage at the doors of the API: what an HTTP body, a command line or a careless caller could hand in. */
import type { Runtime } from '../../src/runtime/runtime.ts'
import type { StartOptions } from '../../src/runtime/start.ts'
import type { Chance } from '../../src/testing/simulator/chance.ts'
import { pickOf } from './generate-text.ts'
import { hostileText, hostileValue } from './generate-value.ts'
import { hostilePlan } from './hostile-plans.ts'

/** A good start with one or two members that are not. */
export function hostileStart(chance: Chance): StartOptions {
  const options: Record<string, unknown> = { message: 'go' }
  for (let members = 1 + chance.below(2); members > 0; members -= 1) {
    const name = pickOf(chance, ['message', 'tenant', 'sessionId', 'commandId', 'requester', 'trust', 'context'])
    options[name] = hostileMember(chance)
  }
  if (chance.happens(0.3)) Object.assign(options, ofPlan(chance))
  // Against its type: that is the point.
  return (
    chance.happens(0.03) ? pickOf<unknown>(chance, [null, undefined, 1, 'go', [], Symbol('go')]) : options
  ) as StartOptions
}

function ofPlan(chance: Chance): Record<string, unknown> {
  return pickOf<Record<string, unknown>>(chance, [
    { plan: hostilePlan(chance) },
    { plan: hostilePlan(chance), template: hostileMember(chance) },
    { route: pickOf(chance, ['plan', 'plan_and_subagent', 'direct', hostileMember(chance)]) },
  ])
}

function hostileMember(chance: Chance): unknown {
  const kind = chance.below(4)
  if (kind === 0) return hostileText(chance)
  if (kind === 1) return { type: pickOf(chance, ['user', 'api', 'root']), id: hostileMember(chance) }
  return hostileValue(chance)
}

const words = {
  type: [
    'send_message',
    'cancel',
    'vote',
    'answer',
    'edit',
    'settle',
    'extend_budget',
    'start_session',
    'record_outcome',
    'record_verdict',
    'report_late_outcome',
    'toString',
    '__proto__',
    'constructor',
    'nonsense',
  ],
  vote: ['approve', 'reject', 'maybe', 1],
  settlement: ['took_effect', 'did_not_take_effect', 'run_again', 'perhaps'],
  approvalId: ['a1', 'a2', 'a99', '__proto__'],
  callId: ['c1', 'c2', 'c3', '__proto__', 'constructor'],
  trust: ['user', 'system', 'root'],
  by: ['ada', '', 7],
  tokens: [1, -1, 1e300, Number.NaN, '1'],
} as const

const fields = [
  'text',
  'answer',
  'input',
  'output',
  'reason',
  'hash',
  'commandId',
  'origin',
  'of',
  'attempt',
  'report',
  'costMicroUsd',
  'presented',
  'ending',
  'summary',
]

function commandOf(chance: Chance): Record<string, unknown> {
  const command: Record<string, unknown> = {}
  for (const [name, known] of Object.entries(words))
    if (name === 'type' || chance.happens(0.8)) command[name] = pickOf<unknown>(chance, known)
  for (const name of fields)
    if (chance.happens(0.3)) command[name] = chance.happens(0.5) ? 'some text' : hostileMember(chance)
  if (chance.happens(0.3)) command[pickOf(chance, Object.keys(command))] = hostileValue(chance)
  return command
}

/** Resolves with what the API answered. */
export function hostileCommand(chance: Chance, runtime: Runtime, poisoned: string): Promise<unknown> {
  const sessionId = chance.happens(0.9) ? poisoned : hostileMember(chance)
  const tenant = chance.happens(0.95) ? undefined : hostileMember(chance)
  const named = { sessionId, ...(tenant !== undefined && { tenant }) } as { sessionId: string }
  const approval = { ...named, approvalId: pickOf(chance, ['a1', 'a2', hostileMember(chance)]) as string }
  const { approvals } = runtime
  const text = hostileMember(chance) as string
  const kind = chance.below(12)
  if (kind === 0)
    return approvals.edit(approval, 'ada', chance.happens(0.5) ? hostileValue(chance) : hostilePlan(chance))
  if (kind === 1) return approvals.answer(approval, 'ada', text)
  if (kind === 2) return approvals.approve(approval, text, { hash: text })
  if (kind === 3)
    return approvals.list({ ...named, limit: pickOf(chance, [1, 0, -1, Number.NaN, 1e300, 1.5, '1' as never]) })
  if (kind === 4) return runtime.result({ sessionId: hostileMember(chance) as string }).then(({ status }) => status)
  const command = chance.happens(0.95) ? commandOf(chance) : hostileValue(chance)
  return runtime.send(named, command as never)
}
