import type { Command } from 'commander'
import type { Settlement } from '../../core/index.ts'
import type { Cli } from '../cli.ts'
import { usageError } from '../errors.ts'
import { examples, SESSION_ARGUMENT } from '../help.ts'
import { unknownCallOf } from '../open-approval.ts'
import { parseInput } from '../parse.ts'
import { refOf, write } from '../writing.ts'

type Options = {
  readonly tookEffect?: boolean
  readonly didNot?: boolean
  readonly runAgain?: boolean
  readonly output?: string
  readonly reason?: string
  readonly wait?: boolean
}

/** Says what became of a call that nobody knows the outcome of. */
export function addSettle(program: Command, cli: Cli): void {
  program
    .command('settle')
    .summary('say what became of a call with an unknown outcome')
    .description(
      'Settles a call that started and whose outcome nobody knows. Look in the system that it writes to first (pawl why shows the key); each call can be settled once.',
    )
    .argument('<session>', SESSION_ARGUMENT)
    .argument('[call]', 'such as c3; may be left out where one is unknown')
    .option('--took-effect', 'it happened')
    .option('--did-not', 'it did not happen')
    .option('--run-again', 'run it again, as a new attempt at your word')
    .option('--output <json>', 'with --took-effect: what it answered, as JSON or @file')
    .option('--reason <text>', 'how you know; it stands in the log')
    .option('--wait', 'drive the session here until it rests, and show it')
    .addHelpText(
      'after',
      examples(cli, [
        `pawl settle last --took-effect --output '{"case_id": "RC-1"}' --wait`,
        'pawl settle 3f1c9a2b c3 --did-not',
      ]),
    )
    .action(
      cli.action<Options>(async (app, { args: [session = '', call], options }) => {
        const settlement = settlementOf(options)
        const { output, reason, wait = false } = options
        const more = {
          ...(output !== undefined && { output: parseInput(output) }),
          ...(reason !== undefined && { reason }),
        }
        return write(app, { session, wait, done: `settled as ${app.by}: ${settlement}` }, async (runtime, head) => {
          const callId = await unknownCallOf(app, head, call)
          return runtime.send(refOf(head), { type: 'settle', callId, settlement, by: app.by, ...more })
        })
      }),
    )
}

function settlementOf({ tookEffect, didNot, runAgain, output }: Options): Settlement {
  const said: Settlement[] = [
    ...(tookEffect === true ? (['took_effect'] as const) : []),
    ...(didNot === true ? (['did_not_take_effect'] as const) : []),
    ...(runAgain === true ? (['run_again'] as const) : []),
  ]
  const [only] = said
  if (only === undefined || said.length > 1)
    throw usageError(`expected one of --took-effect, --did-not and --run-again; found ${said.length}`)
  if (output !== undefined && only !== 'took_effect') throw usageError('expected --output only with --took-effect')
  return only
}
