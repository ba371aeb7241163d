/** What a store refuses before it looks at anything: mistakes of its caller. */
import { hash as digest } from 'node:crypto'
import { PawlError } from '../ports/errors.ts'
import type { NewArtifact, NewEvent } from '../ports/index.ts'

/** A write that no store takes: no events, the same `commandId` twice, a body that is not well-formed Unicode, an artifact by another hash. */
export class InvalidWriteError extends PawlError {
  constructor(message: string) {
    super('invalid_write', message)
  }
}

export function checkEvents(events: readonly NewEvent[]): void {
  if (events.length === 0)
    throw new InvalidWriteError('Expected at least one event, found none. Skip an append that has nothing to say.')
  const commandIds = new Set<string>()
  for (const event of events) {
    checkEvent(event)
    if (event.commandId === undefined) continue
    if (commandIds.has(event.commandId))
      throw new InvalidWriteError(`Expected a commandId once in an append, found ${event.commandId} twice.`)
    commandIds.add(event.commandId)
  }
}

/** Whoever reads it compares the two: under another hash it would be there and never be seen. */
export function checkArtifact({ hash, bytes }: NewArtifact): void {
  if (!hasHash(bytes, hash))
    throw new InvalidWriteError(`Expected an artifact to be addressed by the sha256 of its bytes, found ${hash}.`)
}

export function hasHash(bytes: Uint8Array, hash: string): boolean {
  return digest('sha256', bytes, 'hex') === hash
}

function checkEvent({ kind, format, body }: NewEvent): void {
  if (!Number.isSafeInteger(format) || format < 0)
    throw new InvalidWriteError(`Expected the format of ${kind} to be an integer from 0, found ${format}.`)
  if (!body.isWellFormed())
    throw new InvalidWriteError(
      `Expected the body of ${kind} to be canonical JSON, found a lone surrogate. Canonicalize what comes from outside.`,
    )
}
