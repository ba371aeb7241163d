/**
 * The world outside: a process with its own file that no kill reaches. It counts every start and every effect, is slow, refuses,
 * loses answers and hangs, by a hash of the key; it never lies.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { DatabaseSync } from 'node:sqlite'
import { text } from 'node:stream/consumers'
import { setTimeout as after } from 'node:timers/promises'
import { toolKinds } from './errand.ts'
import type { Act, Acted, Entries, Place, Verified } from './ledger-client.ts'
import { randomOf } from './random.ts'

/** Longer than a tool's timeout and the longest grace. */
const HANGS_MS = 800

const [path = ':memory:'] = process.argv.slice(2)
const file = new DatabaseSync(path)
file.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
for (const table of ['starts', 'landings', 'lates']) {
  file.exec(
    `CREATE TABLE ${table} (sessionId TEXT, callId TEXT, attempt INTEGER, key TEXT, tool TEXT, at INTEGER) STRICT`,
  )
  file.exec(`CREATE INDEX ${table}_by_session ON ${table} (sessionId)`)
}
file.exec('CREATE INDEX landings_by_key ON landings (key)')
file.exec('ALTER TABLE starts ADD COLUMN answeredAt INTEGER')
const insertStart = file.prepare('INSERT INTO starts VALUES (?, ?, ?, ?, ?, ?, NULL)')
const noteAnswer = file.prepare('UPDATE starts SET answeredAt = ? WHERE rowid = ?')
const insertLanding = file.prepare('INSERT INTO landings VALUES (?, ?, ?, ?, ?, ?)')
const insertLate = file.prepare('INSERT INTO lates VALUES (?, ?, ?, ?, ?, ?)')
const byKey = file.prepare('SELECT attempt FROM landings WHERE key = ?')
/** A prefix ends in a dot, and a slash comes right after it. */
const rowsOf = (table: string, prefix: string) =>
  file
    .prepare(`SELECT * FROM ${table} WHERE sessionId > ? AND sessionId < ? ORDER BY rowid`)
    .all(prefix, `${prefix.slice(0, -1)}/`)

/** Requests that have not come to their end, by key. */
const underWay = new Map<string, Set<Promise<void>>>()

const server = createServer((incoming, outgoing) => {
  answer(incoming, outgoing).catch(() => outgoing.destroy())
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (typeof address === 'object') console.log(address?.port)
})
// The parent holds the other end: when it is gone, so is the ledger.
process.stdin.resume().on('end', () => process.exit(0))

async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  // Both sides of this are ours.
  const body: unknown = JSON.parse(await text(incoming))
  if (incoming.url === '/act') return act(body as Act, outgoing)
  const reply = incoming.url === '/verify' ? await verify(body as Place) : await entries(body as { prefix: string })
  outgoing.end(JSON.stringify(reply))
}

async function act(asked: Act, outgoing: ServerResponse): Promise<void> {
  const { key, startBy } = asked
  const now = Date.now()
  if (startBy !== null && now > startBy) {
    insertLate.run(...columns(asked, now))
    outgoing.end(JSON.stringify({ type: 'too_late' }))
    return
  }
  const row = insertStart.run(...columns(asked, now)).lastInsertRowid
  const done = perform(asked, (answer) => {
    if (answer === null) return outgoing.destroy()
    noteAnswer.run(Date.now(), row)
    return outgoing.end(JSON.stringify(answer))
  })
  const others = underWay.get(key) ?? new Set()
  underWay.set(key, others.add(done))
  await done.finally(() => {
    others.delete(done)
    if (others.size === 0) underWay.delete(key)
  })
}

/** `give(null)`: the answer is lost on its way. */
async function perform(asked: Act, give: (answer: Acted | null) => unknown): Promise<void> {
  const random = randomOf(asked.key, asked.attempt, 'fate')
  const fate = random.next()
  await after(random.between(0, 12))
  if (fate < 0.06) {
    give({ type: 'refused' })
    return
  }
  const kind = toolKinds[asked.tool]
  const isRepeat = kind === 'idempotent' && byKey.get(asked.key) !== undefined
  if (kind !== 'read' && !isRepeat) insertLanding.run(...columns(asked, Date.now()))
  await after(random.between(0, 12))
  if (fate < 0.1) {
    give(null)
    return
  }
  if (fate < 0.13) await after(HANGS_MS)
  const output = kind === 'read' ? 'x'.repeat(random.between(0, 12_000)) : `${asked.tool} ${asked.n}`
  give({ type: 'done', output })
}

/** Waits for what is under way: a verification that could be overtaken by its effect would be a lie. */
async function verify({ key, attempt }: Place): Promise<Verified> {
  await Promise.allSettled(underWay.get(key) ?? [])
  if (randomOf(key, attempt, 'verify').chance(0.1)) return { landed: 'unknown' }
  return { landed: byKey.all(key).some((row) => row['attempt'] === attempt) ? 'yes' : 'no' }
}

async function entries({ prefix }: { prefix: string }): Promise<Entries> {
  const open = [...underWay].flatMap(([key, requests]) => (key.startsWith(prefix) ? [...requests] : []))
  await Promise.allSettled(open)
  const [starts, landings, lates] = [rowsOf('starts', prefix), rowsOf('landings', prefix), rowsOf('lates', prefix)]
  // The tables have the columns of the rows.
  return { starts, landings, lates } as unknown as Entries
}

function columns(
  { sessionId, callId, attempt, key, tool }: Act,
  at: number,
): [string, string, number, string, string, number] {
  return [sessionId, callId, attempt, key, tool, at]
}
