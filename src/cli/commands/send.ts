import type { Command } from 'commander'
import type { Cli } from '../cli.ts'
import { examples, SESSION_ARGUMENT } from '../help.ts'
import { refOf, write } from '../writing.ts'

type Options = { readonly wait?: boolean; readonly operator?: boolean }

/** Speaks to a session that exists; one that has answered goes on. */
export function addSend(program: Command, cli: Cli): void {
  program
    .command('send')
    .summary('say something to a session')
    .description(
      'Sends a message to a session. One that has answered takes it up again; one that works sees it at its next turn.',
    )
    .argument('<session>', SESSION_ARGUMENT)
    .argument('<message>', 'what is said')
    .option('--wait', 'drive the session here until it rests, and show it')
    .option('--operator', 'say it as the operator, not as the user')
    .addHelpText('after', examples(cli, ['pawl send last "It was the March invoice" --wait']))
    .action(
      cli.action<Options>((app, { args: [session = '', text = ''], options: { wait = false, operator = false } }) =>
        write(app, { session, wait, done: 'sent' }, (runtime, head) => {
          const trust = operator ? 'operator' : 'user'
          return runtime.send(refOf(head), { type: 'send_message', text, trust, origin: { type: trust, id: app.by } })
        }),
      ),
    )
}
