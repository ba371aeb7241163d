import type { Command } from 'commander'
import type { Cli } from '../cli.ts'
import { examples, SESSION_ARGUMENT } from '../help.ts'
import { approvalIdOf } from '../open-approval.ts'
import { parseInput } from '../parse.ts'
import { withoutSchema } from '../plan-file.ts'
import { readState } from '../read-log.ts'
import { write } from '../writing.ts'

type Options = { readonly input: string; readonly wait?: boolean }

/** Lets a held call run with another input. */
export function addEdit(program: Command, cli: Cli): void {
  program
    .command('edit')
    .summary('let a held call run with another input, or another plan be carried out')
    .description(
      'Replaces the input of a held call, and approves it as you wrote it: it runs unless policy denies it, or wants others beside you. The new input is validated and judged like any other, earlier votes no longer count, and the model is told what ran. Of a plan that waits to be looked at, the input is the whole plan as you want it; of a failed task that is one call, what it is tried again with.',
    )
    .argument('<session>', SESSION_ARGUMENT)
    .argument('[approval]', 'such as a1; may be left out where one is open')
    .requiredOption('--input <json>', 'the whole input, as JSON, @file, or - for standard input')
    .option('--wait', 'drive the session here until it rests, and show it')
    .addHelpText(
      'after',
      examples(cli, [
        `pawl edit last --input '{"account": "A-7", "amount": 40}' --wait`,
        'pawl edit last --input @plan.json',
      ]),
    )
    .action(
      cli.action<Options>(async (app, { args: [session = '', approval], options: { wait = false, input } }) => {
        const edited = parseInput(input)
        return write(app, { session, wait, done: `edited as ${app.by}` }, async (runtime, head) => {
          const approvalId = await approvalIdOf(app, head, approval)
          const { subject } = (await readState(app, head)).approvals.get(approvalId) ?? {}
          const sent = subject?.type === 'plan' ? withoutSchema(edited) : edited
          return runtime.approvals.edit({ ...head, approvalId }, app.by, sent)
        })
      }),
    )
}
