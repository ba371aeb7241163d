/** Names of sessions as people type them: the id, a unique beginning or end of it, or `last`. */
import type { Store } from '../index.ts'
import type { Head, SessionRef } from '../ports/index.ts'
import { CliError } from './errors.ts'

/** The end of an id tells sessions apart; UUIDv7s of one minute begin alike. */
const SHORT = 8
const PAGE = 500
/** Beyond this many sessions a part of an id is looked for no further. */
const MAX_SEARCHED = 20_000
const MAX_NAMED = 5

export function shortId(sessionId: string): string {
  return sessionId.slice(-SHORT)
}

/** @throws CliError `unknown_session` or `ambiguous_session`. */
export async function findSession(store: Store, name: string, tenant: string | undefined): Promise<Head> {
  const exact = await store.head({ tenant: tenant ?? 'default', sessionId: name })
  if (exact !== null) return exact
  if (name === 'last') return lastOf(store, tenant)
  const matches: Head[] = []
  let searched = 0
  for await (const head of newestFirst(store, tenant)) {
    searched += 1
    if (head.sessionId.startsWith(name) || head.sessionId.endsWith(name)) matches.push(head)
  }
  const [only, ...others] = matches
  if (only === undefined) throw unknown(name, tenant, searched)
  if (others.length > 0) throw ambiguous(name, matches)
  return only
}

async function lastOf(store: Store, tenant: string | undefined): Promise<Head> {
  const [last] = await store.sessions({ limit: 1, ...(tenant !== undefined && { tenant }) })
  if (last === undefined) throw unknown('last', tenant, 0)
  return last
}

/** Heads of a store, the newest first. */
export async function* newestFirst(
  store: Store,
  tenant: string | undefined,
  max: number = MAX_SEARCHED,
): AsyncGenerator<Head> {
  let before: SessionRef | undefined
  for (let seen = 0; seen < max; ) {
    const limit = Math.min(PAGE, max - seen)
    const page = await store.sessions({
      limit,
      ...(tenant !== undefined && { tenant }),
      ...(before !== undefined && { before }),
    })
    yield* page
    seen += page.length
    before = page.at(-1)
    if (page.length < limit) return
  }
}

function unknown(name: string, tenant: string | undefined, searched: number): CliError {
  const where = tenant === undefined ? '' : ` of tenant ${JSON.stringify(tenant)}`
  const found = searched === 0 ? 'the store has none' : `none of ${searched} begins or ends so`
  const what = name === 'last' ? 'a last session' : `a session${where} named ${JSON.stringify(name)}`
  return new CliError('unknown_session', `expected ${what}; ${found}. \`pawl sessions\` lists them.`)
}

function ambiguous(name: string, matches: readonly Head[]): CliError {
  const named = matches.slice(0, MAX_NAMED).map(({ sessionId }) => sessionId)
  const more = matches.length > MAX_NAMED ? `, and ${matches.length - MAX_NAMED} more` : ''
  return new CliError(
    'ambiguous_session',
    `expected a part of an id that one session has; found ${matches.length} for ${JSON.stringify(name)}: ${named.join(', ')}${more}. Give more of it.`,
  )
}
