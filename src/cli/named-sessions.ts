/** An engine for a command: it drives the sessions that it was told of and leaves all others to workers. */
import type { Engine, EngineHost, SessionRef } from '../ports/index.ts'

export type Drove = Awaited<ReturnType<EngineHost['drive']>>

export type NamedSessionsOptions = {
  /** Drives with nothing beside it from the start: for sessions whose workers died. */
  readonly alone?: boolean
  /** Told after every drive. */
  readonly onDrove?: (ref: SessionRef, how: Drove) => void
}

type Named = { readonly ref: SessionRef; driving: Promise<void> | null; isPoked: boolean; alone: boolean }

export function namedSessions(options: NamedSessionsOptions = {}): Engine {
  const named = new Map<string, Named>()
  let host: EngineHost | null = null
  let isStopped = false
  let cancelTimer = () => {}
  let looking = Promise.resolve()
  const drive = (to: EngineHost, session: Named, deadWorkers: readonly string[]) => {
    session.isPoked = false
    session.driving = to.drive(session.ref, { alone: session.alone, deadWorkers }).then((how) => {
      session.driving = null
      session.alone = how === 'must_drive_alone' || options.alone === true
      options.onDrove?.(session.ref, how)
      if (how === 'must_drive_alone' && !isStopped) drive(to, session, deadWorkers)
    })
  }
  const look = async (to: EngineHost) => {
    await lookAt(to, [...named.values()], { drive, isStopped: () => isStopped }).catch((problem: unknown) =>
      to.report(problem),
    )
    if (isStopped) return
    cancelTimer = to.env.setTimer(to.noticeMs, () => {
      looking = look(to)
    })
  }
  return {
    start: (given) => {
      host = given
      looking = look(given)
    },
    poke: (ref) => {
      if (host === null || isStopped) return
      const key = JSON.stringify([ref.tenant, ref.sessionId])
      const known = named.get(key)
      const session = known ?? { ref, driving: null, isPoked: false, alone: options.alone === true }
      named.set(key, session)
      if (session.driving !== null) host.notice(ref)
      else if (known === undefined) drive(host, session, [])
      else session.isPoked = true
    },
    stop: async () => {
      isStopped = true
      cancelTimer()
      await looking
      for (const { driving } of named.values()) await driving
    },
  }
}

type Looking = {
  readonly drive: (host: EngineHost, session: Named, deadWorkers: readonly string[]) => void
  readonly isStopped: () => boolean
}

/** Drives what is due and free, and tells drivers of foreign commits. */
async function lookAt(host: EngineHost, sessions: readonly Named[], { drive, isStopped }: Looking): Promise<void> {
  if (sessions.length === 0) return
  const workers = await host.store.workers()
  const deadWorkers = workers.filter(({ holder }) => host.env.isDead(holder)).map(({ workerId }) => workerId)
  const living = new Set(workers.map(({ workerId }) => workerId).filter((workerId) => !deadWorkers.includes(workerId)))
  for (const session of sessions) {
    if (session.driving !== null) continue
    const head = await host.store.head(session.ref)
    if (head === null || isStopped() || session.driving !== null) continue
    const isDue = session.isPoked || (head.wakeAt !== null && head.wakeAt <= host.env.now())
    const isFree = head.workerId === null || !living.has(head.workerId)
    if (isDue && isFree) drive(host, session, deadWorkers)
  }
  for (const ref of await host.store.moved(host.driven())) host.notice(ref)
}
