/** SQLite's side: the very rows that Pawl wrote, into the same tables, with nothing around them. */
import { DatabaseSync } from 'node:sqlite'

type Value = string | number | bigint | Uint8Array | null

/** The rows of a log, in the order of their commits, and everything that makes their table. */
export type RawRows = {
  readonly schema: readonly string[]
  readonly columns: readonly string[]
  readonly rows: readonly Value[][]
  readonly pageSize: number
}

export function readRows(path: string): RawRows {
  const database = new DatabaseSync(path, { readOnly: true })
  const schema = database.prepare("SELECT sql FROM sqlite_schema WHERE tbl_name = 'events' AND sql IS NOT NULL").all()
  const statement = database.prepare('SELECT * FROM events ORDER BY event_key')
  const columns = statement.columns().map(({ name }) => name)
  const rows = statement.all().map((row) => columns.map((column) => row[column] ?? null))
  const pageSize = Number(database.prepare('PRAGMA page_size').get()?.['page_size'])
  database.close()
  return { schema: schema.map(({ sql }) => String(sql)), columns, rows, pageSize }
}

/** Commits the rows in groups; answers the milliseconds of all of it. */
export function commitRows(path: string, raw: RawRows, group: number): number {
  const database = openRaw(path, raw)
  const insert = database.prepare(insertOf(raw))
  const begin = database.prepare('BEGIN IMMEDIATE')
  const commit = database.prepare('COMMIT')
  const startedAt = performance.now()
  for (let start = 0; start < raw.rows.length; start += group) {
    begin.run()
    for (const row of raw.rows.slice(start, start + group)) insert.run(...row)
    commit.run()
  }
  const ms = performance.now() - startedAt
  database.close()
  return ms
}

export function openRaw(path: string, { schema, pageSize }: RawRows): DatabaseSync {
  const database = new DatabaseSync(path)
  database.exec(`PRAGMA page_size = ${pageSize}`)
  database.exec('PRAGMA journal_mode = WAL')
  database.exec('PRAGMA synchronous = FULL')
  for (const statement of schema) database.exec(statement)
  return database
}

export function insertOf({ columns }: RawRows): string {
  return `INSERT INTO events (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`
}

/** Commits single rows, one after the other, and times each. */
export function commitTimes(path: string, raw: RawRows, commits: number): readonly number[] {
  const database = openRaw(path, raw)
  const insert = database.prepare(insertOf(raw))
  const begin = database.prepare('BEGIN IMMEDIATE')
  const commit = database.prepare('COMMIT')
  const times = raw.rows.slice(0, commits).map((row) => {
    const startedAt = performance.now()
    begin.run()
    insert.run(...row)
    commit.run()
    return performance.now() - startedAt
  })
  database.close()
  return times
}
