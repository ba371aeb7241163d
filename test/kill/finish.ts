/** The faults have stopped: everything must come to an end, a block or a wait. People answer what is asked. */
import { setTimeout as after } from 'node:timers/promises'
import type { Head } from 'pawl/ports'
import { answer, type People, settle, speak } from './people.ts'
import { SESSIONS } from './plan-round.ts'
import { randomOf } from './random.ts'

const LOOK_MS = 25

/** Heads that have not come to rest within the time; none where all have. */
export async function finish(people: People, maxMs: number): Promise<readonly Head[]> {
  const until = performance.now() + maxMs
  for (;;) {
    const heads = await people.store.sessions({ limit: SESSIONS })
    const moving = heads.filter((head) => !isAtRest(head))
    const asking = heads.filter((head) => isAtRest(head) && isAnswered(people, head))
    if (moving.length === 0 && asking.length === 0) return []
    if (performance.now() > until) return [...moving, ...asking]
    for (const head of asking) await reply(people, head).catch((problem: unknown) => people.notebook.failed(problem))
    await after(LOOK_MS)
  }
}

function isAtRest({ gate, status, workerId, wakeAt }: Head): boolean {
  const isWoken = wakeAt !== null && wakeAt <= Date.now()
  return workerId === null && !isWoken && (gate !== 'open' || status.startsWith('blocked('))
}

/** Whether people still answer this session: some are left blocked, since that is a way to rest too. */
function isAnswered({ plan }: People, { status, sessionId, gate }: Head): boolean {
  if (gate !== 'open') return false
  return status === 'blocked(poison)' || !randomOf(plan.seed, sessionId, 'left').chance(0.1)
}

async function reply(people: People, head: Head): Promise<void> {
  const { sessionId, status, version } = head
  if (status === 'blocked(poison)') {
    await speak(people, sessionId)
    people.notebook.revived(sessionId, version)
  } else if (status === 'blocked(unknown_outcome)') await settle(people, head)
  else if (status === 'blocked(approval)') {
    const rows = await people.runtime.approvals.list({ limit: SESSIONS * 10 })
    for (const row of rows.filter((each) => each.sessionId === sessionId)) await answer(people, row)
  } else throw new Error(`expected nobody to block with ${status}`)
}
