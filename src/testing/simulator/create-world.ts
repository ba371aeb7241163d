import type { SessionRef, Store } from '../../ports/index.ts'
import { memoryStore } from '../../stores/memory.ts'
import { createArtifactsKept } from './artifacts-kept.ts'
import { chanceOf } from './chance.ts'
import type { MarkCounts } from './coverage-marks.ts'
import { type OnAppended, observed } from './observed.ts'
import { storeNow } from './process.ts'
import { createRecords } from './records.ts'
import { createScheduler } from './scheduler.ts'
import { drawShape, type Shape } from './shape.ts'
import type { Expected, Violation, World } from './world.ts'

/** A store over the simulated clock, with salts from the seed. */
export type StoreUnderTest = (now: () => number, randomBytes: (size: number) => Uint8Array) => Store

export type WorldOptions = {
  readonly seed: number
  readonly shape?: Shape
  readonly store?: StoreUnderTest
}

/** A world before anything happens in it; `expected` and `onAppended` come with the agent and the processes. */
export type YoungWorld = World & { expected: Expected; onAppended: OnAppended; readonly marks: MarkCounts }

/** Enough to see what went wrong; a broken world complains for ever. */
const MOST_VIOLATIONS = 10

export function createWorld({ seed, shape = drawShape(seed), store }: WorldOptions): YoungWorld {
  const scheduler = createScheduler()
  const violations: Violation[] = []
  const marks: MarkCounts = {}
  const now = () => storeNow({ scheduler })
  const salts = chanceOf(~seed)
  const randomBytes = (size: number) =>
    new Uint8Array(Uint32Array.from({ length: Math.ceil(size / 4) }, () => salts.below(2 ** 32)).buffer, 0, size)
  const kept = store?.(now, randomBytes) ?? memoryStore({ now, randomBytes })
  const artifacts = createArtifactsKept(now)
  const watched = artifacts.watched(kept, (ref, { invariant, detail }) => world.violate(ref, invariant, detail))
  const world: YoungWorld = {
    seed,
    shape,
    chance: chanceOf(seed),
    scheduler,
    base: observed((ref, events) => world.onAppended(ref, events), watched),
    records: createRecords(),
    artifacts,
    expected: { effectOf: () => null, toolsOf: () => [], retriesOf: () => 0, verdictOf: null },
    onAppended: () => {},
    faults: shape.faults,
    hasHealed: false,
    fences: new Map(),
    deaths: new Map(),
    doomed: new Map(),
    violations,
    marks,
    violate: ({ tenant, sessionId }: SessionRef, invariant, detail) => {
      if (violations.length < MOST_VIOLATIONS) violations.push({ invariant, detail, tenant, sessionId })
    },
    mark: (name) => {
      marks[name] = (marks[name] ?? 0) + 1
    },
  }
  return world
}
