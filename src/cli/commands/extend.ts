import type { Command } from 'commander'
import type { Cli } from '../cli.ts'
import { usageError } from '../errors.ts'
import { examples, SESSION_ARGUMENT } from '../help.ts'
import { parseUsd, parseWhole } from '../parse.ts'
import { refOf, write } from '../writing.ts'

type Options = {
  readonly tokens?: number
  readonly cost?: number
  readonly calls?: number
  readonly events?: number
  readonly wait?: boolean
}

/** Raises a session's budget; one that was stopped or blocked by it goes on. */
export function addExtend(program: Command, cli: Cli): void {
  program
    .command('extend')
    .summary('raise the budget of a session')
    .description(
      'Adds to the budget of a session. One that is blocked by its budget, or has ended because of it, goes on.',
    )
    .argument('<session>', SESSION_ARGUMENT)
    .option('--tokens <number>', 'more tokens', (text) => parseWhole(text, 1))
    .option('--cost <usd>', 'more money, in dollars', parseUsd)
    .option('--calls <number>', 'more tool calls', (text) => parseWhole(text, 1))
    .option('--events <number>', 'more events', (text) => parseWhole(text, 1))
    .option('--wait', 'drive the session here until it rests, and show it')
    .addHelpText(
      'after',
      examples(cli, ['pawl extend last --cost 2.50 --wait', 'pawl extend 3f1c9a2b --tokens 20_000']),
    )
    .action(
      cli.action<Options>(async (app, { args: [session = ''], options: { wait = false, ...amounts } }) => {
        const more = moreOf(amounts)
        return write(app, { session, wait, done: 'extended the budget' }, (runtime, head) =>
          runtime.send(refOf(head), { type: 'extend_budget', by: app.by, ...more }),
        )
      }),
    )
}

function moreOf({ tokens, cost, calls, events }: Options): object {
  const more = {
    ...(tokens !== undefined && { tokens }),
    ...(cost !== undefined && { costMicroUsd: cost }),
    ...(calls !== undefined && { calls }),
    ...(events !== undefined && { events }),
  }
  if (Object.keys(more).length > 0) return more
  throw usageError('expected one of --tokens, --cost, --calls and --events; found none')
}
