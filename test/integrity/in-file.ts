/** Changes in a real file, looked at by the real command. */
import { copyFileSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import type { SessionRef } from 'pawl/ports'
import { objects, pawl } from '../cli/pawl.ts'
import type { Look } from './forgeries.ts'
import type { Field, Row } from './row.ts'

const isText: readonly Field[] = ['kind', 'body']
const isInteger: readonly Field[] = ['seq', 'at', 'format']

/** A copy of the file that is changed, and changed back. */
export interface Tampered {
  readonly path: string
  /** Writes the bytes as they are, also where they are no UTF-8. */
  write(seq: number, field: Field, row: Row): void
  exec(text: string, ...values: readonly (string | number | bigint)[]): void
  close(): void
}

export function tamperWith(original: string, path: string, ref: SessionRef): Tampered {
  copyFileSync(original, path)
  const database = new DatabaseSync(path)
  database.exec('PRAGMA synchronous = OFF')
  database.prepare('ATTACH ? AS original').run(original)
  const { key } =
    database
      .prepare('SELECT session_key AS key FROM sessions WHERE tenant = ? AND session_id = ?')
      .get(ref.tenant, ref.sessionId) ?? {}
  return {
    path,
    write: (seq, field, row) => {
      const bytes = row[field]
      const value = isInteger.includes(field) ? bytes.readBigInt64BE() : bytes
      const cast = isText.includes(field) ? 'CAST(? AS TEXT)' : '?'
      database
        .prepare(`UPDATE events SET ${field} = ${cast} WHERE session_key = ? AND seq = ?`)
        .run(value, Number(key), seq)
    },
    exec: (text, ...values) => void database.prepare(text.replaceAll(':session', String(key))).run(...values),
    close: () => database.close(),
  }
}

export type Said = {
  readonly code: number | null
  readonly checks: readonly { readonly [field: string]: unknown }[]
  readonly out: string
}

/** Looks with the real command; the heads are kept from the original. */
export async function lookWithPawl(folder: string, original: string, heads: string): Promise<Look> {
  writeFileSync(heads, (await pawlVerify(folder, original)).out)
  return async (path, known) => {
    const { code } = await pawlVerify(folder, path, ...(known === 'against' ? ['--against', heads] : []))
    return code === 4
  }
}

/** `pawl verify --json` over all sessions of a file, or one. */
export async function pawlVerify(folder: string, path: string, ...args: readonly string[]): Promise<Said> {
  const { code, out, notes } = await pawl(folder, 'verify', '--json', '--store', path, ...args)
  const checks = objects(out).map(({ check }) => ({ ...(check as object) }))
  if (code !== 0 && code !== 4) throw new Error(`expected pawl verify to end with 0 or 4, found ${code}: ${notes}`)
  return { code, checks, out }
}
