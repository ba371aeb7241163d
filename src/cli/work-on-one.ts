/** `pawl work --session`: one session, alone, until it rests. */
import type { Head, SessionRef, Store } from '../ports/index.ts'
import { type App, agentOf } from './app.ts'
import { refuseErased } from './erased-session.ts'
import type { Exit } from './exit-codes.ts'
import type { Interrupts } from './interrupts.ts'
import { namedSessions } from './named-sessions.ts'
import { readState } from './read-log.ts'
import { findSession } from './session-name.ts'
import { exitOfState, tellRest } from './tell-rest.ts'

export async function workOnOne(app: App, { signal, exit }: Interrupts, session: string): Promise<Exit> {
  const { store } = app
  const head = await findSession(store, session, app.options.tenant)
  // It would never rest.
  await refuseErased(store, head)
  // No worker of this configuration could drive it, and the wait would have no end.
  agentOf(app, head.agent)
  const ref: SessionRef = { tenant: head.tenant, sessionId: head.sessionId }
  const { promise, resolve } = Promise.withResolvers<void>()
  signal.addEventListener('abort', () => resolve(), { once: true })
  const onDrove = (_: SessionRef, how: string) => {
    if (how === 'rested') void restsNow(store, ref).then((rests) => rests && resolve())
  }
  const engine = namedSessions({ alone: true, onDrove })
  const runtime = app.runtime(engine)
  engine.poke(ref)
  await promise
  await runtime.stop()
  if (signal.aborted) return exit()
  const state = await readState(app, head)
  const ended = exitOfState(state)
  await tellRest(app, state, ended)
  return ended
}

/** A session that only backs off is not done: it is driven again when its time comes. */
async function restsNow(store: Store, ref: SessionRef): Promise<boolean> {
  const head: Head | null = await store.head(ref)
  return head === null || !/^(running|waiting)/.test(head.status)
}
