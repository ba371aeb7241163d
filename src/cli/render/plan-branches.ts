/** A plan as a tree: tasks under their parents, each behind what it depends on, and otherwise in plan order. */
import type { TaskView } from '../../core/index.ts'

export type Branch = { readonly view: TaskView; readonly parts: readonly Branch[] }

/** Deeper parts are drawn at this level. */
const MAX_LEVELS = 6

type Growing = { view: TaskView; parts: Growing[]; level: number; place: number; holder: Growing | null }

/** Takes any plan, also one that nobody has looked at: an unknown parent is none, and a circle of parents stands at the top. */
export function branchesOf(tasks: readonly TaskView[]): readonly Branch[] {
  const places = placesOf(tasks)
  const all = new Map<string, Growing>()
  for (const view of tasks) {
    const place = places.get(view.task.id) ?? tasks.length
    all.set(view.task.id, { view, parts: [], level: 0, place, holder: null })
  }
  const parts = Map.groupBy(all.values(), ({ view: { task } }) =>
    task.parent !== undefined && all.has(task.parent) ? task.parent : null,
  )
  const top = [...(parts.get(null) ?? [])]
  const hung = [...top]
  for (const branch of hung) {
    for (const part of parts.get(branch.view.task.id) ?? []) {
      hang(part, branch)
      hung.push(part)
    }
  }
  const isHung = new Set(hung)
  top.push(...[...all.values()].filter((branch) => !isHung.has(branch)))
  for (const branch of hung.toReversed()) putInPlace(branch)
  return top.sort(byPlace)
}

function hang(part: Growing, branch: Growing): void {
  const holder = branch.level < MAX_LEVELS - 1 || branch.holder === null ? branch : branch.holder
  holder.parts.push(part)
  part.level = holder.level + 1
  part.holder = holder
}

/** A task stands where the first of its parts does. */
function putInPlace(branch: Growing): void {
  branch.parts.sort(byPlace)
  branch.place = Math.min(branch.place, branch.parts[0]?.place ?? branch.place)
}

function byPlace(one: Growing, other: Growing): number {
  return one.place - other.place
}

/** What a task depends on comes before it; otherwise plan order. A circle is left where it was met first. */
function placesOf(tasks: readonly TaskView[]): ReadonlyMap<string, number> {
  const views = new Map(tasks.map((view) => [view.task.id, view]))
  const parts = Map.groupBy(tasks, ({ task }) => task.parent ?? '')
  const places = new Map<string, number>()
  const entered = new Set<string>()
  for (const { task } of tasks) {
    const stack = [task.id]
    for (let id = stack.at(-1); id !== undefined; id = stack.at(-1)) {
      const view = views.get(id)
      if (view === undefined || places.has(id)) {
        stack.pop()
      } else if (entered.has(id)) {
        places.set(id, places.size)
        stack.pop()
      } else {
        entered.add(id)
        stack.push(
          ...beforeIt(view, views, parts)
            .filter((other) => !entered.has(other))
            .reverse(),
        )
      }
    }
  }
  return places
}

/** Its own dependencies, those of the tasks that it is a part of, and its parts. */
function beforeIt(
  view: TaskView,
  views: ReadonlyMap<string, TaskView>,
  parts: ReadonlyMap<string, readonly TaskView[]>,
): string[] {
  const { id, parent, dependsOn } = view.task
  const ofParent = parent === undefined ? [] : (views.get(parent)?.task.dependsOn ?? [])
  return [...ofParent, ...dependsOn, ...(parts.get(id) ?? []).map(({ task }) => task.id)]
}
