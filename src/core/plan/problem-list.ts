/** Problems as they are found: each code is told a limited number of times. */
import { previewOf } from '../border-text.ts'
import type { PlanProblem } from './plan.ts'

/** Problems of one code that are put into words; the rest is counted in one more. */
export const MAX_PROBLEMS_PER_CODE = 10

/** Tasks that one sentence names. */
const MAX_TASKS_NAMED = 12

/** Tasks that stand beside a problem, but for the path of a cycle; and characters of a sentence. All of it has to fit into an event. */
export const MAX_TASKS_LISTED = 200
const MAX_MESSAGE_CHARACTERS = 1_500
/** What is no id may be as long as the plan. */
const MAX_ID_CHARACTERS = 80

export class ProblemList {
  readonly #told: PlanProblem[] = []
  readonly #counts = new Map<PlanProblem['code'], number>()

  /** The message is only made where it is told: looking for near names takes time. */
  add(code: PlanProblem['code'], tasks: readonly string[], message: () => string): void {
    const count = (this.#counts.get(code) ?? 0) + 1
    this.#counts.set(code, count)
    if (count > MAX_PROBLEMS_PER_CODE) return
    const listed = code === 'cycle' ? tasks : tasks.slice(0, MAX_TASKS_LISTED)
    this.#told.push({ code, tasks: listed.map((id) => previewOf(id, MAX_ID_CHARACTERS)), message: cut(message()) })
  }

  get isEmpty(): boolean {
    return this.#told.length === 0
  }

  all(): readonly PlanProblem[] {
    const rests = [...this.#counts].flatMap(([code, count]): PlanProblem[] => {
      const left = count - MAX_PROBLEMS_PER_CODE
      if (left <= 0) return []
      return [{ code, tasks: [], message: `${left} more of "${code}": mend those that are named, then look again.` }]
    })
    return [...this.#told, ...rests]
  }
}

/** The name of a tool, or a pointer, may be as long as the plan. */
function cut(message: string): string {
  return message.length <= MAX_MESSAGE_CHARACTERS ? message : `${previewOf(message, MAX_MESSAGE_CHARACTERS)}…`
}

/** Ids in a sentence. */
export function named(ids: readonly string[]): string {
  const some = ids.slice(0, MAX_TASKS_NAMED).map((id) => JSON.stringify(id))
  const left = ids.length - some.length
  if (left > 0) return `${some.join(', ')} and ${left} more`
  const last = some.pop()
  return some.length === 0 ? (last ?? 'none') : `${some.join(', ')} and ${last}`
}
