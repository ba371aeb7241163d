import { type Command, Option } from 'commander'
import type { Cli } from '../cli.ts'
import { examples, SESSION_ARGUMENT } from '../help.ts'
import { refOf, write } from '../writing.ts'

type Options = { readonly wait?: boolean; readonly operator?: boolean; readonly external?: boolean }

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
    .addOption(new Option('--operator', 'say it as the operator, not as the user').conflicts('external'))
    .option('--external', 'the text comes from outside, such as a mail: it is marked as data, and policies see that')
    .addHelpText('after', examples(cli, ['pawl send last "It was the March invoice" --wait']))
    .action(
      cli.action<Options>((app, { args: [session = '', text = ''], options: { wait = false, operator, external } }) =>
        write(app, { session, wait, done: 'sent' }, (runtime, head) => {
          const type = operator === true ? 'operator' : 'user'
          const trust = external === true ? 'external' : type
          return runtime.send(refOf(head), { type: 'send_message', text, trust, origin: { type, id: app.by } })
        }),
      ),
    )
}
