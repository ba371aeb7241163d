import type { Command } from 'commander'
import { embedded } from '../../engines/embedded.ts'
import type { SessionRef } from '../../ports/index.ts'
import type { App } from '../app.ts'
import type { Cli } from '../cli.ts'
import { driveInChild } from '../drive-in-child.ts'
import type { Exit } from '../exit-codes.ts'
import { examples, SESSION_ARGUMENT } from '../help.ts'
import { idle } from '../idle.ts'
import { type Interrupts, listenForInterrupts } from '../interrupts.ts'
import { shortId } from '../session-name.ts'
import { statusTone, toned } from '../style.ts'
import { toldEngine } from '../told-engine.ts'
import { workOnOne } from '../work-on-one.ts'

type Options = { readonly session?: string; readonly untilIdle?: boolean }

/** A worker: it drives, and does nothing else. */
export function addWork(program: Command, cli: Cli): void {
  program
    .command('work')
    .summary('drive sessions until stopped')
    .description(
      'Drives the sessions of the store: new ones, those that a person has answered, those whose worker died. Several workers may share a store. Ctrl-C or SIGTERM drains and exits with 0.',
    )
    .option('--session <session>', `drive one session, alone, until it rests: ${SESSION_ARGUMENT}`)
    .option('--until-idle', 'stop when nothing is left to do; sessions that wait for people do not count')
    .addHelpText('after', examples(cli, ['pawl work', 'pawl work --until-idle', 'pawl work --session last']))
    .action(cli.action<Options>((app, { options }) => listen(app, options), { config: true }))
}

async function listen(app: App, { session, untilIdle = false }: Options): Promise<Exit> {
  const interrupts = listenForInterrupts(app.terminal)
  try {
    return session === undefined ? await work(app, interrupts, untilIdle) : await workOnOne(app, interrupts, session)
  } finally {
    interrupts.dispose()
  }
}

async function work(app: App, { signal }: Interrupts, untilIdle: boolean): Promise<Exit> {
  const { terminal, isJson, store, storePath, agents } = app
  const { style } = terminal
  if (!isJson) {
    const names = agents.map(({ name }) => name).join(', ')
    terminal.out(style.dim(`Working on ${storePath ?? store.name} · ${names} · Ctrl-C drains`))
  }
  const drives = toldEngine(embedded(), (ref, how) => {
    if (how === 'rested') void tellOf(app, ref)
  })
  const runtime = app.runtime(drives.engine, { driveAlone: driveInChild(app, signal) })
  if (untilIdle) await idle(app, { underWay: drives.underWay, signal })
  else await aborted(signal)
  await runtime.stop()
  if (!isJson && signal.aborted) terminal.out(style.dim('Drained.'))
  return 'ok'
}

/** One line for each time that a session was let go of. */
async function tellOf({ store, terminal, isJson }: App, ref: SessionRef): Promise<void> {
  const head = await store.head(ref).catch(() => null)
  if (head === null) return
  const { status, version, at } = head
  if (isJson) return terminal.out(JSON.stringify({ type: 'drove', ...ref, status, version, at }))
  const { style } = terminal
  const time = new Date(at).toTimeString().slice(0, 8)
  terminal.out(
    `${style.dim(time)}  ${style.bold(shortId(ref.sessionId))}  ${toned(style, statusTone(status), status)}  ${style.dim(`event ${version}`)}`,
  )
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
