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

export const bytesWritten: Benchmark = () =>
  inScratch(async (folder) => {
    const path = join(folder, 'pawl.db')
    if (!existsSync('/proc/self/io')) return []
    const { written, toDisk } = await inProcess<Answer>('long-session.ts', [path, String(TURNS)])
    return [
      {
        name: 'KB written per turn',
        unit: 'KB',
        value: written / TURNS / 1_024,
        goal: atMost(24),
        note: 'all write calls of the process: the log, the file, and its checkpoints',
      },
      {
        name: 'KB to the disk per turn',
        unit: 'KB',
        value: toDisk / TURNS / 1_024,
        goal: null,
        note: 'the same in blocks of the file system, from /proc/self/io',
      },
      fileFinding(path),
    ]
  })

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
