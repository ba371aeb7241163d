/** Who works, and which sessions will not go on by themselves. */
import type { Agent, Store } from '../../index.ts'
import type { Head } from '../../ports/index.ts'
import { nodeEnv } from '../../runtime/index.ts'
import { duration } from '../render/units.ts'
import { newestFirst, shortId } from '../session-name.ts'
import { type Check, ok, warn } from './check.ts'

/** Sessions looked at, the newest first. */
const MAX_SESSIONS = 5_000
/** Due for longer than this, and nobody drives it: no worker runs, or none can. */
const STUCK_MS = 10_000
const MAX_NAMED = 4

export async function checkSessions(store: Store, agents: readonly Agent[]): Promise<readonly Check[]> {
  const { isDead } = nodeEnv()
  const workers = await store.workers()
  const dead = new Set(workers.filter(({ holder }) => isDead(holder)).map(({ workerId }) => workerId))
  const living = workers.length - dead.size
  const { storeNow } = await store.due({ limit: 1, deadWorkers: [] })
  const heads: Head[] = []
  for await (const head of newestFirst(store, undefined, MAX_SESSIONS)) if (head.gate === 'open') heads.push(head)
  const held = heads.filter(({ workerId }) => workerId !== null && dead.has(workerId))
  const stuck = heads.filter(
    ({ wakeAt, workerId }) => wakeAt !== null && storeNow - wakeAt > STUCK_MS && workerId === null,
  )
  const known = new Set(agents.map(({ name }) => name))
  const orphans = heads.filter(({ agent }) => !known.has(agent))
  const dying = heads.filter(({ deaths }) => deaths > 0)
  const word = (status: string) => heads.filter((head) => head.status === status)
  return [
    ok('workers', living === 0 ? 'none runs now' : `${living} at work`),
    ...some('dead workers', held, {
      says: 'held by a worker that is gone',
      advice: 'The next worker takes them: pawl work',
    }),
    ...some('stuck sessions', stuck, {
      says: `due for more than ${duration(STUCK_MS)}, and nobody drives them`,
      advice: 'Start a worker: pawl work',
    }),
    ...some('unknown agents', orphans, {
      says: 'of agents that this configuration does not have',
      advice: 'Add the agent, or cancel the session',
    }),
    ...some('deadly sessions', dying, {
      says: 'whose worker died while it drove them',
      advice: 'pawl why; from the second death on they are driven alone',
    }),
    ...some('set aside', word('blocked(poison)'), {
      says: 'set aside after three deaths',
      advice: 'pawl why, then send or cancel',
    }),
    ...some('unknown outcomes', word('blocked(unknown_outcome)'), {
      says: 'with a call that nobody knows the outcome of',
      advice: 'pawl why, then pawl settle',
    }),
    ok(
      'sessions',
      `${heads.length} open, ${heads.filter(({ status }) => status.startsWith('blocked')).length} of them wait for people`,
    ),
  ]
}

function some(
  name: string,
  heads: readonly Head[],
  { says, advice }: { says: string; advice: string },
): readonly Check[] {
  if (heads.length === 0) return []
  const named = heads.slice(0, MAX_NAMED).map(({ sessionId }) => shortId(sessionId))
  const more = heads.length > MAX_NAMED ? `, and ${heads.length - MAX_NAMED} more` : ''
  return [warn(name, `${heads.length} ${says}: ${named.join(', ')}${more}`, advice)]
}
