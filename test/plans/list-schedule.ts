/** A list scheduler by the longest way, written from its definition: the reference for what starts when. Shares no code with the core. */
import type { Workflow } from './workflow.ts'

export type Start = { readonly taskId: string; readonly at: number }

type Running = { readonly index: number; readonly endsAt: number; readonly order: number }

/**
 * Whenever a slot is free, the ready task with the longest way to the end of the workflow starts; of equals, the one that stands first.
 * Of tasks that end at one time, the one that began first ends first, and its slot is filled before the next ends. Quadratic, and plain.
 */
export function listSchedule(
  { tasks }: Workflow,
  slots: number,
): { readonly starts: readonly Start[]; readonly makespanMs: number } {
  const indexes = new Map(tasks.map(({ id }, index) => [id, index]))
  const before = tasks.map(({ dependsOn }) => dependsOn.map((id) => indexes.get(id) ?? -1))
  const after: number[][] = tasks.map(() => [])
  for (const [index, each] of before.entries()) for (const from of each) after[from]?.push(index)
  const ways = new Map<number, number>()
  const wayOf = (index: number): number => {
    const known = ways.get(index)
    if (known !== undefined) return known
    const way = (tasks[index]?.runtimeMs ?? 0) + Math.max(0, ...(after[index] ?? []).map(wayOf))
    ways.set(index, way)
    return way
  }
  const waiting = before.map((each) => each.length)
  const ready = new Set(waiting.flatMap((count, index) => (count === 0 ? [index] : [])))
  const running: Running[] = []
  const starts: Start[] = []
  let now = 0
  const fill = () => {
    while (running.length < slots && ready.size > 0) {
      const index = [...ready].reduce((best, each) => {
        const isLonger = wayOf(each) > wayOf(best) || (wayOf(each) === wayOf(best) && each < best)
        return isLonger ? each : best
      })
      ready.delete(index)
      const { id = '', runtimeMs = 0 } = tasks[index] ?? {}
      running.push({ index, endsAt: now + runtimeMs, order: starts.length })
      starts.push({ taskId: id, at: now })
    }
  }
  for (fill(); running.length > 0; fill()) {
    const first = running.reduce((best, each) => {
      return each.endsAt < best.endsAt || (each.endsAt === best.endsAt && each.order < best.order) ? each : best
    })
    running.splice(running.indexOf(first), 1)
    now = first.endsAt
    for (const index of after[first.index] ?? []) {
      waiting[index] = (waiting[index] ?? 0) - 1
      if (waiting[index] === 0) ready.add(index)
    }
  }
  return { starts, makespanMs: now }
}
