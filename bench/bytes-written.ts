/** What one session of 200 turns writes, and how much larger its file is than what it holds. */
import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { atMost, type Benchmark, type Finding } from './run/finding.ts'
import { inProcess } from './run/in-process.ts'
import { inScratch } from './run/scratch.ts'
import { shown } from './run/table.ts'

const TURNS = 200

type Answer = { readonly written: number; readonly toDisk: number }

/** Beside the store's own: a permanent format, so what the others would cost is worth knowing. */
const OTHER_PAGE_SIZES = [1_024, 4_096]

export const bytesWritten: Benchmark = () =>
  inScratch(async (folder) => {
    if (!existsSync('/proc/self/io')) return []
    const path = join(folder, 'pawl.db')
    const { written, toDisk } = await inProcess<Answer>('long-session.ts', [path, String(TURNS)])
    const how = 'all write calls of the process: the log, the file, its checkpoints'
    const note = `${how}; ${shown(kbPerTurn(toDisk))} KB in blocks of the file system`
    const others: Finding[] = []
    for (const pageSize of OTHER_PAGE_SIZES) others.push(await otherPageSize(folder, pageSize))
    return [
      { name: 'KB written per turn', unit: 'KB', value: kbPerTurn(written), goal: atMost(24), note },
      fileFinding(path),
      ...others,
    ]
  })

async function otherPageSize(folder: string, pageSize: number): Promise<Finding> {
  const path = join(folder, `${pageSize}.db`)
  // An empty file that has its page size keeps it.
  const database = new DatabaseSync(path)
  database.exec(`PRAGMA page_size = ${pageSize}`)
  database.exec('PRAGMA journal_mode = WAL')
  database.close()
  const { written } = await inProcess<Answer>('long-session.ts', [path, String(TURNS)])
  const name = `KB written per turn in pages of ${pageSize} bytes`
  return {
    name,
    unit: 'KB',
    value: kbPerTurn(written),
    goal: null,
    note: `${shown(statSync(path).size / 1_024)} KB of file`,
  }
}

function kbPerTurn(bytes: number): number {
  return bytes / TURNS / 1_024
}

function fileFinding(path: string): Finding {
  const held = bytesHeld(path)
  const { size } = statSync(path)
  const note = `${shown(size / 1_024)} KB of file for ${shown(held / 1_024)} KB in the rows of ${TURNS} turns`
  return { name: 'file against what it holds', unit: 'x', value: size / held, goal: atMost(2.5), note }
}

/** The bytes of every value of every row: text and blobs by length, integers as eight bytes. */
function bytesHeld(path: string): number {
  const database = new DatabaseSync(path, { readOnly: true })
  const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all()
  const sizes = tables.map(({ name }) => {
    const columns = database.prepare(`SELECT name FROM pragma_table_info('${name}')`).all()
    const sum = columns.map(
      (column) =>
        `coalesce(sum(CASE typeof(${column['name']}) WHEN 'null' THEN 0 WHEN 'integer' THEN 8 ELSE octet_length(${column['name']}) END), 0)`,
    )
    return Number(database.prepare(`SELECT ${sum.join(' + ')} AS bytes FROM ${name}`).get()?.['bytes'])
  })
  database.close()
  return sizes.reduce((sum, bytes) => sum + bytes, 0)
}
