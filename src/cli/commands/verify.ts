import type { Command } from 'commander'
import type { Head } from '../../ports/index.ts'
import type { App } from '../app.ts'
import type { Cli } from '../cli.ts'
import type { Exit } from '../exit-codes.ts'
import { type ExportedHead, readHeads } from '../exported-heads.ts'
import { examples } from '../help.ts'
import { renderVerified, renderVerifiedSum } from '../render/verified.ts'
import { findSession, newestFirst } from '../session-name.ts'
import { type Verified, verifyAgainst, verifySession } from '../verify-log.ts'

type Options = { readonly against?: string }

/** Checks the hash chain. */
export function addVerify(program: Command, cli: Cli): void {
  program
    .command('verify')
    .summary('check that nobody changed a log')
    .description(
      'Checks the hash chain of a session, or of all: any change, removal or reordering inside a log shows. That a whole log was cut off or written anew shows only against heads that were kept elsewhere: keep the output of `pawl verify --json`, and give it with --against.',
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
  const tally = { sessions: 0, events: 0, broken: 0 }
  const tell = (verified: Verified) => {
    tally.sessions += 1
    tally.events += verified.check.type === 'holds' ? verified.check.version : 0
    if (verified.check.type === 'broken') tally.broken += 1
    if (isJson) terminal.out(JSON.stringify(verified))
    else if (verified.check.type === 'broken' || session !== undefined)
      for (const line of renderVerified(verified, terminal)) terminal.out(line)
  }
  for await (const head of heads) tell(await checkOne(app, head, kept))
  for (const verified of session === undefined ? await missingOnes(app, kept) : []) tell(verified)
  if (!isJson && session === undefined) terminal.out(renderVerifiedSum(tally, terminal))
  return tally.broken === 0 ? 'ok' : 'unsound'
}

async function checkOne({ store }: App, head: Head, kept: readonly ExportedHead[]): Promise<Verified> {
  const verified = await verifySession(store, head)
  const before = kept.find(({ tenant, sessionId }) => tenant === head.tenant && sessionId === head.sessionId)
  return verified.check.type === 'broken' || before === undefined ? verified : verifyAgainst(store, verified, before)
}

/** Sessions that were there when the heads were kept, and are not now. */
async function missingOnes({ store, options }: App, kept: readonly ExportedHead[]): Promise<readonly Verified[]> {
  const missing: Verified[] = []
  for (const { tenant, sessionId } of kept) {
    if (options.tenant !== undefined && options.tenant !== tenant) continue
    if ((await store.head({ tenant, sessionId })) !== null) continue
    missing.push({ tenant, sessionId, check: { type: 'broken', seq: 1, reason: 'missing' } })
  }
  return missing
}
