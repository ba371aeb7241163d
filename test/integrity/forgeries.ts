/** What somebody does who knows the format: each is done to a file, and looked at by `pawl verify` with and without heads kept elsewhere. */
import { join } from 'node:path'
import type { SessionRef } from 'pawl/ports'
import type { Log } from './flips.ts'
import { type Tampered, tamperWith } from './in-file.ts'
import { reseal } from './plants.ts'
import type { Row } from './row.ts'

export type Forgery = {
  readonly name: string
  readonly isNoticed: boolean
  /** Without the kept heads: only what leaves a log that holds together may pass. */
  readonly isNoticedAlone: boolean
  readonly mayPassAlone: boolean
}

type Change = { readonly name: string; readonly mayPassAlone: boolean; readonly make: (file: Tampered) => void }

/** Whether something is noticed in a file, with or without the heads that were kept elsewhere. */
export type Look = (path: string, heads: 'alone' | 'against') => Promise<boolean>

type Files = {
  readonly original: string
  /** Whose log it is in the file. */
  readonly ref: SessionRef
  readonly folder: string
  readonly look: Look
}

/** All of it done to copies of a file, in a folder. */
export async function forgeAll(log: Log, { original, ref, folder, look }: Files): Promise<readonly Forgery[]> {
  const forgeries: Forgery[] = []
  for (const [index, { name, mayPassAlone, make }] of changesOf(log).entries()) {
    const file = tamperWith(original, join(folder, `forged-${index}.db`), ref)
    make(file)
    file.close()
    const isNoticedAlone = await look(file.path, 'alone')
    const isNoticed = await look(file.path, 'against')
    forgeries.push({ name, mayPassAlone, isNoticedAlone, isNoticed })
  }
  return forgeries
}

/** As it must be: noticed against heads kept elsewhere, and without them but for what leaves a log that holds together. */
export function isAsPromised({ isNoticed, isNoticedAlone, mayPassAlone }: Forgery): boolean {
  return isNoticed && isNoticedAlone !== mayPassAlone
}

function changesOf(log: Log): readonly Change[] {
  const { length } = log.rows
  const tails = [1, 10, Math.floor(length / 2), length - 1]
  return [
    ...tails.map((count) => cutOff(log, count, 'kept')),
    ...tails.map((count) => cutOff(log, count, 'forged')),
    { name: 'written anew from its first event', mayPassAlone: true, make: (file) => writeAnew(log, file, 0) },
    {
      name: 'written anew from the middle',
      mayPassAlone: true,
      make: (file) => writeAnew(log, file, Math.floor(length / 2)),
    },
    { name: 'its last event written anew', mayPassAlone: true, make: (file) => writeAnew(log, file, length - 1) },
    {
      name: 'given to another tenant',
      mayPassAlone: false,
      make: (file) => file.exec(`UPDATE sessions SET tenant = 'globex' WHERE session_key = :session`),
    },
    {
      name: 'given another session id',
      mayPassAlone: false,
      make: (file) => file.exec(`UPDATE sessions SET session_id = 'another' WHERE session_key = :session`),
    },
    {
      name: 'its events given to another session',
      mayPassAlone: false,
      make: (file) => file.exec('UPDATE events SET session_key = session_key + 100 WHERE session_key = :session'),
    },
    {
      name: 'one event given to another session',
      mayPassAlone: false,
      make: (file) => file.exec('UPDATE events SET session_key = 100 WHERE session_key = :session AND seq = 500'),
    },
    {
      name: 'a body and its salt removed',
      mayPassAlone: false,
      make: (file) =>
        file.exec('UPDATE events SET body = NULL, salt = NULL WHERE session_key = :session AND seq = 500'),
    },
    {
      name: 'removed, with its head',
      mayPassAlone: true,
      make: (file) => file.exec('DELETE FROM sessions WHERE session_key = :session'),
    },
  ]
}

/** `forged`: the head is set back too, so that the rest holds together. */
function cutOff({ events }: Log, count: number, head: 'kept' | 'forged'): Change {
  const end = events.at(-count - 1)
  const isForged = head === 'forged' && end !== undefined
  return {
    name: `cut off by ${count}, its head ${head}`,
    mayPassAlone: isForged,
    make: (file) => {
      file.exec('DELETE FROM events WHERE session_key = :session AND seq > ?', end?.seq ?? 0)
      if (isForged) setHead(file, end.seq, end.hash)
    },
  }
}

/** One word changed, and every hash from there on computed anew, as the format says. */
function writeAnew(log: Log, file: Tampered, from: number): void {
  const rows = log.rows.map((row, index): Row => (index < from ? row : { ...row, body: reworded(row.body) }))
  const events = log.events.map((event, index) => ({ ...event, body: String(rows[index]?.body) }))
  const sealed = reseal({ ...log, rows, events }, (event) => event)
  for (const [index, row] of sealed.entries())
    for (const field of ['body', 'body_hash', 'hash'] as const) if (index >= from) file.write(index + 1, field, row)
  setHead(file, sealed.length, sealed.at(-1)?.hash.toString('hex') ?? '')
}

function reworded(body: Buffer): Buffer {
  return Buffer.from(body.toString().replace(/e/, 'E'))
}

/** So that the session's row names this end. */
export function setHead(file: Tampered, version: number, hash: string): void {
  file.exec('UPDATE sessions SET version = ?, hash = ? WHERE session_key = :session', version, hash)
}
