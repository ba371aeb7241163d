/** Heads that were kept outside of the store: the lines of `pawl verify --json`. */
import { usageError } from './errors.ts'
import { readNamed } from './parse.ts'

export type ExportedHead = {
  readonly tenant: string
  readonly sessionId: string
  readonly version: number
  readonly hash: string
}

export function readHeads(path: string): readonly ExportedHead[] {
  const lines = readNamed(path)
    .split('\n')
    .filter((line) => line.trim() !== '')
  return lines.flatMap((line, index) => {
    const parsed = parseLine(line)
    if (parsed === 'broken') return []
    if (parsed === null)
      throw usageError(
        `expected line ${index + 1} of ${path} to be one of pawl verify --json; found ${JSON.stringify(line.slice(0, 80))}`,
      )
    return [parsed]
  })
}

/** `broken`: the line of a session whose log did not hold then; there is nothing to hold it against. */
function parseLine(line: string): ExportedHead | 'broken' | null {
  const parsed = tryJson(line)
  if (
    typeof parsed !== 'object' ||
    parsed === null ||
    !('tenant' in parsed) ||
    !('sessionId' in parsed) ||
    !('check' in parsed)
  )
    return null
  const { tenant, sessionId, check } = parsed
  if (typeof tenant !== 'string' || typeof sessionId !== 'string' || typeof check !== 'object' || check === null)
    return null
  if (!('version' in check) || !('hash' in check)) return 'broken'
  const { version, hash } = check
  return typeof version === 'number' && typeof hash === 'string' ? { tenant, sessionId, version, hash } : null
}

function tryJson(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}
