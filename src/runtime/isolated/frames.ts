/**
 * Messages as bytes on a pipe: their length, then the value. Not Node's own channel between processes, where bytes that are no message
 * end the process that reads them: a tool can write to every descriptor of its process.
 */
import { deserialize, serialize } from 'node:v8'

/** Where the process of an isolated call finds the pipe of its messages, and the one by which it notices that its runtime is gone. */
export const MESSAGES_FD = 3
export const GUARD_FD = 4

const HEADER_BYTES = 4
/** Of one message, where it comes from the runtime: more than any input. */
export const MAX_FRAME_BYTES = 1_073_741_824

/** @throws DataCloneError where the message holds what is no data. */
export function frameOf(message: unknown): Buffer {
  const body = serialize(message)
  const header = Buffer.alloc(HEADER_BYTES)
  header.writeUInt32BE(body.length)
  return Buffer.concat([header, body])
}

/** Takes chunks as they come. Garbage, or a message of more than `maxBytes`, is told once, and nothing more is read or kept. */
export function readFrames(
  onMessage: (message: unknown) => void,
  onGarbage: () => void,
  maxBytes: number,
): (chunk: Buffer) => void {
  let chunks: Buffer[] = []
  let heldBytes = 0
  let neededBytes = HEADER_BYTES
  let isSpoiled = false
  const spoil = () => {
    isSpoiled = true
    chunks = []
    onGarbage()
  }
  return (chunk) => {
    if (isSpoiled) return
    chunks.push(chunk)
    heldBytes += chunk.length
    while (heldBytes >= neededBytes && !isSpoiled) {
      const held = chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks)
      chunks = [held]
      neededBytes = HEADER_BYTES + held.readUInt32BE()
      if (neededBytes > maxBytes) return spoil()
      if (heldBytes < neededBytes) return
      const read = decoded(held.subarray(HEADER_BYTES, neededBytes))
      chunks = [held.subarray(neededBytes)]
      heldBytes -= neededBytes
      neededBytes = HEADER_BYTES
      if (read === null) return spoil()
      onMessage(read.value)
    }
  }
}

function decoded(bytes: Buffer): { readonly value: unknown } | null {
  try {
    return { value: deserialize(bytes) }
  } catch {
    return null
  }
}
