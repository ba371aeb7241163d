/**
 * A runtime is killed while processes of isolated `unsafe` calls boot and run. The next one sees its death at once, and takes the
 * calls for lost: from then on nothing of them may take effect.
 */
import { setTimeout as after } from 'node:timers/promises'
import { createRuntime } from 'pawl'
import { decodeEvent } from '../../src/runtime/index.ts'
import { startWorker } from './child.ts'
import { errands } from './errands.ts'
import { readDeeds } from './orders.ts'
import { inRound, type Round } from './round.ts'
import { eventually } from './wait.ts'

export type BootPlan = {
  /** From the start of the first call to the kill. */
  readonly killAfterMs: number
  readonly isPlanted: boolean
}

export type BootFound = {
  readonly violations: readonly string[]
  /** Calls that were taken for lost, and those of them that had begun to take effect. */
  readonly lost: number
  readonly begun: number
  /** The shortest time from a last effect to the word that its call is lost. */
  readonly leadMs: number | null
}

const CALLS = 3
const PAYS_MS = 1_500
const MAX_WAIT_MS = 30_000
/** In which a process that had been started boots, and would pay. */
const ORPHAN_MS = 2_000
/** With the next runtime as quick as can be. */
const LIMITS = { noticeMs: 10, graceMs: 100 }

export async function bootRound({ killAfterMs, isPlanted }: BootPlan): Promise<BootFound> {
  let lost: readonly Lost[] = []
  const bug = isPlanted ? 'unchecked_start' : null
  const violations = await inRound({ limits: LIMITS, bug }, async (round) => {
    lost = await play(round, killAfterMs)
  })
  const leads = lost.flatMap(({ leadMs }) => leadMs ?? [])
  return { violations, lost: lost.length, begun: leads.length, leadMs: leads.length === 0 ? null : Math.min(...leads) }
}

/** `leadMs`: from the last effect to the word that the call is lost. */
type Lost = { readonly leadMs: number | null }

async function play(round: Round, killAfterMs: number): Promise<readonly Lost[]> {
  const { orders, store, violations } = round
  const pay = () => round.start({ tool: 'pay_beside', ms: PAYS_MS, file: orders.deedsPath })
  const sessions = await Promise.all(Array.from({ length: CALLS }, pay))
  const worker = startWorker(orders)
  const began = await eventually(async () => ((await isStarted(round, sessions)) ? true : null), MAX_WAIT_MS)
  if (began === null) violations.push(`start: no call was started: ${worker.complaints()}`)
  await after(killAfterMs)
  worker.signal('SIGKILL')
  const next = createRuntime({ store, agents: [errands(orders)], limits: LIMITS })
  await worker.ended
  const lost: Lost[] = []
  for (const sessionId of sessions) {
    const isAtRest = async () => (/^blocked|^done/.test(await round.status(sessionId)) ? true : null)
    if ((await eventually(isAtRest, MAX_WAIT_MS)) === null)
      violations.push(`rest: a session is ${await round.status(sessionId)}`)
  }
  await after(ORPHAN_MS)
  for (const sessionId of sessions) {
    const found = await check(round, sessionId)
    if (found !== null) lost.push(found)
  }
  await next.stop()
  return lost
}

async function isStarted({ events }: Round, sessions: readonly string[]): Promise<boolean> {
  for (const id of sessions) if ((await events(id)).some(({ type }) => type === 'call_started')) return true
  return false
}

/** Null: the call was not taken for lost. It had ended, or began only in the next runtime. */
async function check({ orders, store, violations }: Round, sessionId: string): Promise<Lost | null> {
  const ref = { tenant: 'default', sessionId }
  const log = (await store.read(ref, 0, 10_000)).map((stored) => decodeEvent(ref, stored))
  const lost = log.find(({ event }) => event.type === 'call_lost')
  const starts = log.filter(({ event }) => event.type === 'call_started').length
  if (starts !== 1) violations.push(`starts: an unsafe call was started ${starts} times`)
  if (lost === undefined) return null
  const effects = readDeeds(orders).filter((deed) => deed.sessionId === sessionId)
  const later = effects.filter(({ at }) => at > lost.at)
  const lastAt = effects.at(-1)?.at ?? 0
  if (later.length > 0)
    violations.push(`lost: ${later.length} effects came after call_lost, the last of them ${lastAt - lost.at} ms later`)
  return { leadMs: effects.length === 0 ? null : lost.at - lastAt }
}
