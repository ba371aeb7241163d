import type { Command } from 'commander'
import type { Cli } from '../cli.ts'
import { examples, SESSION_ARGUMENT } from '../help.ts'
import { refOf, write } from '../writing.ts'

type Options = { readonly reason?: string; readonly wait?: boolean }

/** Ends a session: nothing new starts, what is open is aborted and gets its outcome. */
export function addCancel(program: Command, cli: Cli): void {
  program
    .command('cancel')
    .summary('end a session')
    .description(
      'Cancels a session, for good. Once this is acknowledged nothing new starts; running calls are aborted, and their outcomes recorded.',
    )
    .argument('<session>', SESSION_ARGUMENT)
    .option('--reason <text>', 'why; it stands in the log')
    .option('--wait', 'drive the session here until it has ended')
    .addHelpText('after', examples(cli, ['pawl cancel last --reason "wrong customer"']))
    .action(
      cli.action<Options>((app, { args: [session = ''], options: { wait = false, reason } }) =>
        write(app, { session, wait, done: 'cancelled' }, (runtime, head) =>
          runtime.send(refOf(head), { type: 'cancel', by: app.by, ...(reason !== undefined && { reason }) }),
        ),
      ),
    )
}
