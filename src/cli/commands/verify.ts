import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { App } from '../app.ts'
import type { Cli, Typed } from '../cli.ts'
import { usageError } from '../errors.ts'
import type { Exit } from '../exit-codes.ts'
import { linesOfFile } from '../export/byte-lines.ts'
import { verifyExport } from '../export/verify-export.ts'
import { readHeads } from '../exported-heads.ts'
import { examples } from '../help.ts'
import { addToTally, renderVerified, renderVerifiedSum, startTally } from '../render/verified.ts'
import { renderVerifiedFile } from '../render/verified-file.ts'
import { findSession, newestFirst } from '../session-name.ts'
import type { Terminal } from '../terminal.ts'
import { typedIn } from '../typed-in.ts'
import { isSound, type Verified, verifyHead, verifyMissing } from '../verify-log.ts'

type Options = { readonly against?: string; readonly file?: string }

/** Checks the hash chain. */
export function addVerify(program: Command, cli: Cli): void {
  const inStore = cli.action<Options>((app, { args: [session], options }) => verify(app, session, options))
  const inFile = cli.bareAction<Options>((typed) => verifyFile(cli.terminal, typed))
  program
    .command('verify')
    .summary('check that nobody changed a log, or an export')
    .description(
      'Checks the hash chain of a session, or of all: an event that was changed, removed, moved or emptied shows. Whoever can write to the store can also cut off or write anew a log together with its head, which shows only against heads that were kept elsewhere. Keep the output of `pawl verify --json` there, and give it with --against. The chain of a session that was erased holds over what is left; a body that is gone although its session was not erased is counted apart, and ends with 4. With --file, checks an export of pawl export from the file alone: chains, definitions, artifacts, and that no character was changed.',
    )
    .argument('[session]', 'one session (default: all of the store)')
    .option('--against <file>', 'heads kept before: the output of pawl verify --json')
    .option('--file <export>', 'check a file of pawl export (-: standard input); needs neither store nor configuration')
    .addHelpText(
      'after',
      examples(cli, [
        'pawl verify',
        'pawl verify last',
        'pawl verify --json > heads.ndjson',
        'pawl verify --against heads.ndjson',
        'pawl verify --file session.jsonl',
        'pawl export last | pawl verify --file -',
      ]),
    )
    .action(async (...given: readonly unknown[]) => {
      // Commander passes the command itself as the last argument of every action.
      const { file } = (given.at(-1) as Command).opts<Options>()
      return file === undefined ? inStore(...given) : inFile(...given)
    })
}

async function verify(app: App, session: string | undefined, { against }: Options): Promise<Exit> {
  const { store, terminal, options, isJson } = app
  const kept = against === undefined ? [] : readHeads(against)
  const heads =
    session === undefined
      ? newestFirst(store, options.tenant, Number.MAX_SAFE_INTEGER)
      : [await findSession(store, session, options.tenant)]
  const tally = startTally()
  const tell = (verified: Verified) => {
    addToTally(tally, verified)
    if (isJson) terminal.out(JSON.stringify(verified))
    else if (!isSound(verified) || session !== undefined)
      for (const line of renderVerified(verified, terminal)) terminal.out(line)
  }
  for await (const head of heads) tell(await verifyHead(store, head, kept))
  for (const verified of session === undefined ? await verifyMissing(store, kept, options.tenant) : []) tell(verified)
  if (!isJson && session === undefined) terminal.out(renderVerifiedSum(tally, terminal))
  return tally.broken + tally.emptied === 0 ? 'ok' : 'unsound'
}

async function verifyFile(terminal: Terminal, { args: [session], options }: Typed<Options>): Promise<Exit> {
  const { file: path = '', against, json: isJson = false } = options
  if (session !== undefined) throw usageError('expected a session or --file; found both')
  const kept = against === undefined ? [] : readHeads(against)
  const tally = startTally()
  let only: Verified | null = null
  const tell = (verified: Verified) => {
    addToTally(tally, verified)
    if (isJson) terminal.out(JSON.stringify(verified))
    else if (!isSound(verified)) for (const line of renderVerified(verified, terminal)) terminal.out(line)
    else only = tally.sessions === 1 ? verified : null
  }
  const file = await verifyExport(linesOfFile(path === '-' ? path : resolve(typedIn(), path)), { kept, tell })
  if (isJson) terminal.out(JSON.stringify({ type: 'file', path, ...file }))
  else for (const line of renderVerifiedFile({ path, file, tally, only }, terminal)) terminal.out(line)
  return tally.broken + tally.emptied + file.problems.length === 0 ? 'ok' : 'unsound'
}
