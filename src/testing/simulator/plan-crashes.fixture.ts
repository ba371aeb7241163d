/** Two sessions that plan, each carried out by a worker that dies at one request to the store, and by another that comes after it. */
import { z } from 'zod'
import type { Json, LogEvent, Message } from '../../core/index.ts'
import { embedded } from '../../engines/embedded.ts'
import { type ScriptedDecision, scripted } from '../../models/scripted.ts'
import { type AnyTool, type Policy, type Store, ToolError } from '../../ports/index.ts'
import { type Agent, agent, buildRuntime, decodeEvent, tool, type Wiring, wiring } from '../../runtime/index.ts'
import { memoryStore } from '../../stores/memory.ts'
import { manualClock, manualEnv } from '../manual-env.ts'

/** When the first worker dies: at its n-th write, which is done or not. Null: it does not. */
export type Death = { readonly at: number; readonly isDone: boolean } | null

export type Carried = {
  readonly log: readonly LogEvent[]
  /** What took place outside, in its order. */
  readonly effects: readonly string[]
  /** Writes that the first worker has asked for. */
  readonly writes: number
  readonly text: string | null
}

export type Scenario = 'strict' | 'flexible'

const ref = { tenant: 'default', sessionId: 's1' }
const writes: ReadonlySet<string> = new Set(['append', 'appendUnconditionally', 'appendLocked', 'claim', 'release'])
/** Many times what both workers need. */
const STEPS = 400
const STEP_MS = 500

export async function carryOut(scenario: Scenario, death: Death, parts: Wiring = wiring): Promise<Carried> {
  const clock = manualClock()
  const dead = new Set<string>()
  const store = memoryStore({ now: clock.now })
  const effects: string[] = []
  const agents = [agentOf(scenario, effects)]
  const first = dying(store, death, () => dead.add('w1'))
  const worker = (holder: string, own: Store) =>
    buildRuntime({ store: own, agents, env: manualEnv({ clock, holder, dead }), engine: embedded() }, parts)
  const api = buildRuntime({ store, agents, env: manualEnv({ clock, holder: 'api', dead }), engine: null })
  worker('w1', first.store)
  await api.start('clerk', { ...ref, message: 'pay them', commandId: 'start' })
  let hasNext = false
  for (let step = 0; step < STEPS && (await store.head(ref))?.status !== 'done'; step += 1) {
    await clock.advance(STEP_MS)
    for (const { approvalId } of await api.approvals.list(ref))
      await api.approvals.approve({ ...ref, approvalId }, 'ada')
    if (dead.size === 0 || hasNext) continue
    hasNext = true
    worker('w2', store)
  }
  const { text } = await api.result(ref)
  const log = (await store.read(ref, 0, 10_000)).map((stored) => decodeEvent(ref, stored))
  return { log, effects, writes: first.count(), text }
}

/** What has to be the same however often somebody died. */
export function endOf({ log, effects, text }: Carried) {
  const tasks = log.flatMap(({ event }) =>
    event.type === 'task_started' || event.type === 'task_finished' || event.type === 'task_failed'
      ? [`${event.type} ${event.taskId}`]
      : [],
  )
  const plans = log.flatMap(({ event }) => (event.type === 'plan_adopted' ? [event.version] : []))
  const ended = log.findLast(({ event }) => event.type === 'session_ended')?.event
  const reason = ended?.type === 'session_ended' ? ended.reason : null
  return { reason, text, plans, tasks: tasks.sort(), effects: [...effects].sort() }
}

function dying(store: Store, death: Death, die: () => void) {
  let count = 0
  let isDead = false
  const never = () => new Promise<never>(() => {})
  const members = Object.entries(store).map(([name, member]) => {
    if (typeof member !== 'function') return [name, member]
    const through = async (...request: readonly unknown[]) => {
      if (isDead) return never()
      if (writes.has(name)) count += 1
      if (!writes.has(name) || death === null || count !== death.at) return member(...request)
      isDead = true
      die()
      if (death.isDone) await member(...request)
      return never()
    }
    return [name, through]
  })
  // The members of a store, each counted.
  return { store: Object.fromEntries(members) as Store, count: () => count }
}

const anything = z.record(z.string(), z.unknown())

