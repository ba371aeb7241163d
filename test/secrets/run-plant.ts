/** The scenario with one part of redaction taken away, over a store in a file. */
import type { Store } from 'pawl'
import { wiring } from '../../src/runtime/index.ts'
import { type Canaries, createCanaries } from './canaries.ts'
import { plants } from './planted.ts'
import { runScenario, type Scenario } from './scenario.ts'

export type PlantRun = Pick<Scenario, 'out' | 'problem'> & {
  readonly store: Store
  readonly plant: string
  readonly seed: number
}

/** Answers with what was planted. @throws RangeError if there is no such plant. */
export async function runPlant({ plant, seed, ...streams }: PlantRun): Promise<Canaries> {
  const planted = plants[plant]
  if (planted === undefined) throw new RangeError(`expected one of ${Object.keys(plants).join(', ')}; found ${plant}`)
  const canaries = createCanaries(seed)
  const isMarked = plant !== 'none' && plant !== 'marks of sensitive fields left out'
  await runScenario({ ...streams, wiring: { ...wiring, redaction: planted.redaction }, canaries, isMarked })
  return canaries
}
