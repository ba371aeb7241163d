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

/** The same task at the same time, each of them. */
function problemsOfStarts({ workflow, maxParallel }: Job, { runs }: Reading): readonly string[] {
  const first = runs[0]?.at ?? 0
  const { starts } = listSchedule(workflow, maxParallel)
  const place = starts.findIndex(({ taskId, at }, index) => {
    const run = runs[index]
    return run?.taskId !== taskId || run.at - first !== at
  })
  if (place === -1) return []
  const { taskId, at } = starts[place] ?? {}
  const run = runs[place]
  return [`${run?.taskId} starts at ${(run?.at ?? 0) - first}, where the longest way is that of ${taskId}, at ${at}`]
}