function toolsOf(effects: string[]): readonly AnyTool[] {
  const ledger = new Map<string, Json>()
  const act =
    (name: string) =>
    (input: Record<string, unknown>, { idempotencyKey: key }: { idempotencyKey: string }) => {
      const output = { done: name, of: input as Json }
      // A second effect under one key is for an idempotent tool the first; of an unsafe one it is the bug that is looked for.
      if (name === 'pay' || !ledger.has(key)) effects.push(`${name} ${JSON.stringify(input)}`)
      ledger.set(key, output)
      return output
    }
  return [
    tool({ name: 'note', description: 'notes', effect: 'idempotent', input: anything, run: act('note') }),
    tool({
      name: 'pay',
      description: 'pays',
      effect: 'unsafe',
      input: anything,
      run: act('pay'),
      verify: (key) => {
        const output = ledger.get(key)
        return output === undefined ? { tookEffect: false } : { tookEffect: true, output: output as never }
      },
    }),
    tool({
      name: 'crack',
      description: 'breaks',
      effect: 'read',
      input: anything,
      run: () => {
        throw new ToolError('it broke', { tookEffect: false, retryable: false })
      },
    }),
  ]
}

const pay: Policy = {
  name: 'people',
  version: '1',
  tools: ['pay', 'note'],
  check: ({ call }) => (call.tool === 'pay' ? { type: 'require_approval', reason: 'money' } : { type: 'allow' }),
}

const call = (name: string, input: Json): ScriptedDecision => ({ calls: [{ tool: name, input: input as never }] })

function agentOf(scenario: Scenario, effects: string[]): Agent {
  const tools = toolsOf(effects)
  const model = scripted(({ purpose = 'decide', taskId = 'root', purposeTurn = 1, messages }) => {
    const place = purpose !== 'decide' ? purpose : taskId.startsWith('d-') ? 'child' : taskId
    if (payers.has(place)) return isPaid(messages) ? 'It is paid.' : call('pay', { usd: 5 })
    return scripts[scenario][place]?.[purposeTurn - 1] ?? 'done'
  })
  return agent({
    name: 'clerk',
    instructions: 'You pay.',
    model,
    tools,
    policies: [pay],
    specialists: [{ name: 'payer', domain: 'Pays.', instructions: 'Pay.', tools: ['pay'] }],
    planning: { route: scenario === 'strict' ? 'plan_and_subagent' : 'plan', router: null },
  })
}

/** Who pay until it is done: of a worker that was lost the tool may say that nothing took effect. */
const payers: ReadonlySet<string> = new Set(['b', 'child'])

function isPaid(messages: readonly Message[]): boolean {
  return messages.some((message) => message.role === 'tool' && JSON.stringify(message.result).includes('"done":"pay"'))
}

type Scripts = { readonly [name: string]: readonly ScriptedDecision[] }

const direct = (id: string, name: string, input: Json, dependsOn: readonly string[] = []) => ({
  id,
  name: id,
  dependsOn,
  tool: name,
  input,
})

const scripts: { readonly [S in Scenario]: Scripts } = {
  // One task breaks while another waits for a person; what is left is planned anew, with what is done put in.
  strict: {
    plan: [
      {
        json: {
          goal: 'all paid',
          tasks: [
            direct('a', 'note', { row: 1 }),
            { id: 'b', name: 'b', dependsOn: [], tools: ['pay'] },
            direct('c', 'crack', {}, ['a']),
            direct('d', 'note', { row: 2 }, ['c']),
          ],
        },
      },
      {
        json: {
          goal: 'all paid',
          tasks: [
            direct('c2', 'note', { row: { $from: 'a', path: '/done' } }, ['a']),
            { id: 'z', name: 'z', dependsOn: ['b', 'c2'], needs: 'settled' },
          ],
        },
      },
    ],
    z: ['All is paid.'],
  },
  // The model does one step itself, and gives the other to a specialist.
  flexible: {
    root: [
      call('plan', { goal: 'all paid', steps: [{ name: 'note' }, { name: 'pay' }] }),
      call('update_plan', { step: 1, status: 'in_progress' }),
      call('note', { row: 1 }),
      call('update_plan', { step: 1, status: 'completed', result: 'noted' }),
      call('delegate', { name: 'pay', brief: 'Pay 5.', specialist: 'payer', tools: ['pay'], step: 2 }),
      'All is paid.',
    ],
  },
}
