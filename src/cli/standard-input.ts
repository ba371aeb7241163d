/** Standard input: whole, or piece by piece. */
import { readSync } from 'node:fs'

/** As much as stands ready, into the chunk; 0: the end. Throws `EAGAIN` where nothing stands ready yet. */
type ReadSome = (chunk: Buffer) => number

const CHUNK_BYTES = 65_536
/** How long to wait before looking again. */
const PAUSE_MS = 10

/** As it comes: for what may be larger than memory. */
export function standardInput(): AsyncIterable<Uint8Array> {
  return process.stdin
}

/**
 * Waits until the other end is closed. A pipe may have been made non-blocking by whoever started this process (npm does): then nothing
 * to read for a moment is an error, and no end.
 */
export function readStandardInput(read: ReadSome = (chunk) => readSync(0, chunk), pause: () => void = wait): string {
  const chunk = Buffer.alloc(CHUNK_BYTES)
  const chunks: Buffer[] = []
  for (;;) {
    const bytes = readSome(read, chunk)
    if (bytes === 0) return Buffer.concat(chunks).toString('utf8')
    if (bytes === null) pause()
    else chunks.push(Buffer.from(chunk.subarray(0, bytes)))
  }
}

/** Null: nothing yet. */
function readSome(read: ReadSome, chunk: Buffer): number | null {
  try {
    return read(chunk)
  } catch (problem) {
    const code = problem instanceof Error && 'code' in problem ? problem.code : null
    if (code === 'EAGAIN') return null
    // How Windows says that a pipe has ended.
    if (code === 'EOF') return 0
    throw problem
  }
}

function wait(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS)
}
