/** A file that stands under its name whole, or not at all. */
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { syncFolder } from '../../stores/sqlite/make-folder.ts'
import { CliError } from '../errors.ts'

export interface NewFile {
  write(piece: string | Uint8Array): void
  /** Syncs it and gives it its name; answers with its size in bytes. */
  finish(): number
  /** Takes away what was written. After `finish`, nothing happens. */
  abandon(): void
}

/** It holds what people said: nobody but its owner reads it. */
const OWNER_ONLY = 0o600

/**
 * Writes beside the name first, as `<path>.<process>.part`.
 * @throws CliError `not_written` if a file stands there and `force` is not said, or if it cannot be written.
 */
export function newFile(path: string, { force }: { readonly force: boolean }): NewFile {
  const unfinished = `${path}.${process.pid}.part`
  if (!force) refuseExisting(path)
  const descriptor = trying(path, () => openSync(unfinished, 'wx', OWNER_ONLY))
  let isOpen = true
  let bytes = 0
  const close = () => {
    if (isOpen) closeSync(descriptor)
    isOpen = false
  }
  return {
    write: (piece) =>
      trying(path, () => {
        const chunk = Buffer.from(piece)
        for (let at = 0; at < chunk.length; ) at += writeSync(descriptor, chunk, at)
        bytes += chunk.length
      }),
    finish: () =>
      trying(path, () => {
        fsyncSync(descriptor)
        close()
        if (!force) refuseExisting(path)
        renameSync(unfinished, path)
        syncFolder(dirname(path))
        return bytes
      }),
    abandon: () => {
      close()
      rmSync(unfinished, { force: true })
    },
  }
}

/** @throws CliError `not_written` if it is not there and cannot be made. */
export function openFolder(path: string): void {
  trying(path, () => mkdirSync(path, { recursive: true }))
}

function refuseExisting(path: string): void {
  if (existsSync(path))
    throw new CliError(
      'not_written',
      `expected to write a new file ${path}; found a file there. Remove it, name another, or write over it with --force.`,
    )
}

function trying<Result>(path: string, write: () => Result): Result {
  try {
    return write()
  } catch (problem) {
    if (problem instanceof CliError) throw problem
    const found = problem instanceof Error ? problem.message : String(problem)
    throw new CliError('not_written', `expected to write ${path}; found: ${found}. Name another place.`)
  }
}
