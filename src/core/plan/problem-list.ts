/** Problems as they are found: each code is told a limited number of times. */
import type { PlanProblem } from './plan.ts'

/** Problems of one code that are put into words; the rest is counted in one more. */
export const MAX_PROBLEMS_PER_CODE = 10

/** Tasks that one sentence names. */
const MAX_TASKS_NAMED = 12

export class ProblemList {
  readonly #told: PlanProblem[] = []
  readonly #counts = new Map<PlanProblem['code'], number>()

  /** The message is only made where it is told: looking for near names takes time. */
  add(code: PlanProblem['code'], tasks: readonly string[], message: () => string): void {
    const count = (this.#counts.get(code) ?? 0) + 1
    this.#counts.set(code, count)
    if (count <= MAX_PROBLEMS_PER_CODE) this.#told.push({ code, tasks, message: message() })
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

/** Ids in a sentence. */
export function named(ids: readonly string[]): string {
  const some = ids.slice(0, MAX_TASKS_NAMED).map((id) => JSON.stringify(id))
  const left = ids.length - some.length
  if (left > 0) return `${some.join(', ')} and ${left} more`
  const last = some.pop()
  return some.length === 0 ? (last ?? 'none') : `${some.join(', ')} and ${last}`
}
