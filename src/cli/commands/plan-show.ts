import type { Command } from 'commander'
import type { App } from '../app.ts'
import type { Cli } from '../cli.ts'
import type { Exit } from '../exit-codes.ts'
import { examples, SESSION_ARGUMENT } from '../help.ts'
import { parseWhole } from '../parse.ts'
import { currentOf, planOf, versionOf } from '../plan-version.ts'
import { readLog, stateOfLog } from '../read-log.ts'
import { renderVersion, versionJson } from '../render/plan-show.ts'
import { findSession } from '../session-name.ts'

/** The plan of a session, or any version of it. */
export function addPlanShow(plan: Command, cli: Cli): void {
  plan
    .command('show')
    .summary('show the plan of a session, or a version of it')
    .description(
      'Shows the plan that is in force, with what became of each task: how long it took, what it cost, why it cannot be reached, what was chosen when it failed. With a number, any version that stands in the log, with why it came and what was found in it.',
    )
    .argument('<session>', SESSION_ARGUMENT)
    .argument('[version]', 'such as 1 (default: the one in force)')
    .addHelpText('after', examples(cli, ['pawl plan show last', 'pawl plan show 3f1c9a2b 1 --json']))
    .action(cli.action((app, { args: [session = '', version] }) => show(app, session, version)))
}

async function show(app: App, session: string, named: string | undefined): Promise<Exit> {
  const { store, terminal, options, isJson } = app
  const head = await findSession(store, session, options.tenant)
  const log = await readLog(app, head)
  const state = stateOfLog(head, log)
  const plan = planOf(state)
  const version = named === undefined ? currentOf(plan) : versionOf(plan, parseWhole(named, 1))
  if (version === undefined) return 'failed'
  if (isJson) {
    const { sessionId, tenant } = head
    terminal.out(JSON.stringify({ sessionId, tenant, ...versionJson(state, version) }))
    return 'ok'
  }
  const look = { ...terminal, now: terminal.now(), maxLines: Number.POSITIVE_INFINITY }
  for (const line of renderVersion(state, log, { version, look })) terminal.out(line)
  return 'ok'
}
