/** The harness of the proof, on workflows that are small enough to be worked out by hand. */
import { describe, expect, test } from 'vitest'
import { type CrashOptions, placesOf, playOn, problemsOfCrashes } from './crash.ts'
import { expectedOf } from './expected.ts'
import { differenceOf, playInRuntime } from './in-runtime.ts'
import { jobOf } from './job.ts'
import { listSchedule } from './list-schedule.ts'
import { type Plant, plants } from './planted.ts'
import { mostAtOnce, problemsOfRun } from './problems-of.ts'
import { makespanOf, readLog } from './reading.ts'
import { type Core, play } from './virtual-clock.ts'
import type { Workflow } from './workflow.ts'

const task = (id: string, runtimeMs: number, ...dependsOn: readonly string[]) => ({
  id,
  name: id,
  runtimeMs,
  dependsOn,
})

/** Two ways of 1 + 5 and 2 + 1 between a first and a last task, and a short one beside them. */
const diamond: Workflow = {
  id: 'diamond',
  tasks: [
    task('first', 1),
    task('short', 2, 'first'),
    task('long', 1, 'first'),
    task('longer', 5, 'long'),
    task('shorter', 1, 'short'),
    task('last', 1, 'longer', 'shorter'),
    task('beside', 1),
  ],
}

describe('a workflow under a virtual clock', () => {
  test('starts the task with the longest way to the end whenever a slot is free', () => {
    const { log } = play(jobOf(diamond, { maxParallel: 1 }))
    const { runs } = readLog(log)
    const first = runs[0]?.at ?? 0
    const starts = [
      ['first', 0],
      ['long', 1],
      ['longer', 2],
      ['short', 7],
      ['shorter', 9],
      ['last', 10],
      ['beside', 11],
    ]
    expect(runs.map(({ taskId, at }) => [taskId, at - first])).toEqual(starts)
    expect(listSchedule(diamond, 1).starts.map(({ taskId, at }) => [taskId, at])).toEqual(starts)
  })

  test('takes as long as its longest way where there are slots enough', () => {
    const { log } = play(jobOf(diamond, { maxParallel: 3 }))
    // What ends first at one time is followed up before the next ends: for a moment `beside` still stands in its slot.
    expect([makespanOf(readLog(log)), mostAtOnce(readLog(log).runs)]).toEqual([8, 3])
    expect(listSchedule(diamond, 3).makespanMs).toBe(8)
  })

  test('loses what needs a failed task, and nothing else', () => {
    const failing = new Set(['long'])
    const statuses = [...expectedOf(diamond, failing)].map(([id, { status }]) => `${id} ${status}`)
    expect(statuses.sort()).toEqual([
      'beside completed',
      'first completed',
      'last unreachable',
      'long failed',
      'longer unreachable',
      'short completed',
      'shorter completed',
    ])
    const job = jobOf(diamond, { maxParallel: 2, effects: 'mixed', failing })
    expect(problemsOfRun(job, play(job))).toEqual([])
  })

  test('comes to the same wherever workers die, and runs nothing again that has ended', () => {
    for (const failing of [new Set<string>(), new Set(['short'])]) {
      const job = jobOf(diamond, { maxParallel: 2, effects: 'mixed', failing })
      const whole = play(job)
      const { first, last } = placesOf(whole.log)
      expect(last - first).toBeGreaterThan(20)
      for (let cut = first; cut <= last; cut += 1)
        expect(problemsOfDeath(cut, job, { isKnownDead: cut % 2 === 0 }), `after event ${cut}`).toEqual([])
    }
  })

  test('is carried out by the runtime as by the core alone, event for event', async () => {
    const job = jobOf(diamond, { maxParallel: 2, effects: 'mixed', failing: new Set(['short']) })
    for (const store of ['memory', 'sqlite'] as const) {
      const log = await playInRuntime(job, store)
      expect(differenceOf(play(job).log, log)).toBeNull()
      expect(differenceOf(play({ ...job, maxParallel: 1 }).log, log)).toMatch(/^event \d+: /)
    }
  })
})

describe('planted bugs', () => {
  const shown = plants.filter(({ when }) => when !== 'always').map((plant): [string, Plant] => [plant.bug, plant])
  test.each(shown)('are noticed: %s', (_, { core, shows, when }) => {
    const failing = new Set(when === 'a task fails' ? ['long'] : [])
    const job = jobOf(diamond, { maxParallel: 2, effects: 'mixed', failing })
    const { first, last } = placesOf(play(job).log)
    const cuts = Array.from({ length: last - first }, (__, index) => first + index)
    const problems =
      when === 'a task fails'
        ? problemsOfRun(job, play(job, { core }))
        : cuts.flatMap((cut) => problemsOfDeath(cut, job, { core, isKnownDead: true }))
    expect(problems.some((problem) => shows.test(problem))).toBe(true)
  })
})

function problemsOfDeath(cut: number, job: ReturnType<typeof jobOf>, options: CrashOptions & { core?: Core }) {
  const { log } = play(job)
  try {
    const played = playOn(job, { log, cut, seed: 'by hand', fence: 1 }, options)
    return problemsOfCrashes(job, { cuts: [cut], seed: 'by hand' }, played)
  } catch (problem) {
    return [String(problem)]
  }
}
