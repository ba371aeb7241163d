/** Lines of an export as they come from outside: every field is looked at before it is believed. */
import type { ArtifactRef } from '../../core/artifact/artifact.ts'
import type { StoredEvent } from '../../ports/index.ts'
import { EXPORT_FORMAT } from './export-line.ts'

export type ParsedLine =
  | { readonly type: 'pawl_export'; readonly tenant: string }
  | {
      readonly type: 'session'
      readonly tenant: string
      readonly sessionId: string
      readonly version: number
      readonly hash: string
      readonly status: string
    }
  | { readonly type: 'event'; readonly event: StoredEvent; readonly isMasked: boolean }
  | { readonly type: 'definition'; readonly hash: string; readonly body: string | null }
  | { readonly type: 'artifact'; readonly artifact: ArtifactRef; readonly content: string | null }
  | { readonly type: 'end' }

/** A sentence, where it is no line of an export. */
export function parseExportLine(bytes: Uint8Array): ParsedLine | string {
  try {
    // Throws on what is no UTF-8: nothing is replaced silently.
    const line: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes))
    if (typeof line === 'object' && line !== null && !Array.isArray(line)) return read(createFields(line))
    return 'it is no JSON object'
  } catch (problem) {
    if (problem instanceof FieldError) return problem.message
    return 'it cannot be read as JSON in UTF-8'
  }
}

function read(fields: Fields): ParsedLine {
  const type = fields.text('type')
  switch (type) {
    case 'pawl_export':
      if (fields.whole('format') !== EXPORT_FORMAT)
        throw new FieldError(`its format is not ${EXPORT_FORMAT}, which this pawl reads`)
      return { type, tenant: fields.text('tenant') }
    case 'session':
      return {
        type,
        tenant: fields.text('tenant'),
        sessionId: fields.text('sessionId'),
        version: fields.whole('version'),
        hash: fields.text('hash'),
        status: fields.text('status'),
      }
    case 'event':
      return { type, event: eventOf(fields), isMasked: fields.has('shown') }
    case 'definition':
      return { type, hash: fields.text('hash'), body: fields.textOrNull('body') }
    case 'artifact':
      return {
        type,
        artifact: { hash: fields.text('hash'), mediaType: fields.text('mediaType'), bytes: fields.whole('bytes') },
        content: fields.textOrNull('content'),
      }
    case 'end':
      return { type }
    default:
      throw new FieldError(`${JSON.stringify(type.slice(0, 40))} is no type of a line`)
  }
}

function eventOf(fields: Fields): StoredEvent {
  return {
    seq: fields.whole('seq'),
    at: fields.whole('at'),
    kind: fields.text('kind'),
    format: fields.whole('format'),
    body: fields.textOrNull('body'),
    salt: fields.textOrNull('salt'),
    bodyHash: fields.text('bodyHash'),
    hash: fields.text('hash'),
  }
}

class FieldError extends Error {}

type Fields = ReturnType<typeof createFields>

function createFields(line: object) {
  const at = (name: string): unknown => (Object.hasOwn(line, name) ? Reflect.get(line, name) : undefined)
  const text = (name: string): string => {
    const value = at(name)
    if (typeof value !== 'string') throw new FieldError(`its "${name}" is no text`)
    return value
  }
  return {
    has: (name: string) => at(name) !== undefined,
    text,
    textOrNull: (name: string) => (at(name) === null ? null : text(name)),
    whole: (name: string): number => {
      const value = at(name)
      if (typeof value !== 'number' || !Number.isSafeInteger(value))
        throw new FieldError(`its "${name}" is no whole number`)
      return value
    },
  }
}
