/** What `run` does, and every command with `--wait`: drives one session until it rests, shows it, and asks who sits in front. */
import type { State } from '../core/index.ts'
import type { Runtime } from '../index.ts'
import type { SessionRef } from '../ports/index.ts'
import type { App } from './app.ts'
import { ask } from './ask.ts'
import type { Exit } from './exit-codes.ts'
import { follow } from './follow.ts'
import { DRAINING, type Interrupts, listenForInterrupts } from './interrupts.ts'
import { shortId } from './session-name.ts'
import { exitOfState, tellRest } from './tell-rest.ts'
import { viewOf } from './views.ts'

export type Drive = {
  readonly runtime: Runtime
  readonly ref: SessionRef
  readonly agentName: string
  /** Events up to this one are not shown. */
  readonly after: number
  /** Questions are left to others. */
  readonly isQuiet: boolean
}

export async function driveToRest(app: App, drive: Drive): Promise<Exit> {
  const interrupts = listenForInterrupts(app.terminal, { says: null })
  try {
    return await untilRest(app, drive, interrupts)
  } finally {
    interrupts.dispose()
  }
}

async function untilRest(app: App, drive: Drive, interrupts: Interrupts): Promise<Exit> {
  const { runtime, ref } = drive
  const { signal } = interrupts
  const mayAsk = app.terminal.isInteractive && !app.isJson && !drive.isQuiet
  const agent = app.agents.find(({ name }) => name === drive.agentName)
  for (let after = drive.after; ; ) {
    const view = viewOf(app, agent)
    const state = await follow({ runtime, store: app.store, ref, after, view, signal }).finally(() => view.close())
    if (signal.aborted) return drained(app, drive, interrupts)
    if (state.ended === null && mayAsk && (await ask(app, runtime, { state, signal })) === 'answered') after = state.seq
    else return signal.aborted ? drained(app, drive, interrupts) : rested(app, state)
  }
}

async function rested(app: App, state: State): Promise<Exit> {
  const exit = exitOfState(state)
  await tellRest(app, state, exit)
  return exit
}

async function drained({ terminal }: App, { runtime, ref }: Drive, interrupts: Interrupts): Promise<Exit> {
  const { noteStyle } = terminal
  terminal.note(noteStyle.dim(DRAINING))
  await runtime.stop()
  const name = shortId(ref.sessionId)
  terminal.note(
    `Stopped; session ${name} keeps its place. ${noteStyle.dim(`pawl work --session ${name} goes on, pawl cancel ${name} ends it.`)}`,
  )
  return interrupts.exit()
}
