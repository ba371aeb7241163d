import type { LoopRecord } from './record.ts'

/** What is asked next may be asked at once, and as often as any. */
export function beginTurn(loop: LoopRecord): void {
  loop.requestsFailed = 0
  loop.requestAgainAt = 0
}
