/** What is wrong with how a workflow was carried out, measured against its data and its log. An empty list: nothing. */
import { encodeState, fold, planViewOf, type TaskView } from 'pawl/core'
import { type ExpectedTask, expectedOf } from './expected.ts'
import type { Job } from './job.ts'
import { type Reading, type ReadRun, readLog } from './reading.ts'
import type { Played } from './virtual-clock.ts'

/** Of a run without a crash. */
export function problemsOfRun(job: Job, played: Played): readonly string[] {
  const reading = readLog(played.log)
  return [...problemsOfEnd(job, played), ...problemsOfOrder(job, reading), ...problemsOfRepeats(reading)]
}

/** Every task has come to what the data says, and the session to an end that says so. */
export function problemsOfEnd(job: Job, { state }: Pick<Played, 'state'>): readonly string[] {
  const expected = expectedOf(job.workflow, job.failing)
  const found = new Map((planViewOf(state)?.tasks ?? []).map((view) => [view.task.id, view]))
  const isPartial = [...expected.values()].some(({ status }) => status !== 'completed')
  const { reason, isPartial: saidPartial } = state.ended ?? {}
  return [
    ...(reason === 'final_answer' ? [] : [`the session ended with ${reason}`]),
    ...(saidPartial === isPartial ? [] : [`the ending says partial: ${saidPartial}`]),
    ...(found.size === expected.size ? [] : [`${found.size} tasks of ${expected.size}`]),
    ...[...expected].flatMap(([id, task]) => problemsOfTask(id, task, found.get(id))),
  ]
}

function problemsOfTask(id: string, expected: ExpectedTask, found: TaskView | undefined): readonly string[] {
  if (found?.status !== expected.status) return [`${id} is ${found?.status}, and not ${expected.status}`]
  if (expected.status === 'completed')
    return found.result === expected.result ? [] : [`${id} came to ${found.result}, and not to ${expected.result}`]
  if (expected.status !== 'unreachable') return []
  const causes = [...expected.causes].sort().join()
  return [...found.blockedBy].sort().join() === causes ? [] : [`${id} is blocked by ${found.blockedBy}, not ${causes}`]
}

/** Nothing began before what it waits for had ended well, and never more at once than there are slots. */
export function problemsOfOrder({ workflow, maxParallel }: Job, { runs }: Reading): readonly string[] {
  const endedAt = new Map<string, number>()
  for (const { taskId, end } of runs) if (end?.isOk === true) endedAt.set(taskId, end.seq)
  const dependsOn = new Map(workflow.tasks.map((task) => [task.id, task.dependsOn]))
  const early = runs.flatMap(({ taskId, seq }) =>
    (dependsOn.get(taskId) ?? [])
      .filter((id) => (endedAt.get(id) ?? Number.POSITIVE_INFINITY) > seq)
      .map((id) => `${taskId} began before ${id} had ended`),
  )
  const most = mostAtOnce(runs)
  return [...early, ...(most <= maxParallel ? [] : [`${most} tasks ran at once in ${maxParallel} slots`])]
}

export function mostAtOnce(runs: readonly ReadRun[]): number {
  const changes = runs.flatMap(({ seq, end, lostAtSeq }) => [
    { seq, by: 1 },
    { seq: Math.min(end?.seq ?? Number.POSITIVE_INFINITY, lostAtSeq ?? Number.POSITIVE_INFINITY), by: -1 },
  ])
  changes.sort((one, other) => one.seq - other.seq)
  let running = 0
  let most = 0
  for (const { by } of changes) {
    running += by
    most = Math.max(most, running)
  }
  return most
}

/** No task runs again after it has ended well, nor while a run of it is under way. */
export function problemsOfRepeats({ runs }: Reading): readonly string[] {
  const before = new Map<string, ReadRun>()
  return runs.flatMap((run) => {
    const earlier = before.get(run.taskId)
    before.set(run.taskId, run)
    if (earlier === undefined) return []
    if (earlier.end?.isOk === true && earlier.end.seq < run.seq) return [`${run.taskId} ran again after it had ended`]
    const isOver = earlier.lostAtSeq !== null || (earlier.end !== null && earlier.end.seq < run.seq)
    return isOver ? [] : [`${run.taskId} began while it was under way`]
  })
}

/** The state at the end is what its log gives (P12). */
export function problemsOfFold({ log, state }: Played): readonly string[] {
  const folded = encodeState(fold('default', 's1', log))
  return folded === encodeState(state) ? [] : ['the state is not what its log gives']
}
