import { existsSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setImmediate as pause } from 'node:timers/promises'
import type { Command } from 'commander'
import type { Head } from '../../ports/index.ts'
import { hashOf } from '../../runtime/index.ts'
import type { App } from '../app.ts'
import type { Cli } from '../cli.ts'
import { CliError, usageError } from '../errors.ts'
import type { Exit } from '../exit-codes.ts'
import { type Exported, exportLines, nothingExported } from '../export/export-lines.ts'
import { newFile, openFolder } from '../export/new-file.ts'
import { examples } from '../help.ts'
import { type Interrupts, listenForInterrupts } from '../interrupts.ts'
import { shownEvents } from '../read-log.ts'
import { renderExported, type WrittenExport } from '../render/exported.ts'
import { findSession, newestFirst } from '../session-name.ts'
import { typedIn } from '../typed-in.ts'

type Options = { readonly out?: string; readonly force?: boolean; readonly mask?: boolean }

/** All that stands about a session, or about all of a tenant, to be handed over. */
export function addExport(program: Command, cli: Cli): void {
  program
    .command('export')
    .summary('hand over all that stands about a session or a tenant')
    .description(
      'Writes all that stands about a session, or about every session of a tenant, as JSON Lines: heads, events as they are stored, the definitions that they name, and artifacts. `pawl verify --file` checks it without the store. An export holds what the log holds: also fields marked sensitive, unless --mask is said. A file is written beside its name and takes it when it is whole. In a folder (one that is there, or a name that ends in /) each session gets a file of its own.',
    )
    .argument('[session]', 'its id, a unique beginning or end of it, or "last" (default: all of --tenant)')
    .option('--out <path>', 'a file, or a folder (default: standard output)')
    .option('--force', 'write over files that are there')
    .option('--mask', 'mask fields marked sensitive; the chain still holds, through the hashes of the bodies')
    .addHelpText(
      'after',
      examples(cli, [
        'pawl export last --out session.jsonl',
        'pawl export --tenant acme --out acme/',
        'pawl verify --file session.jsonl',
      ]),
    )
    .action(cli.action<Options>((app, { args: [session], options }) => exportTo(app, session, options)))
}

type Asked = { readonly tenant: string; readonly heads: AsyncIterable<Head> | readonly Head[] }

async function exportTo(app: App, session: string | undefined, options: Options): Promise<Exit> {
  const asked = await askedOf(app, session)
  if (options.force === true && options.out === undefined) throw usageError('expected --force only with --out')
  const interrupts = listenForInterrupts(app.terminal, { says: null })
  try {
    if (options.out === undefined) return await print(app, asked, { ...options, interrupts })
    return await write(app, asked, { ...options, interrupts, out: options.out })
  } finally {
    interrupts.dispose()
  }
}

async function askedOf({ store, options: { tenant } }: App, session: string | undefined): Promise<Asked> {
  if (session !== undefined) {
    const head = await findSession(store, session, tenant)
    return { tenant: head.tenant, heads: [head] }
  }
  if (tenant === undefined) throw usageError('expected a session, or --tenant for all of its sessions; found neither')
  const [first] = await store.sessions({ tenant, limit: 1 })
  if (first === undefined)
    throw new CliError('unknown_tenant', `expected sessions of tenant ${JSON.stringify(tenant)}; the store has none`)
  return { tenant, heads: newestFirst(store, tenant, Number.MAX_SAFE_INTEGER) }
}

type Run = Options & { readonly interrupts: Interrupts }

function linesOf(app: App, { tenant, heads }: Asked, { mask, exported }: Options & { exported: Exported }) {
  const { store, terminal } = app
  const masks = mask === true ? shownEvents(app) : null
  return exportLines({ store, tenant, heads, now: terminal.now(), mask: masks }, exported)
}

const PAUSE_EVERY_MS = 50

/** Whether a signal came. A store may answer without a pause in which one could be heard: it is made here, now and then. */
function heard({ signal }: Interrupts): () => Promise<boolean> {
  let lastPause = performance.now()
  return async () => {
    if (performance.now() - lastPause > PAUSE_EVERY_MS) {
      await pause()
      lastPause = performance.now()
    }
    return signal.aborted
  }
}

/** Whoever reads a part of it sees that it does not end in its last line. */
async function print(app: App, asked: Asked, { interrupts, ...options }: Run): Promise<Exit> {
  const isAborted = heard(interrupts)
  for await (const line of linesOf(app, asked, { ...options, exported: nothingExported() })) {
    if (await isAborted()) return interrupts.exit()
    app.terminal.out(line)
  }
  return 'ok'
}

type Writing = Run & { readonly out: string }

async function write(app: App, asked: Asked, writing: Writing): Promise<Exit> {
  const path = resolve(typedIn(), writing.out)
  const isFolder = /[/\\]$/.test(writing.out) || (existsSync(path) && statSync(path).isDirectory())
  const exported = nothingExported()
  const written: WrittenExport = { path, files: 0, bytes: 0, exported }
  if (isFolder) openFolder(path)
  for await (const file of isFolder ? filesIn(path, asked) : [{ ...asked, path }]) {
    const bytes = await writeFile(app, file, { ...writing, exported })
    if (bytes === null) return writing.interrupts.exit()
    written.files += 1
    written.bytes += bytes
  }
  const { terminal, isJson } = app
  if (isJson) terminal.out(JSON.stringify({ type: 'written', tenant: asked.tenant, ...written, ...exported }))
  else for (const line of renderExported(written, terminal)) terminal.out(line)
  return 'ok'
}

type OneFile = Asked & { readonly path: string }

async function* filesIn(folder: string, { tenant, heads }: Asked): AsyncGenerator<OneFile> {
  for await (const head of heads) yield { tenant, heads: [head], path: join(folder, fileNameOf(head.sessionId)) }
}

/** Its size in bytes; null: interrupted, and nothing is left of it. */
async function writeFile(
  app: App,
  { path, ...asked }: OneFile,
  { interrupts, force = false, ...options }: Writing & { exported: Exported },
): Promise<number | null> {
  const isAborted = heard(interrupts)
  const file = newFile(path, { force })
  try {
    for await (const line of linesOf(app, asked, options)) {
      if (await isAborted()) return null
      file.write(`${line}\n`)
    }
    return file.finish()
  } finally {
    file.abandon()
  }
}

/** Ids are chosen by whoever starts a session: one that is no plain name of a file is told by its hash. */
const PLAIN_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/

function fileNameOf(sessionId: string): string {
  return `${PLAIN_NAME.test(sessionId) ? sessionId : hashOf([sessionId])}.jsonl`
}
