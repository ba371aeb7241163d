import type { Command } from 'commander'
import type { Erased, Head, SessionRef } from '../../ports/index.ts'
import type { App } from '../app.ts'
import type { Cli } from '../cli.ts'
import { confirmed } from '../confirm.ts'
import { isErasedHead } from '../erased-session.ts'
import { CliError, usageError } from '../errors.ts'
import type { Exit } from '../exit-codes.ts'
import { examples } from '../help.ts'
import { listenForInterrupts } from '../interrupts.ts'
import {
  type ErasedCounts,
  type ErasingAll,
  renderErased,
  renderErasingAll,
  renderErasingOne,
} from '../render/erased.ts'
import { oneLine } from '../render/text.ts'
import { count, counted } from '../render/units.ts'
import { findSession, newestFirst, shortId } from '../session-name.ts'
import { refOf } from '../writing.ts'

type Options = { readonly evenIfOpen?: boolean; readonly yes?: boolean }

/** Takes away what was said and done, and leaves that something was. */
export function addErase(program: Command, cli: Cli): void {
  program
    .command('erase')
    .summary('take away the content of a session, or of all of a tenant')
    .description(
      'Erases the content of a session, or of every session of a tenant: bodies of events, artifacts that no other session uses, open approvals, snapshots. Ids, times, kinds and hashes stay, so that `pawl verify` can still say that the chain holds. It cannot be undone, and does not reach backups and exports. `pawl export` first, where somebody may ask for it.',
    )
    .argument('[session]', 'its id, a unique beginning or end of it, or "last" (default: all of --tenant)')
    .option('--even-if-open', 'also sessions that have not ended; what runs is cut off, and may still take effect')
    .option('--yes', 'without asking')
    .addHelpText(
      'after',
      examples(cli, ['pawl erase last', 'pawl erase 3f1c9a2b --yes', 'pawl erase --tenant acme --even-if-open']),
    )
    .action(
      cli.action<Options>((app, { args: [session], options }) =>
        session === undefined ? eraseTenant(app, options) : eraseSession(app, session, options),
      ),
    )
}

async function eraseSession(app: App, session: string, { evenIfOpen = false, yes = false }: Options): Promise<Exit> {
  const { store, terminal, isJson } = app
  const head = await findSession(store, session, app.options.tenant)
  if (head.erasedAt !== null) return eraseAgain(app, head)
  if (isOpen(head) && !evenIfOpen) throw open(head)
  if (!isJson) for (const line of renderErasingOne(head, { ...terminal, now: terminal.now() })) terminal.out(line)
  const declined = await confirmed(app, { message: `Erase ${shortId(head.sessionId)}? It cannot be undone.`, yes })
  if (declined !== null) return declined
  const { events, artifacts } = await erase(app, head, evenIfOpen)
  return finish(app, { sessions: 1, events, artifacts, before: 0 })
}

/** Nothing is left to ask about. What was put back, or left behind, goes. */
async function eraseAgain(app: App, head: Head): Promise<Exit> {
  const { events, artifacts } = await erase(app, head, true)
  const isNothing = events === 0
  return finish(app, { sessions: isNothing ? 0 : 1, events, artifacts, before: isNothing ? 1 : 0 })
}

/** Ended is what lets in a message, more budget, or nothing. */
function isOpen({ gate }: Head): boolean {
  return gate === 'open'
}

async function erase({ store }: App, head: Head, evenIfOpen: boolean): Promise<Extract<Erased, { type: 'erased' }>> {
  const erased = await store.erase(refOf(head), { evenIfOpen })
  if (erased.type === 'erased') return erased
  if (erased.type === 'open') throw open({ ...head, status: erased.status })
  throw new CliError('unknown_session', `expected session ${head.sessionId} to be there; it is not there any more`)
}

function open({ sessionId, status }: SessionRef & Pick<Head, 'status'>): CliError {
  const id = shortId(sessionId)
  return new CliError(
    'open',
    `expected a session that has ended; ${id} is ${status}. End it first (pawl cancel ${id} --wait), or erase it as it is with --even-if-open. It was not erased.`,
  )
}

