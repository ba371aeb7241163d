/** A file as lines of bytes: what a line says is looked at only after its bytes were counted in. */
import { createReadStream } from 'node:fs'
import { usageError } from '../errors.ts'
import { standardInput } from '../standard-input.ts'

const LINE_BREAK = 0x0a

/** Each without its line break; `isEnded` says whether there was one. In memory is one line. */
export type ByteLine = { readonly bytes: Buffer; readonly isEnded: boolean }

export async function* byteLines(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<ByteLine> {
  let pending: Buffer[] = []
  for await (const chunk of chunks) {
    let from = 0
    for (let at = chunk.indexOf(LINE_BREAK); at !== -1; at = chunk.indexOf(LINE_BREAK, from)) {
      yield { bytes: Buffer.concat([...pending, chunk.subarray(from, at)]), isEnded: true }
      pending = []
      from = at + 1
    }
    if (from < chunk.length) pending.push(Buffer.from(chunk.subarray(from)))
  }
  if (pending.length > 0) yield { bytes: Buffer.concat(pending), isEnded: false }
}

/**
 * `-` is standard input.
 * @throws CliError `usage` if it cannot be read.
 */
export async function* linesOfFile(path: string): AsyncGenerator<ByteLine> {
  try {
    yield* byteLines(path === '-' ? standardInput() : createReadStream(path))
  } catch (problem) {
    const found = problem instanceof Error ? problem.message : String(problem)
    throw usageError(`expected a file that can be read; found: ${found}`)
  }
}
