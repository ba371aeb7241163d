import { type Command, Option } from 'commander'
import type { App } from '../app.ts'
import type { Cli } from '../cli.ts'
import type { Exit } from '../exit-codes.ts'
import { examples } from '../help.ts'
import { parseWhole } from '../parse.ts'
import { renderSessions } from '../render/sessions.ts'

type Options = { readonly status?: string; readonly agent?: string; readonly limit: number }

const DEFAULT_LIMIT = 20

/** Lists sessions, the newest first. */
export function addSessions(program: Command, cli: Cli): void {
  program
    .command('sessions')
    .summary('list sessions')
    .description('Lists sessions, the newest first.')
    .addOption(
      new Option('--status <word>', 'only these').choices([
        'running',
        'waiting',
        'blocked',
        'done',
        'failed',
        'cancelled',
        'erased',
      ]),
    )
    .option('--agent <name>', 'only those of this agent')
    .option('--limit <number>', 'at most so many', (text) => parseWhole(text, 1), DEFAULT_LIMIT)
    .addHelpText('after', examples(cli, ['pawl sessions --status blocked', 'pawl sessions --json --limit 1000']))
    .action(cli.action<Options>((app, { options }) => list(app, options)))
}

async function list({ store, terminal, isJson, options }: App, { status, agent, limit }: Options): Promise<Exit> {
  const { tenant } = options
  const filter = {
    ...(status !== undefined && { status }),
    ...(agent !== undefined && { agent }),
    ...(tenant !== undefined && { tenant }),
  }
  // One more than shown tells whether there are others.
  const heads = await store.sessions({ ...filter, limit: limit + 1 })
  const shown = heads.slice(0, limit)
  if (isJson) for (const head of shown) terminal.out(JSON.stringify(head))
  else for (const line of renderSessions(shown, { ...terminal, now: terminal.now() })) terminal.out(line)
  if (heads.length > limit && !isJson) terminal.note(terminal.noteStyle.dim(`  Older ones: --limit ${limit * 10}`))
  return 'ok'
}
