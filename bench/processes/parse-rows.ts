/** Reads the rows of a file's only session and parses their bodies: `node parse-rows.ts <file>`; the other side of `resume-session.ts`. */
import { DatabaseSync } from 'node:sqlite'

const [path = ''] = process.argv.slice(2)
const startedAt = performance.now()
const database = new DatabaseSync(path, { readOnly: true })
const rows = database.prepare('SELECT * FROM events WHERE session_key = 1 ORDER BY seq').all()
const bodies = rows.map(({ body }) => JSON.parse(String(body)) as unknown)
const ms = performance.now() - startedAt
database.close()
console.log(JSON.stringify({ ms, events: bodies.length }))
