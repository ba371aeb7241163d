import type { Caught } from '../prove/proof.ts'
import { createChecks, newTally } from './checks.ts'
import { leftAfter } from './memory.ts'
import { plantedBugs } from './planted-bugs.ts'
import { savedSessions } from './saved-sessions.ts'
import type { Kind } from './share.ts'
import { shortened } from './shorten.ts'
import type { PlantedBug } from './subject.ts'

/** Runs the cases of a kind against each bug that is planted for it, until the right complaint comes: any other does not count. */
export async function catchPlanted(kind: Kind): Promise<readonly Caught[]> {
  const caught: Caught[] = []
  for (const bug of plantedBugs.filter((planted) => planted.kind === kind && !planted.hasOwnWorker)) {
    const found = await noticed(bug)
    // One of them leaves this behind.
    Reflect.deleteProperty(Object.prototype, 'polluted')
    if (found !== null) caught.push({ bug: bug.name, of: kind, ...found })
  }
  return caught
}

async function noticed({
  kind,
  within,
  subject,
  caughtBy,
}: PlantedBug): Promise<{ readonly by: string; readonly tries: number } | null> {
  const check = createChecks(subject, newTally())[kind]
  // The saved sessions are the dear ones, and no bug here needs them.
  const first = kind === 'sessions' ? savedSessions.length : 0
  let found: { by: string; tries: number } | null = null
  const { complaint } = await leftAfter(async () => {
    for (let number = first; number < first + within && found === null; number += 1) {
      const by = await check(number)
      if (by !== null && caughtBy.test(by)) found = { by: shortened(by), tries: number + 1 - first }
    }
  })
  return found ?? (complaint === null || !caughtBy.test(complaint) ? null : { by: complaint, tries: within })
}
