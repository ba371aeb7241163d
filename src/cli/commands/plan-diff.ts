import type { Command } from 'commander'
import { diffPlans, type PlanState, type PlanVersion, type ProposedPlan, saysCause } from '../../core/index.ts'
import type { App } from '../app.ts'
import type { Cli } from '../cli.ts'
import { CliError } from '../errors.ts'
import type { Exit } from '../exit-codes.ts'
import { examples, SESSION_ARGUMENT } from '../help.ts'
import { parseWhole } from '../parse.ts'
import { currentOf, planOf, versionOf } from '../plan-version.ts'
import { readState } from '../read-log.ts'
import { renderPlanDiff } from '../render/plan-diff.ts'
import { oneLine } from '../render/text.ts'
import { findSession, shortId } from '../session-name.ts'

type Named = { readonly from: string | undefined; readonly to: string | undefined }

/** What differs between two versions of a session's plan. */
export function addPlanDiff(plan: Command, cli: Cli): void {
  plan
    .command('diff')
    .summary('say what differs between two versions of a plan')
    .description(
      'Compares two versions of the plan of a session, task by task: − before, + after, ~ changed, ↕ moved. Without numbers, the one in force with the one before it; with one number, that one with the one in force.',
    )
    .argument('<session>', SESSION_ARGUMENT)
    .argument('[from]', 'a version, such as 1')
    .argument('[to]', 'a version, such as 2')
    .addHelpText('after', examples(cli, ['pawl plan diff last', 'pawl plan diff 3f1c9a2b 1 3 --json']))
    .action(cli.action((app, { args: [session = '', from, to] }) => diff(app, session, { from, to })))
}

async function diff(app: App, session: string, named: Named): Promise<Exit> {
  const { store, terminal, options, isJson } = app
  const head = await findSession(store, session, options.tenant)
  const plan = planOf(await readState(app, head))
  const { from, to } = versionsOf(plan, named, shortId(head.sessionId))
  const difference = diffPlans(proposed(from), proposed(to))
  if (isJson) {
    terminal.out(JSON.stringify({ from: from.version, to: to.version, cause: to.cause, ...difference }))
    return 'ok'
  }
  const { style } = terminal
  terminal.out(`${style.bold(`plan ${from.version} → ${to.version}`)}  ${style.dim(oneLine(saysCause(to.cause)))}`)
  terminal.out('')
  for (const line of renderPlanDiff(difference, terminal)) terminal.out(line)
  return 'ok'
}

type Pair = { readonly from: PlanVersion; readonly to: PlanVersion }

/** @throws CliError `one_version` where there is nothing to compare, `usage` where a version is not there. */
function versionsOf(plan: PlanState, { from, to }: Named, name: string): Pair {
  const after = to === undefined ? currentOf(plan) : versionOf(plan, parseWhole(to, 1))
  const before = from === undefined ? beforeOf(plan, after) : versionOf(plan, parseWhole(from, 1))
  if (before !== undefined && after !== undefined) return { from: before, to: after }
  const message = `expected two versions to compare; the plan of session ${name} has one. pawl plan show ${name} shows it.`
  throw new CliError('one_version', message)
}

/** What was in force before it; one that was refused never was. */
function beforeOf({ versions }: PlanState, after: PlanVersion | undefined): PlanVersion | undefined {
  const earlier = versions.filter(({ version }) => after !== undefined && version < after.version)
  return earlier.findLast(({ status }) => status === 'adopted') ?? earlier.at(-1)
}

function proposed({ goal, notes, criticalPath, tasks }: PlanVersion): ProposedPlan {
  return { goal, ...(notes !== null && { notes }), ...(criticalPath !== null && { criticalPath }), tasks }
}
