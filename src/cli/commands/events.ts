import type { Command } from 'commander'
import type { LogEvent } from '../../core/index.ts'
import type { Head } from '../../ports/index.ts'
import type { App } from '../app.ts'
import type { Cli } from '../cli.ts'
import { refuseErased } from '../erased-session.ts'
import type { Exit } from '../exit-codes.ts'
import { examples, SESSION_ARGUMENT } from '../help.ts'
import { listenForInterrupts } from '../interrupts.ts'
import { parseWhole } from '../parse.ts'
import { readLog } from '../read-log.ts'
import { renderEvent } from '../render/event.ts'
import { findSession } from '../session-name.ts'

type Options = { readonly after: number; readonly follow?: boolean; readonly kind?: string }

/** The log itself. */
export function addEvents(program: Command, cli: Cli): void {
  program
    .command('events')
    .summary('print the log of a session')
    .description(
      'Prints the events of a session: whole with --json, one line each without. Fields marked sensitive are masked, also in the JSON; the log itself keeps an input as it ran.',
    )
    .argument('<session>', SESSION_ARGUMENT)
    .option('--after <seq>', 'only those behind this one', (text) => parseWhole(text), 0)
    .option('--kind <kind>', 'only those of this kind, such as call_finished')
    .option('--follow', 'go on with new ones, until the session has ended or Ctrl-C')
    .addHelpText(
      'after',
      examples(cli, [
        'pawl events last --follow',
        'pawl events 3f1c9a2b --json --after 120',
        'pawl events last --kind call_judged --json',
      ]),
    )
    .action(cli.action<Options>((app, { args: [session = ''], options }) => print(app, session, options)))
}

async function print(app: App, session: string, options: Options): Promise<Exit> {
  const head = await findSession(app.store, session, app.options.tenant)
  const show = printer(app, options)
  if (options.follow === true) return follow(app, head, { ...options, show })
  for (const logEvent of await readLog(app, head)) if (logEvent.seq > options.after) show(logEvent)
  return 'ok'
}

type Show = (logEvent: LogEvent) => void

function printer({ terminal, isJson }: App, { kind }: Options): Show {
  let before: number | null = null
  return (logEvent) => {
    if (kind !== undefined && logEvent.event.type !== kind) return
    terminal.out(isJson ? JSON.stringify(logEvent) : renderEvent(logEvent, { ...terminal, before }))
    before = logEvent.at
  }
}

async function follow(app: App, head: Head, { after, show }: Options & { show: Show }): Promise<Exit> {
  await refuseErased(app.store, head)
  const interrupts = listenForInterrupts(app.terminal, { says: null })
  try {
    const { signal } = interrupts
    for await (const item of app.runtime(null).watch(head, { after, signal })) {
      if (item.type === 'event') show({ seq: item.seq, at: item.at, event: item.event })
    }
    return signal.aborted ? interrupts.exit() : 'ok'
  } finally {
    interrupts.dispose()
  }
}
