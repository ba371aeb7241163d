import type { Command } from 'commander'
import type { Cli } from '../cli.ts'
import { examples, SESSION_ARGUMENT } from '../help.ts'
import { approvalIdOf } from '../open-approval.ts'
import { write } from '../writing.ts'

type Options = { readonly wait?: boolean }

/** Answers a question of the agent, or a held call instead of running it. */
export function addAnswer(program: Command, cli: Cli): void {
  program
    .command('answer')
    .summary('answer a question of the agent')
    .description(
      'Answers a question: with text, or with the number of one of its options. A failed task is answered with what follows, by name or number (pawl why lists them), and behind a colon with what whoever tries it again should know. A held call can be answered too: it does not run, and the model reads the answer.',
    )
    .argument('<session>', SESSION_ARGUMENT)
    .argument('<approval-or-text>', 'such as a1; may be left out where one is open')
    .argument('[text]', 'the answer, or the number of an option')
    .option('--wait', 'drive the session here until it rests, and show it')
    .addHelpText(
      'after',
      examples(cli, [
        'pawl answer last "The March invoice" --wait',
        'pawl answer 3f1c9a2b a2 1',
        'pawl answer last "retry: ask the other registry" --wait',
      ]),
    )
    .action(
      cli.action<Options>((app, { args: [session = '', first = '', second], options: { wait = false } }) =>
        write(app, { session, wait, done: `answered as ${app.by}` }, async (runtime, head) => {
          const approvalId = await approvalIdOf(app, head, second === undefined ? undefined : first)
          return runtime.approvals.answer({ ...head, approvalId }, app.by, second ?? first)
        }),
      ),
    )
}
