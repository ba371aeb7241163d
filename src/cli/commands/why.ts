import type { Command } from 'commander'
import { whyOf } from '../../core/index.ts'
import type { Cli } from '../cli.ts'
import { examples, SESSION_ARGUMENT } from '../help.ts'
import { readLog } from '../read-log.ts'
import { renderWhy } from '../render/why.ts'
import { findSession, shortId } from '../session-name.ts'

/** Why a session is as it is, from its events alone. */
export function addWhy(program: Command, cli: Cli): void {
  program
    .command('why')
    .summary('say why a session is blocked, waits, runs or has ended')
    .description(
      'Says from the events alone why a session is as it is: what it waits for, of whom, by which policy, since when, and what would let it go on; or how it ended, and what is still open. Of its last decision it says which facts, summary and passages stood in the prompt, and which outputs the model was not shown as a whole.',
    )
    .argument('<session>', SESSION_ARGUMENT)
    .addHelpText('after', examples(cli, ['pawl why last', 'pawl why 3f1c9a2b --json']))
    .action(
      cli.action(async (app, { args: [session = ''] }) => {
        const { store, terminal, options, isJson } = app
        const head = await findSession(store, session, options.tenant)
        const why = whyOf(await readLog(app, head), shortId(head.sessionId))
        if (isJson) terminal.out(JSON.stringify({ sessionId: head.sessionId, tenant: head.tenant, ...why }))
        else for (const line of renderWhy(why, { ...terminal, now: terminal.now() })) terminal.out(line)
        return 'ok'
      }),
    )
}
