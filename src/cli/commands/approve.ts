import type { Command } from 'commander'
import type { Cli } from '../cli.ts'
import { examples, SESSION_ARGUMENT } from '../help.ts'
import { approvalIdOf } from '../open-approval.ts'
import { write } from '../writing.ts'

type Options = { readonly reason?: string; readonly hash?: string; readonly wait?: boolean }

/** Says yes to exactly what is held. */
export function addApprove(program: Command, cli: Cli): void {
  program
    .command('approve')
    .summary('let a held call run, or a plan be carried out')
    .description(
      'Approves a held call, or a plan that waits to be looked at, exactly as it stands. One answer wins; a second is told who was first.',
    )
    .argument('<session>', SESSION_ARGUMENT)
    .argument('[approval]', 'such as a1; may be left out where one is open')
    .option('--reason <text>', 'stands in the log')
    .option('--hash <hash>', 'what you looked at (pawl approvals --json): an approval of anything else is refused')
    .option('--wait', 'drive the session here until it rests, and show it')
    .addHelpText('after', examples(cli, ['pawl approve last', 'pawl approve 3f1c9a2b a1 --by ada --wait']))
    .action(
      cli.action<Options>((app, { args: [session = '', approval], options: { wait = false, reason, hash } }) =>
        write(app, { session, wait, done: `approved as ${app.by}` }, async (runtime, head) => {
          const approvalId = await approvalIdOf(app, head, approval)
          const more = { ...(reason !== undefined && { reason }), ...(hash !== undefined && { hash }) }
          return runtime.approvals.approve({ ...head, approvalId }, app.by, more)
        }),
      ),
    )
}
