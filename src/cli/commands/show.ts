import type { Command } from 'commander'
import { status } from '../../core/index.ts'
import type { Cli } from '../cli.ts'
import { examples, SESSION_ARGUMENT } from '../help.ts'
import { readLog, stateOfLog } from '../read-log.ts'
import { renderPlanOf } from '../render/plan-show.ts'
import { renderShow, summaryOf } from '../render/show.ts'
import { findSession } from '../session-name.ts'

/** A session at a glance. */
export function addShow(program: Command, cli: Cli): void {
  program
    .command('show')
    .summary('show a session at a glance')
    .description(
      'Shows a session: its plan with what became of each task, its status, what it has used of its budget, what was said, and its calls.',
    )
    .argument('<session>', SESSION_ARGUMENT)
    .addHelpText('after', examples(cli, ['pawl show last', 'pawl show 3f1c9a2b --json | jq .spent']))
    .action(
      cli.action(async (app, { args: [session = ''] }) => {
        const { store, terminal, options, isJson } = app
        const head = await findSession(store, session, options.tenant)
        const log = await readLog(app, head)
        const state = stateOfLog(head, log)
        if (isJson) terminal.out(JSON.stringify({ ...head, status: status(state), ...summaryOf(state) }))
        if (isJson) return 'ok'
        const look = { ...terminal, now: terminal.now() }
        const plan = renderPlanOf(state, log, look)
        for (const line of [...plan, ...(plan.length === 0 ? [] : [''])]) terminal.out(line)
        for (const line of renderShow(head, state, look)) terminal.out(line)
        return 'ok'
      }),
    )
}
