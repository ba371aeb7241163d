import type { Command } from 'commander'
import type { Cli } from '../cli.ts'
import { examples, SESSION_ARGUMENT } from '../help.ts'
import { approvalIdOf } from '../open-approval.ts'
import { write } from '../writing.ts'

type Options = { readonly reason?: string; readonly wait?: boolean }

/** Says no to what is held; the model is told why. */
export function addReject(program: Command, cli: Cli): void {
  program
    .command('reject')
    .summary('refuse a held call, or a plan')
    .description(
      'Rejects a held call, or a plan that waits to be looked at. It never runs; the model, or the planner, is told the reason, and decides anew.',
    )
    .argument('<session>', SESSION_ARGUMENT)
    .argument('[approval]', 'such as a1; may be left out where one is open')
    .option('--reason <text>', 'told to the model')
    .option('--wait', 'drive the session here until it rests, and show it')
    .addHelpText('after', examples(cli, ['pawl reject last --reason "the account is not verified" --wait']))
    .action(
      cli.action<Options>((app, { args: [session = '', approval], options: { wait = false, reason } }) =>
        write(app, { session, wait, done: `rejected as ${app.by}` }, async (runtime, head) => {
          const approvalId = await approvalIdOf(app, head, approval)
          return runtime.approvals.reject({ ...head, approvalId }, app.by, reason === undefined ? {} : { reason })
        }),
      ),
    )
}
