/** What each task waits for, as sets. */
import type { PlanGraph } from './plan-graph.ts'

export type Awaited = (id: string) => ReadonlySet<string>

/** Made where asked for: a task that waits for all others may be asked about for each of them. */
export function awaitedSets(dependencies: PlanGraph['dependencies']): Awaited {
  const sets = new Map<string, ReadonlySet<string>>()
  return (id) => {
    const known = sets.get(id) ?? new Set(dependencies.get(id))
    sets.set(id, known)
    return known
  }
}
