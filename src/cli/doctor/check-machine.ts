/** Node, the room on the disk, and the room that is kept back there. */
import { statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Store } from '../../index.ts'
import type { SqliteStore, StoreDisk } from '../../stores/sqlite/index.ts'
import { RESERVE_BYTES, reservedBytes } from '../../stores/sqlite/reserve.ts'
import { bad, type Check, ok, warn } from './check.ts'

const NEEDED = [24, 11] as const
const LITTLE_BYTES = 256 * 1_048_576
const MIB = 1_048_576
const KIB = 1_024

export function checkNode(version: string): Check {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const isEnough = major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1])
  return isEnough ? ok('node', version) : bad('node', version, `Install Node ${NEEDED.join('.')} or newer.`)
}

/** Of a store that has a file and says so; null: of any other. */
export function diskOf(store: Store & Partial<Pick<SqliteStore, 'disk'>>): StoreDisk | null {
  return store.disk ?? null
}

/** `reserveBytes`: how much the store was told to keep back. */
export async function checkDisk(
  storePath: string | null,
  reserveBytes: number = RESERVE_BYTES,
): Promise<readonly Check[]> {
  if (storePath === null) return []
  const { bavail, bsize } = await statfs(dirname(storePath))
  const free = bavail * bsize
  const kept = reservedBytes(storePath)
  const isWhole = kept >= reserveBytes
  const says = [
    `${Math.floor(free / MIB).toLocaleString('en-US')} MiB free`,
    ...(isWhole ? [] : [`${kept / KIB} of ${reserveBytes / KIB} KiB kept back for cancels`]),
  ].join(', ')
  if (free < LITTLE_BYTES)
    return [warn('disk', says, 'A full disk loses nothing, but sessions wait until there is room again.')]
  if (isWhole) return [ok('disk', says)]
  return [
    warn('disk', says, 'A full disk may refuse cancels too. The reserve is made when a store is opened with room.'),
  ]
}
