/** Which request of a loop one is, by what is said of it in the log and by what its model is told. */
import type { EventOf } from '../../core/index.ts'
import type { LoopRecord } from './record.ts'

type OfRequest = {
  readonly taskId: string
  readonly purpose: EventOf<'model_started'>['purpose']
  readonly turn: number
  readonly attempt: number
}

/** Of `SessionRecord.requests`. */
export function requestKey({ taskId, purpose, turn, attempt }: OfRequest): string {
  return `${taskId}/${purpose}/${turn}/${attempt}`
}

/** Memory's own request has failed for good: the turn goes on without. */
export function isGivenUp(purpose: string, retryAt: number | null): boolean {
  return memoryPurposes.has(purpose) && retryAt === null
}

/** They were of another request than the next. */
export function forgetFailures(loop: LoopRecord): void {
  loop.requestsFailed = 0
  loop.requestAgainAt = 0
}

/** Requests that stand between turns, and are none. */
export const memoryPurposes: ReadonlySet<string> = new Set(['process', 'compress', 'summarize'])
