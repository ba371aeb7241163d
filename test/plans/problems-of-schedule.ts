/** What is wrong with when the tasks of a workflow began, where nothing failed and nobody died: against the measured bounds, and a reference. */
import type { Job } from './job.ts'
import { listSchedule } from './list-schedule.ts'
import { makespanOf, type Reading } from './reading.ts'
import type { Row } from './workflow.ts'

export function problemsOfSchedule(job: Job, row: Row, reading: Reading): readonly string[] {
  return [...problemsOfMakespan(job, row, makespanOf(reading)), ...problemsOfStarts(job, reading)]
}

function problemsOfMakespan({ maxParallel }: Job, { bounds }: Row, makespanMs: number): readonly string[] {
  const { lower = 0, upperGraham = 0, listByCriticalPath } = bounds[maxParallel] ?? {}
  if (makespanMs < lower) return [`${makespanMs} ms is under the bound of ${lower} ms`]
  if (makespanMs > upperGraham) return [`${makespanMs} ms is over the bound of ${upperGraham} ms`]
  if (makespanMs === listByCriticalPath) return []
  return [`${makespanMs} ms, where others have computed ${listByCriticalPath} ms for the longest way first`]
}

/** The same task at the same time, in the same order, each of them. Writes that begin at one time are looked at one after the other, and reads pass them. */
function problemsOfStarts({ workflow, maxParallel }: Job, { runs, begun }: Reading): readonly string[] {
  const first = runs[0]?.at ?? 0
  const startOf = new Map(runs.map(({ taskId, at }) => [taskId, at - first]))
  const found = [...begun].map((taskId) => ({ taskId, at: startOf.get(taskId) }))
  const { starts } = listSchedule(workflow, maxParallel)
  const place = starts.findIndex(({ taskId, at }, index) => found[index]?.taskId !== taskId || found[index]?.at !== at)
  if (place === -1) return []
  const { taskId, at } = starts[place] ?? {}
  return [`${found[place]?.taskId} starts at ${found[place]?.at}, where the longest way is that of ${taskId}, at ${at}`]
}
