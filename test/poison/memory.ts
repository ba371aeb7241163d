import type { Complaint } from './border-case.ts'

/** What the heap may have grown by after a share of cases, and a collection of garbage. */
const MAX_LEFT_BYTES = 16 * 2 ** 20

export async function leftAfter(
  run: () => Promise<void>,
): Promise<{ readonly leftBytes: number; readonly complaint: Complaint }> {
  const before = heapBytes()
  await run()
  const leftBytes = Math.max(0, heapBytes() - before)
  return { leftBytes, complaint: leftBytes > MAX_LEFT_BYTES ? `${leftBytes} bytes were left in memory` : null }
}

function heapBytes(): number {
  if (globalThis.gc === undefined) throw new Error('expected to be started with --expose-gc')
  for (let times = 0; times < 3; times += 1) globalThis.gc()
  return process.memoryUsage().heapUsed
}
