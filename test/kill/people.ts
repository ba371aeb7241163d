/** The people of a round: they start sessions, speak, cancel, vote and settle, and write down every yes that they get. */
import { setTimeout as after } from 'node:timers/promises'
import type { Runtime, Sent } from 'pawl'
import type { EventKind } from 'pawl/core'
import type { ApprovalRow, Head, Store } from 'pawl/ports'
import { createNotebook, type Notebook } from './acknowledged.ts'
import { AGENT } from './agent.ts'
import { type RoundPlan, SESSIONS } from './plan-round.ts'
import { type Random, randomOf } from './random.ts'

const MAX_PAUSE_MS = 40
/** A session may have gone on since it was seen at rest. */
const MAX_RESULT_MS = 1_000
/** How often the same command is sent again: an answer may be lost, and people press twice. */
const REPEATED = 0.2

export type People = {
  readonly runtime: Runtime
  readonly store: Store
  readonly plan: RoundPlan
  readonly random: Random
  readonly notebook: Notebook
  /** Started so far. */
  readonly sessionIds: string[]
}

export function createPeople(given: Pick<People, 'runtime' | 'store' | 'plan'>): People {
  return { ...given, random: randomOf(given.plan.seed, 'people'), notebook: createNotebook(), sessionIds: [] }
}

export async function startSessions(people: People, count: number): Promise<void> {
  for (let started = 0; started < count && people.sessionIds.length < SESSIONS; started += 1) await startOne(people)
}

/** Acts at random while the workers are being killed. */
export async function actAtRandom(people: People): Promise<void> {
  const { plan, random } = people
  for (let act = 0; act < plan.acts; act += 1) {
    await after(random.between(0, MAX_PAUSE_MS))
    await actOnce(people).catch((problem: unknown) => people.notebook.failed(problem))
  }
  await startSessions(people, SESSIONS)
}

async function actOnce(people: People): Promise<void> {
  const { random, sessionIds, store } = people
  const dice = random.next()
  if (dice < 0.2) return startSessions(people, 1)
  if (dice < 0.4) return speak(people, random.pick(sessionIds))
  if (dice < 0.45) return cancel(people, random.pick(sessionIds))
  if (dice < 0.75) {
    const rows = await people.runtime.approvals.list()
    return rows.length === 0 ? undefined : answer(people, random.pick(rows))
  }
  const heads = await store.sessions({ status: 'blocked(unknown_outcome)', limit: SESSIONS })
  if (heads.length > 0) await settle(people, random.pick(heads))
}

async function startOne(people: People): Promise<void> {
  const { runtime, plan, sessionIds, notebook, random } = people
  const sessionId = `${plan.seed}.${sessionIds.length + 1}`
  const commandId = `start/${sessionId}`
  sessionIds.push(sessionId)
  const ask = () => runtime.start(AGENT, { sessionId, commandId, message: 'Run some errands.' })
  await ask()
  notebook.started(sessionId, commandId)
  if (random.chance(REPEATED)) await ask()
}

export function speak(people: People, sessionId: string): Promise<void> {
  return send(people, 'message_received', (commandId) =>
    people.runtime.send(
      { sessionId },
      {
        type: 'send_message',
        text: 'And some more.',
        trust: 'user',
        origin: { type: 'user', id: 'u1' },
        commandId,
      },
    ),
  )
}

function cancel(people: People, sessionId: string): Promise<void> {
  return send(people, 'cancel_requested', (commandId) =>
    people.runtime.send({ sessionId }, { type: 'cancel', by: 'u1', commandId }),
  )
}

/** Mostly yes; sometimes no, or something else instead. */
export function answer(people: People, row: ApprovalRow): Promise<void> {
  const { runtime, random } = people
  const { sessionId, approvalId } = row
  const dice = random.next()
  if (dice < 0.15) {
    return send(people, 'approval_resolved', (commandId) =>
      runtime.approvals.reject({ sessionId, approvalId, commandId }, 'lead'),
    )
  }
  if (dice < 0.3) {
    const n = random.between(1, 700)
    return send(people, 'approval_resolved', (commandId) =>
      runtime.approvals.edit({ sessionId, approvalId, commandId }, 'lead', { n }),
    )
  }
  // The row is the runtime's own canonical JSON.
  const { hash } = JSON.parse(row.body) as { readonly hash: string }
  return send(people, 'approval_voted', (commandId) =>
    runtime.approvals.approve({ sessionId, approvalId, commandId }, 'lead', { hash }),
  )
}

/** Says of every unknown call what became of it. */
export async function settle(people: People, { sessionId }: Pick<Head, 'sessionId'>): Promise<void> {
  const { runtime, random } = people
  const signal = AbortSignal.timeout(MAX_RESULT_MS)
  const result = await runtime.result({ sessionId }, { signal }).catch((problem: unknown) => {
    if (!signal.aborted) throw problem
    return null
  })
  for (const callId of result?.unresolved ?? []) {
    const settlement = random.pick(['took_effect', 'did_not_take_effect', 'run_again'] as const)
    await send(people, 'call_settled', (commandId) =>
      runtime.send({ sessionId }, { type: 'settle', callId, settlement, by: 'lead', commandId }),
    )
  }
}

/** Sends under an id of its own, sometimes twice, and notes every answer. */
async function send(
  { random, notebook, plan }: People,
  kind: EventKind,
  ask: (commandId: string) => Promise<Sent>,
): Promise<void> {
  const commandId = `${plan.seed}/${kind}/${random.next()}`
  const isAccepted = notebook.answered({ commandId, kind }, await ask(commandId))
  if (isAccepted && random.chance(REPEATED)) notebook.answered({ commandId, kind }, await ask(commandId))
}
