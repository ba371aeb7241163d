/** kill -9 in the middle of a refund: a worker process dies, another one goes on, and there is one case. */
import { setTimeout as delay } from 'node:timers/promises'
import type { PawlEvent, Runtime } from 'pawl'
import type { World } from '../world/open-world.ts'
import { countRefundAttempts, refundCasesOf } from '../world/refund-cases.ts'
import { narrator } from './narrate.ts'
import { say, title } from './screen.ts'
import { complaintOf, customers, openRuntime, type Stage } from './stage.ts'
import { type Workers, workersOf } from './workers.ts'

/** At which instruction of the refund the worker is killed. */
type Moment = 'before_write' | 'after_write'

export type KillRound = {
  readonly sessionId: string
  readonly worldName: string
  readonly isOneCase: boolean
}

const told: Readonly<Record<Moment, { readonly round: string; readonly killed: string }>> = {
  before_write: {
    round: 'first round: before the case is written',
    killed: 'the refund had begun, the case was not written',
  },
  after_write: {
    round: 'second round: after the case is written, before the tool answers',
    killed: 'the case was written, the tool had not answered',
  },
}

/** Kills a worker at the moment, lets another one go on, and counts what stands in the billing system. */
export async function killInRefund(stage: Stage, moment: Moment): Promise<KillRound> {
  const worldName = `kill-${moment}`
  const { runtime, world, close } = openRuntime(stage, worldName, { drives: false })
  const { id, accountId } = customers.under
  const message = complaintOf(accountId)
  const session = await runtime.start('support-triage', { message, requester: { type: 'user', id } })
  const workers = workersOf(stage, worldName)
  say('', told[moment].round, 'strong')
  await workers.start(moment === 'before_write' ? { beforeWriteMs: hangMs } : { afterWriteMs: hangMs })
  try {
    const keys = await tellAndKill(runtime, session.sessionId, { world, moment, workers })
    return { sessionId: session.sessionId, worldName, isOneCase: check(world, accountId, keys) }
  } finally {
    await workers.stop()
    await close()
  }
}

const hangMs = 600_000
/** A session that has not ended by then counts as failed. */
const patienceMs = 300_000

export function killTitle(): void {
  title('3. kill -9 in the middle of a refund: one case, not two')
}

type Scene = { readonly world: World; readonly moment: Moment; readonly workers: Workers }

/** Tells the session; where its first refund starts, kills the worker and starts another. Answers with the keys of all refunds. */
async function tellAndKill(runtime: Runtime, sessionId: string, scene: Scene): Promise<readonly string[]> {
  const { world, moment, workers } = scene
  const telling = narrator()
  const keys: string[] = []
  let isKilled = false
  const signal = AbortSignal.timeout(patienceMs)
  for await (const item of runtime.watch({ sessionId }, { signal, until: 'rest' })) {
    if (item.type !== 'event') continue
    telling.tell(item)
    const { event } = item
    if (event.type !== 'call_started' || telling.toolOf(event.callId) !== 'open_refund_case') continue
    keys.push(keyOf(sessionId, event))
    if (isKilled) continue
    isKilled = true
    await until(() => hasCome(world, moment))
    await workers.kill(told[moment].killed)
    await workers.start({})
  }
  return keys
}

/** What the runtime gives a tool as `idempotencyKey`. */
function keyOf(sessionId: string, { callId }: Extract<PawlEvent, { type: 'call_started' }>): string {
  return `${sessionId}/${callId}`
}

function hasCome(world: World, moment: Moment): boolean {
  if (moment === 'before_write') return countAttempts(world) === 1
  return refundCasesOf(world, customers.under.accountId).length === 1
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 30_000
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('expected the refund to begin within 30 s; it did not')
    await delay(5)
  }
}

/** Says how many cases and refunds there are; true if it is one case. */
function check(world: World, accountId: string, keys: readonly string[]): boolean {
  const cases = refundCasesOf(world, accountId).map(({ caseId }) => caseId)
  const begun = keys.map((key) => `${key.slice(key.indexOf('/') + 1)} ${countRefundAttempts(world, key)}`)
  const isOne = isOneCase(world, accountId, keys)
  const counted = `cases ${cases.length} (${cases.join(', ')}); times that each refund call was begun: ${begun.join(', ')}`
  say('counted', `${isOne ? '✓' : '✗'} ${counted}`, isOne ? 'good' : 'bad')
  return isOne
}

/** One case, and every refund that was begun in the world is one of these keys, once. */
export function isOneCase(world: World, accountId: string, keys: readonly string[]): boolean {
  const isEachOnce = keys.every((key) => countRefundAttempts(world, key) === 1)
  const isAll = countAttempts(world) === keys.length
  return refundCasesOf(world, accountId).length === 1 && isEachOnce && isAll
}

function countAttempts(world: World): number {
  const { attempts } = world.database.prepare('SELECT count(*) AS attempts FROM refund_attempts').get() ?? {}
  return Number(attempts)
}
