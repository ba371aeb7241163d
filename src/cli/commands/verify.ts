import type { Command } from 'commander'
import type { App } from '../app.ts'
import type { Cli } from '../cli.ts'
import type { Exit } from '../exit-codes.ts'
import { readHeads } from '../exported-heads.ts'
import { examples } from '../help.ts'
import { renderVerified, renderVerifiedSum } from '../render/verified.ts'
import { findSession, newestFirst } from '../session-name.ts'
import { isSound, type Verified, verifyHead, verifyMissing } from '../verify-log.ts'

type Options = { readonly against?: string }

/** Checks the hash chain. */
export function addVerify(program: Command, cli: Cli): void {
  program
    .command('verify')
    .summary('check that nobody changed a log')
    .description(
      'Checks the hash chain of a session, or of all: an event that was changed, removed, moved or emptied shows. Whoever can write to the store can also cut off or write anew a log together with its head, which shows only against heads that were kept elsewhere. Keep the output of `pawl verify --json` there, and give it with --against. An erased body leaves a chain that holds; it is counted apart, and ends with 4 too, since nothing in Pawl erases one.',
    )
    .argument('[session]', 'one session (default: all of the store)')
    .option('--against <file>', 'heads kept before: the output of pawl verify --json')
    .addHelpText(
      'after',
      examples(cli, [
        'pawl verify',
        'pawl verify last',
        'pawl verify --json > heads.ndjson',
        'pawl verify --against heads.ndjson',
      ]),
    )
    .action(cli.action<Options>((app, { args: [session], options }) => verify(app, session, options)))
}

async function verify(app: App, session: string | undefined, { against }: Options): Promise<Exit> {
  const { store, terminal, options, isJson } = app
  const kept = against === undefined ? [] : readHeads(against)
  const heads =
    session === undefined
      ? newestFirst(store, options.tenant, Number.MAX_SAFE_INTEGER)
      : [await findSession(store, session, options.tenant)]
  const tally = { sessions: 0, events: 0, broken: 0, erased: 0 }
  const tell = (verified: Verified) => {
    tally.sessions += 1
    tally.events += verified.check.type === 'holds' ? verified.check.version : 0
    if (verified.check.type === 'broken') tally.broken += 1
    else if (verified.erased > 0) tally.erased += 1
    if (isJson) terminal.out(JSON.stringify(verified))
    else if (!isSound(verified) || session !== undefined)
      for (const line of renderVerified(verified, terminal)) terminal.out(line)
  }
  for await (const head of heads) tell(await verifyHead(store, head, kept))
  for (const verified of session === undefined ? await verifyMissing(store, kept, options.tenant) : []) tell(verified)
  if (!isJson && session === undefined) terminal.out(renderVerifiedSum(tally, terminal))
  return tally.broken + tally.erased === 0 ? 'ok' : 'unsound'
}
