/** A module whose run pays in many small parts, so that a part shows whenever it runs. */
import { setTimeout as after } from 'node:timers/promises'
import type { ToolContext } from '../../src/ports/index.ts'
import { writeDeed } from './orders.ts'

const EVERY_MS = 5

export async function run(
  { ms, file }: { readonly ms: number; readonly file: string },
  { sessionId, idempotencyKey: key }: ToolContext,
): Promise<string> {
  for (const until = performance.now() + ms; performance.now() < until; await after(EVERY_MS))
    writeDeed({ deedsPath: file }, { what: 'paid', sessionId, key })
  return 'paid'
}
