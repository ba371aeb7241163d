/** Node and the room on the disk. */
import { statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { bad, type Check, ok, warn } from './check.ts'

const NEEDED = [24, 11] as const
const LITTLE_BYTES = 256 * 1_048_576
const MIB = 1_048_576

export function checkNode(version: string): Check {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const isEnough = major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1])
  return isEnough ? ok('node', version) : bad('node', version, `Install Node ${NEEDED.join('.')} or newer.`)
}

export async function checkDisk(storePath: string | null): Promise<readonly Check[]> {
  if (storePath === null) return []
  const { bavail, bsize } = await statfs(dirname(storePath))
  const free = bavail * bsize
  const says = `${Math.floor(free / MIB).toLocaleString('en-US')} MiB free`
  return [
    free < LITTLE_BYTES
      ? warn('disk', says, 'A full disk loses nothing, but sessions wait until there is room again.')
      : ok('disk', says),
  ]
}
