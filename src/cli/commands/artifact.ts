import { resolve } from 'node:path'
import type { Command } from 'commander'
import { artifactId } from '../../core/artifact/artifact.ts'
import type { App } from '../app.ts'
import { type ArtifactRow, artifactRows } from '../artifact-rows.ts'
import type { Cli } from '../cli.ts'
import { CliError, usageError } from '../errors.ts'
import type { Exit } from '../exit-codes.ts'
import { newFile } from '../export/new-file.ts'
import { examples, SESSION_ARGUMENT } from '../help.ts'
import { renderArtifacts } from '../render/artifacts.ts'
import { bytesShown } from '../render/bytes.ts'
import { plain } from '../render/text.ts'
import { findSession, shortId } from '../session-name.ts'
import { marks } from '../style.ts'
import { typedIn } from '../typed-in.ts'

type Options = { readonly out?: string; readonly force?: boolean }

/** Outputs that are too large for a prompt. */
export function addArtifact(program: Command, cli: Cli): void {
  program
    .command('artifact')
    .summary('list the large outputs of a session, or print one')
    .description(
      'Lists the artifacts of a session: outputs that were too large for a prompt, with the call that each came from, and whether the content is still there. With the id of one, or the beginning of it, prints its content.',
    )
    .argument('<session>', SESSION_ARGUMENT)
    .argument('[id]', 'an artifact, or the beginning of its id (default: list them)')
    .option('--out <file>', 'write the content there, byte by byte')
    .option('--force', 'write over a file that is there')
    .addHelpText(
      'after',
      examples(cli, [
        'pawl artifact last',
        'pawl artifact last 9f86d081 | jq .rows',
        'pawl artifact last 9f86 --out rows.json',
      ]),
    )
    .action(
      cli.action<Options>(async (app, { args: [session = '', id], options }) => {
        if (options.out !== undefined && id === undefined) throw usageError('expected the id of an artifact with --out')
        if (options.force === true && options.out === undefined) throw usageError('expected --force only with --out')
        const head = await findSession(app.store, session, app.options.tenant)
        const rows = await artifactRows(app, head)
        return id === undefined ? list(app, rows) : give(app, chosen(rows, id, shortId(head.sessionId)), options)
      }),
    )
}

function list({ terminal, isJson }: App, rows: readonly ArtifactRow[]): Exit {
  if (isJson) for (const row of rows) terminal.out(JSON.stringify(row))
  else for (const line of renderArtifacts(rows, terminal)) terminal.out(line)
  return 'ok'
}

function chosen(rows: readonly ArtifactRow[], id: string, session: string): ArtifactRow {
  const matches = rows.filter(({ hash }) => id !== '' && hash.startsWith(id.toLowerCase()))
  const hashes = new Set(matches.map(({ hash }) => hash))
  const [first] = matches
  if (first !== undefined && hashes.size === 1) return first
  const found = hashes.size === 0 ? `none of ${rows.length} begins so` : `${hashes.size} begin so`
  throw new CliError(
    'unknown_artifact',
    `expected the id of one artifact, or its beginning; for ${JSON.stringify(id)} ${found}. \`pawl artifact ${session}\` lists them.`,
  )
}

async function give(app: App, row: ArtifactRow, { out, force = false }: Options): Promise<Exit> {
  const { terminal, isJson, store } = app
  const found = await store.artifact(row.tenant, row.hash)
  if (found === null) {
    throw new CliError(
      'artifact_gone',
      `expected the content of artifact ${artifactId(row)}; the store does not have it any more. What the model saw of it stands in the log: pawl events.`,
    )
  }
  if (out === undefined) print(app, row, new TextDecoder().decode(found.bytes))
  else {
    const path = resolve(typedIn(), out)
    const file = newFile(path, { force })
    try {
      file.write(found.bytes)
      file.finish()
    } finally {
      file.abandon()
    }
    const size = bytesShown(found.bytes.length)
    if (isJson) terminal.out(JSON.stringify({ type: 'written', path, ...row }))
    else
      terminal.out(
        `${terminal.style.green(marks.ok)} wrote ${path} ${terminal.style.dim(`· ${row.mediaType} · ${size}`)}`,
      )
  }
  return 'ok'
}

/** In a window nothing in it can speak to the terminal; in a pipe it goes on as it is. */
function print({ terminal, isJson }: App, row: ArtifactRow, content: string): void {
  if (isJson) terminal.out(JSON.stringify({ ...row, content }))
  else if (Number.isFinite(terminal.width)) terminal.out(plain(content))
  else terminal.raw(content)
}
