import type { Command } from 'commander'
import { traceOf } from '../../core/index.ts'
import type { Cli } from '../cli.ts'
import { examples, SESSION_ARGUMENT } from '../help.ts'
import { readLog } from '../read-log.ts'
import { renderTrace } from '../render/trace.ts'
import { findSession } from '../session-name.ts'

/** The log as readers are told it. */
export function addTrace(program: Command, cli: Cli): void {
  program
    .command('trace')
    .summary('tell a session step by step')
    .description(
      'Tells what a session did: decisions, results of tools, what its memory made of them, and changes of its state. For all of the log: pawl events.',
    )
    .argument('<session>', SESSION_ARGUMENT)
    .addHelpText('after', examples(cli, ['pawl trace last', 'pawl trace 3f1c9a2b --json']))
    .action(
      cli.action(async (app, { args: [session = ''] }) => {
        const { store, terminal, options, isJson } = app
        const rows = traceOf(await readLog(app, await findSession(store, session, options.tenant)))
        if (isJson) for (const row of rows) terminal.out(JSON.stringify(row))
        else for (const line of renderTrace(rows, terminal)) terminal.out(line)
        return 'ok'
      }),
    )
}
