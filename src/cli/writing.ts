/** What commands that answer or steer have in common: find the session, send, say what became of it, and drive on with `--wait`. */
import type { Runtime, Sent } from '../index.ts'
import type { Head, SessionRef, Store } from '../ports/index.ts'
import { nodeEnv } from '../runtime/index.ts'
import { type App, agentOf } from './app.ts'
import { driveToRest } from './drive-to-rest.ts'
import { CliError } from './errors.ts'
import type { Exit } from './exit-codes.ts'
import { namedSessions } from './named-sessions.ts'
import { findSession, shortId } from './session-name.ts'
import { marks } from './style.ts'

export type Writing = {
  readonly session: string
  readonly wait: boolean
  /** `approved a1`. */
  readonly done: string
}

export type Send = (runtime: Runtime, head: Head) => Promise<Sent>

export async function write(app: App, writing: Writing, send: Send): Promise<Exit> {
  const { store, terminal, isJson } = app
  const head = await findSession(store, writing.session, app.options.tenant)
  const ref = { tenant: head.tenant, sessionId: head.sessionId }
  // Nobody would drive it, and the wait would have no end.
  if (writing.wait) agentOf(app, head.agent)
  const runtime = app.runtime(writing.wait ? namedSessions() : null)
  const sent = await send(runtime, head)
  if (isJson) terminal.out(JSON.stringify({ type: 'sent', ...ref, sent }))
  if (sent.type === 'refused') throw new CliError(sent.code, `refused (${sent.code}): ${sent.message}`)
  // The event itself says what was done where the session is shown.
  if (writing.wait)
    return driveToRest(app, { runtime, ref, agentName: head.agent, after: sent.seq - 1, isQuiet: false })
  if (isJson) return 'ok'
  const { style } = terminal
  const where = `· session ${shortId(ref.sessionId)} · event ${sent.seq}`
  terminal.out(`${style.green(marks.ok)} ${writing.done} ${style.dim(where)}`)
  await hintAtWorkers(app, ref.sessionId)
  return 'ok'
}

/** A write that nobody acts on is a surprise: it is said at once. */
async function hintAtWorkers({ store, terminal }: App, sessionId: string): Promise<void> {
  if (await hasLivingWorker(store)) return
  const { noteStyle } = terminal
  terminal.note(
    noteStyle.dim(
      `  No worker runs on this store. pawl work --session ${shortId(sessionId)} drives it on; next time add --wait.`,
    ),
  )
}

export function refOf({ tenant, sessionId }: Head): SessionRef {
  return { tenant, sessionId }
}

export async function hasLivingWorker(store: Store): Promise<boolean> {
  const { isDead } = nodeEnv()
  return (await store.workers()).some(({ holder }) => !isDead(holder))
}
