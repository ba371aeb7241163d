/** What a log says of its tasks, by its call events alone: nothing of the core is asked. */
import type { Logged, Run } from './virtual-clock.ts'

/** `seq`: the place in the log. `verified`: nobody ran it to its end; its tool was asked what came of it. */
export type RunEnd = { readonly seq: number; readonly at: number; readonly isOk: boolean; readonly isVerified: boolean }
export type ReadRun = Run & {
  readonly taskId: string
  readonly seq: number
  readonly at: number
  readonly fence: number
  end: RunEnd | null
  lostAtSeq: number | null
}

export type Reading = {
  /** Every run of a tool, in the order in which they began. */
  readonly runs: readonly ReadRun[]
  /** Tasks of which a start stands in the log, in the order in which they were started. */
  readonly begun: ReadonlySet<string>
}

export function readLog(log: readonly Logged[]): Reading {
  const taskOf = new Map<string, string>()
  const runs: ReadRun[] = []
  const newest = new Map<string, ReadRun>()
  for (const [seq, { at, event }] of log.entries()) {
    if (event.type === 'task_started' && event.callId !== undefined) taskOf.set(event.callId, event.taskId)
    if (event.type === 'call_started') {
      const { callId, attempt, fence } = event
      const run = { callId, attempt, fence, taskId: taskOf.get(callId) ?? '', seq, at, end: null, lostAtSeq: null }
      runs.push(run)
      newest.set(callId, run)
    }
    const run = event.type === 'call_lost' || event.type === 'call_finished' ? newest.get(event.callId) : undefined
    if (run === undefined) continue
    if (event.type === 'call_lost') run.lostAtSeq = seq
    if (event.type === 'call_finished')
      run.end = { seq, at, isOk: event.outcome.type === 'ok', isVerified: event.verified === true }
  }
  return { runs, begun: new Set(taskOf.values()) }
}

/** Whether nobody knew at this place of the log what came of it. */
export function isCutOff({ seq, end, lostAtSeq }: ReadRun, cut: number): boolean {
  return seq < cut && (end === null || end.seq >= cut) && (lostAtSeq === null || lostAtSeq >= cut)
}

/** From the start of the first call to the end of the last, in milliseconds. */
export function makespanOf({ runs }: Reading): number {
  const first = runs[0]?.at ?? 0
  return runs.reduce((last, { end }) => Math.max(last, end?.at ?? 0), first) - first
}
