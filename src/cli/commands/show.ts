import type { Command } from 'commander'
import { type LogEvent, type State, status } from '../../core/index.ts'
import type { Cli } from '../cli.ts'
import { examples, SESSION_ARGUMENT } from '../help.ts'
import { currentOf } from '../plan-version.ts'
import { readLog, stateOfLog } from '../read-log.ts'
import { type PlanShowLook, renderPlanOf, renderVersion } from '../render/plan-show.ts'
import { renderShow, summaryOf } from '../render/show.ts'
import { findSession } from '../session-name.ts'

/** A session at a glance. */
export function addShow(program: Command, cli: Cli): void {
  program
    .command('show')
    .summary('show a session at a glance')
    .description(
      'Shows a session: its plan with what became of each task, its status, what it has used of its budget, what was said, its calls, and what it remembers: facts, open questions, artifacts, and what has left its prompts.',
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
        const plan = planLines(state, log, look)
        for (const line of [...plan, ...(plan.length === 0 ? [] : [''])]) terminal.out(line)
        for (const line of renderShow(head, state, look)) terminal.out(line)
        return 'ok'
      }),
    )
}

/** The one in force; where none is yet, the one that waits to be looked at. */
function planLines(state: State, log: readonly LogEvent[], look: PlanShowLook): readonly string[] {
  const inForce = renderPlanOf(state, log, look)
  const waiting = inForce.length === 0 && state.plan !== null ? currentOf(state.plan) : undefined
  return waiting === undefined ? inForce : renderVersion(state, log, { version: waiting, look })
}
