/** One session alone, for what is counted by process: `node long-session.ts <file> <turns>`; answers JSON. */
import { readFileSync } from 'node:fs'
import { runLongSession } from '../sides/one-session.ts'

const [path = '', turns = '1'] = process.argv.slice(2)
const before = counters()
await runLongSession(path, Number(turns))
const after = counters()
console.log(JSON.stringify({ written: after.wchar - before.wchar, toDisk: after.write_bytes - before.write_bytes }))

/** proc(5): `wchar` is what was handed to write calls, `write_bytes` what went to the disk, in its blocks. */
function counters(): { readonly wchar: number; readonly write_bytes: number } {
  const lines = readFileSync('/proc/self/io', 'utf8').trim().split('\n')
  const fields = new Map(lines.map((line) => [line.split(': ')[0], Number(line.split(': ')[1])]))
  return { wchar: fields.get('wchar') ?? Number.NaN, write_bytes: fields.get('write_bytes') ?? Number.NaN }
}
