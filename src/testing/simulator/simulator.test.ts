import { describe, expect, test } from 'vitest'
import { coverageMarks, missedMarks } from './coverage-marks.ts'
import { differenceOf } from './difference.ts'
import { whereTheyPart } from './history.ts'
import { keptSituations } from './kept-seeds.ts'
import type { Plant } from './plant.ts'
import { plantedBugs } from './planted-bugs.ts'
import { drawShape } from './shape.ts'
import { shrink, sizeOf } from './shrink.ts'
import { simulate } from './simulate.ts'
import { simulateSeeds } from './simulate-seeds.ts'
import type { Violation } from './world.ts'

function bugOf(name: string) {
  const bug = plantedBugs.find((each) => each.name === name)
  if (bug === undefined) throw new RangeError(`no planted bug is called "${name}"`)
  return bug
}

/** Many times what the seeds of one test take. */
const SEEDS_MS = 120_000

describe('the simulator', () => {
  test('the same seed has the same history, and another seed another', async () => {
    const [one, again, other] = [await simulate({ seed: 3 }), await simulate({ seed: 3 }), await simulate({ seed: 4 })]
    expect(whereTheyPart(one, again)).toBeNull()
    expect(whereTheyPart(one, other)).toMatch(/^event \d+ of \d+ and \d+/)
  })

  test('a failure is made small, and the small world breaks the same invariant', async () => {
    const { plant } = bugOf('approval ignored')
    let seed = 1
    let found = await simulate({ seed, plant })
    while (found.violations.length === 0 || sizeOf(found.shape) < 25) {
      seed += 1
      found = await simulate({ seed, plant })
    }
    const { failure } = await shrink(found, { plant })
    expect(sizeOf(failure.shape)).toBeLessThan(sizeOf(found.shape) / 2)
    const repeated = await simulate({ seed: failure.seed, shape: failure.shape, plant })
    expect(repeated.violations[0]?.invariant).toBe(found.violations[0]?.invariant)
  })

  test('what is told to be run again under a shape is that shape, also as JSON', async () => {
    const shape = drawShape(7)
    const [drawn, given] = [
      await simulate({ seed: 7 }),
      await simulate({ seed: 7, shape: JSON.parse(JSON.stringify(shape)) }),
    ]
    expect(whereTheyPart(drawn, given)).toBeNull()
  })

  test.each(keptSituations)('kept: $bug', { timeout: SEEDS_MS }, async ({ planted, focus, ...seeds }) => {
    const { plant, caughtBy } = bugOf(planted)
    const shapeOf = (seed: number) => focus(drawShape(seed))
    const counts = ({ invariant }: Violation) => caughtBy.includes(invariant)
    const { failures } = await simulateSeeds({ ...seeds, shapeOf, plant, counts })
    expect(failures).toHaveLength(1)
  })

  test('a seed that is run two times and goes two ways has failed', async () => {
    let drawn = 0
    const random = () => {
      drawn += 1
      return (drawn % 7) / 7
    }
    const plant: Plant = { environment: (made) => ({ ...made, env: { ...made.env, random } }) }
    const { failures } = await simulateSeeds({ firstSeed: 1, seeds: 20, twiceEvery: 1, plant })
    expect(failures[0]?.violations.map(({ invariant }) => invariant)).toEqual(['same seed, same history'])
  })

  test('a seed that breaks only what does not count has not failed', async () => {
    const seeds = { firstSeed: 7, seeds: 1, plant: bugOf('approval ignored').plant }
    const counted = await simulateSeeds({ ...seeds, counts: ({ invariant }) => invariant.startsWith('P7 ') })
    const others = await simulateSeeds({ ...seeds, counts: ({ invariant }) => invariant.startsWith('P3 ') })
    expect([counted.failures.length, others.failures.length]).toEqual([1, 0])
  })

  test('a mark that was not met is named', () => {
    const [first, ...others] = coverageMarks
    expect(missedMarks(Object.fromEntries(others.map((name) => [name, 1])))).toEqual([first])
  })
})

describe('two values are the same', () => {
  test('whatever the order of keys and of members of a set; an absent field is an undefined one', () => {
    expect(differenceOf({ a: 1, b: new Set(['x', 'y']) }, { b: new Set(['y', 'x']), a: 1, c: undefined })).toBeNull()
  })

  test.each([
    [{ a: 1 }, { a: 2 }, 'state.a: 1, and 2'],
    [{ a: [1] }, { a: [1, 2] }, 'state.a: 1 items, and 2'],
    [new Map([['k', 1]]), new Map([['k', 2]]), 'state.0.1: 1, and 2'],
    [{}, { a: null }, 'state.a: nothing, and null'],
    [{ a: 1 }, {}, 'state.a: 1, and undefined'],
    [new Set(['x']), new Set(['y']), 'state.0: "x", and "y"'],
  ])('%j and %j part at %s', (one, other, place) => {
    expect(differenceOf(one, other)).toBe(place)
  })
})
