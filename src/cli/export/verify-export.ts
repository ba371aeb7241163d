/**
 * An export checked from its lines alone: the chain of each session and its bodies, definitions and artifacts against their hashes,
 * that all is there that the events name, and the sum in the last line, which covers every byte.
 */
import { createHash, hash } from 'node:crypto'
import type { ArtifactRef } from '../../core/artifact/artifact.ts'
import type { ExportedHead } from '../exported-heads.ts'
import type { Verified } from '../verify-log.ts'
import type { ByteLine } from './byte-lines.ts'
import { endLine, namedIn } from './export-line.ts'
import { type ParsedLine, parseExportLine } from './parse-export-line.ts'
import { type SessionCheck, sessionCheck } from './session-check.ts'

export type FileProblem = { readonly line: number; readonly says: string }

/** `missing`: definitions and artifacts that the events name, and whose content the store did not have any more. */
export type VerifiedFile = {
  readonly lines: number
  readonly definitions: number
  readonly artifacts: number
  readonly missing: number
  /** The first of them. */
  readonly problems: readonly FileProblem[]
}

export type VerifyExport = {
  /** Heads that were kept elsewhere. */
  readonly kept: readonly ExportedHead[]
  /** Told of each session when it has been read. */
  readonly tell: (verified: Verified) => void
}

const MAX_PROBLEMS = 10

export async function verifyExport(
  lines: AsyncIterable<ByteLine> | Iterable<ByteLine>,
  options: VerifyExport,
): Promise<VerifiedFile> {
  const file: Reading = {
    ...options,
    line: 0,
    tenant: null,
    session: null,
    definitions: new Set(),
    artifacts: new Map(),
    missing: 0,
    problems: [],
  }
  const sum = createHash('sha256')
  let isEnded = false
  for await (const { bytes, isEnded: hasBreak } of lines) {
    file.line += 1
    if (isEnded) problem(file, 'it stands behind the last line')
    const parsed = parseExportLine(bytes)
    if (typeof parsed === 'string' && file.line === 1) return notOne(file, parsed)
    if (typeof parsed === 'string') problem(file, parsed)
    else if (parsed.type === 'end') {
      isEnded = true
      const expected = endLine(file.line - 1, sum.copy().digest('hex'))
      if (!hasBreak || !bytes.equals(Buffer.from(expected)))
        problem(file, 'the sum in it is not that of the lines before it: something in the file was changed')
    } else read(file, parsed)
    sum.update(bytes).update('\n')
  }
  closeSession(file)
  if (!isEnded) problem(file, 'the file was cut off behind it: its last line is not there')
  return verifiedFile(file)
}

/** What does not even begin as an export is read no further. */
function notOne(file: Reading, says: string): VerifiedFile {
  problem(file, `${says}: the file is no export, or its beginning was changed`)
  return verifiedFile(file)
}

function verifiedFile({ line, definitions, artifacts, missing, problems }: Reading): VerifiedFile {
  const inOrder = problems.toSorted((one, other) => one.line - other.line)
  return { lines: line, definitions: definitions.size, artifacts: artifacts.size, missing, problems: inOrder }
}

type Reading = VerifyExport & {
  line: number
  tenant: string | null
  session: Session | null
  /** Those that have been read, by their hash. */
  readonly definitions: Set<string>
  readonly artifacts: Map<string, ArtifactRef>
  missing: number
  readonly problems: FileProblem[]
}

type Session = {
  readonly check: SessionCheck
  readonly line: number
  readonly definitions: Set<string>
  readonly artifacts: Map<string, ArtifactRef>
}

function problem({ problems, line }: Reading, says: string, at = line): void {
  if (problems.length < MAX_PROBLEMS) problems.push({ line: at, says })
}

function read(file: Reading, line: Exclude<ParsedLine, { type: 'end' }>): void {
  if ((line.type === 'pawl_export') !== (file.line === 1))
    problem(file, file.line === 1 ? 'it is not the first line of an export' : 'another export begins in it')
  switch (line.type) {
    case 'pawl_export':
      file.tenant = line.tenant
      return
    case 'session':
      closeSession(file)
      if (line.tenant !== file.tenant) problem(file, 'the session is of another tenant than the file')
      file.session = {
        check: sessionCheck(line, file.kept),
        line: file.line,
        definitions: new Set(),
        artifacts: new Map(),
      }
      return
    case 'event':
      return readEvent(file, line)
    case 'definition':
      file.definitions.add(line.hash)
      if (line.body === null) file.missing += 1
      else if (hash('sha256', line.body) !== line.hash) problem(file, 'the definition is not what was hashed')
      return
    case 'artifact':
      file.artifacts.set(line.artifact.hash, line.artifact)
      if (line.content === null) file.missing += 1
      else if (!isContentOf(line.content, line.artifact)) problem(file, 'the artifact is not what was hashed')
  }
}

function readEvent(file: Reading, { event, isMasked }: Extract<ParsedLine, { type: 'event' }>): void {
  const { session } = file
  if (session === null) return problem(file, 'the event belongs to no session')
  // Of a body that is not what was written, nothing is read.
  if (session.check.event(event, { isMasked }) !== 'holds') return
  const { definitions, artifacts } = namedIn(event)
  for (const each of definitions) session.definitions.add(each)
  for (const each of artifacts) session.artifacts.set(each.hash, each)
}

function closeSession(file: Reading): void {
  const { session } = file
  if (session === null) return
  file.session = null
  const unsaid = [...session.definitions].filter((each) => !file.definitions.has(each))
  for (const each of unsaid) problem(file, `its events name the definition ${each}, which is not there`, session.line)
  for (const each of session.artifacts.values()) {
    if (!isSame(file.artifacts.get(each.hash), each))
      problem(file, `its events name the artifact ${each.hash}, which is not there as they name it`, session.line)
  }
  file.tell(session.check.verified())
}

function isSame(found: ArtifactRef | undefined, { mediaType, bytes }: ArtifactRef): boolean {
  return found?.mediaType === mediaType && found.bytes === bytes
}

/** Base64 has several spellings of the same bytes; only the one that we write is taken. */
function isContentOf(
  content: string,
  { hash: named, bytes }: { readonly hash: string; readonly bytes: number },
): boolean {
  const decoded = Buffer.from(content, 'base64')
  return decoded.toString('base64') === content && decoded.length === bytes && hash('sha256', decoded) === named
}