async function eraseTenant(app: App, { evenIfOpen = false, yes = false }: Options): Promise<Exit> {
  const { tenant } = app.options
  if (tenant === undefined) throw usageError('expected a session, or --tenant for all of its sessions; found neither')
  const found = await lookAt(app, tenant)
  const { terminal, isJson } = app
  if (found.open > 0 && !evenIfOpen) throw stillOpen(found)
  if (found.sessions === 0) return finish(app, { sessions: 0, events: 0, artifacts: 0, before: found.left })
  if (!isJson) for (const line of renderErasingAll(found, terminal)) terminal.out(line)
  const message = `Erase ${counted(found.sessions, 'session')} of ${oneLine(tenant)}? It cannot be undone.`
  const declined = await confirmed(app, { message, typed: tenant, yes })
  return declined ?? eraseAll(app, { ...found, evenIfOpen })
}

async function lookAt({ store, terminal }: App, tenant: string): Promise<ErasingAll> {
  const found: ErasingAll = {
    tenant,
    at: terminal.now(),
    sessions: 0,
    events: 0,
    statuses: new Map(),
    open: 0,
    firstOpen: [],
    left: 0,
  }
  for await (const head of newestFirst(store, tenant, Number.MAX_SAFE_INTEGER)) addTo(found, head)
  if (found.sessions + found.left > 0) return found
  throw new CliError('unknown_tenant', `expected sessions of tenant ${JSON.stringify(tenant)}; the store has none`)
}

const MAX_NAMED = 5

function addTo(found: ErasingAll, head: Head): void {
  if (isErasedHead(head)) {
    found.left += 1
    return
  }
  found.sessions += 1
  found.events += head.version
  found.statuses.set(head.status, (found.statuses.get(head.status) ?? 0) + 1)
  if (!isOpen(head)) return
  found.open += 1
  if (found.open <= MAX_NAMED) found.firstOpen.push(head)
}

function stillOpen({ firstOpen, open: openSessions }: ErasingAll): CliError {
  const named = firstOpen.map(({ sessionId, status }) => `${shortId(sessionId)} (${status})`)
  const more = openSessions > MAX_NAMED ? `, and ${count(openSessions - MAX_NAMED)} more` : ''
  const [first] = firstOpen
  return new CliError(
    'open',
    `expected sessions that have ended; open are ${named.join(', ')}${more}. End them first (pawl cancel ${shortId(first?.sessionId ?? '')} --wait), or erase them as they are with --even-if-open. Nothing was erased.`,
  )
}

/** One after another: each is erased whole or not at all, and what is left when it stops is erased the next time. */
async function eraseAll(app: App, all: ErasingAll & { readonly evenIfOpen: boolean }): Promise<Exit> {
  const { tenant, at, left, sessions, evenIfOpen } = all
  const interrupts = listenForInterrupts(app.terminal, { says: null })
  const done = { sessions: 0, events: 0, artifacts: 0, before: left, of: sessions }
  try {
    for await (const head of newestFirst(app.store, tenant, Number.MAX_SAFE_INTEGER)) {
      if (interrupts.signal.aborted) return interrupts.exit()
      // What was started since was not asked about.
      if (isErasedHead(head) || head.createdAt > at) continue
      const { events, artifacts } = await erase(app, head, evenIfOpen)
      done.sessions += 1
      done.events += events
      done.artifacts += artifacts
    }
    return 'ok'
  } finally {
    interrupts.dispose()
    tell(app, done)
    if (done.sessions > 0) await app.store.scrub()
  }
}

/** What is gone is told first: it is gone, whatever becomes of its traces. Where all went before, traces may have been left. */
async function finish(app: App, told: ErasedCounts): Promise<Exit> {
  tell(app, told)
  await app.store.scrub()
  return 'ok'
}

function tell({ terminal, isJson }: App, told: ErasedCounts): void {
  const { of: _, ...counts } = told
  if (isJson) terminal.out(JSON.stringify({ type: 'erased', ...counts }))
  else terminal.out(renderErased(told, terminal))
}
