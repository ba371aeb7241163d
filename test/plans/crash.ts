/** A worker that dies after any event of a log, and the one that takes its session over. */
import { chance } from './chance.ts'
import type { Job } from './job.ts'
import { problemsOfEnd, problemsOfFold, problemsOfOrder, problemsOfRepeats } from './problems-of.ts'
import { isCutOff, type Reading, readLog } from './reading.ts'
import { type Core, type Logged, type Played, play, type Run } from './virtual-clock.ts'

/** `cut`: how many events stand in the log. */
export type Crash = {
  readonly log: readonly Logged[]
  readonly cut: number
  readonly seed: string
  /** Of the activation that dies. */
  readonly fence: number
}

export type CrashOptions = { readonly core?: Core; readonly isKnownDead: boolean; readonly awayMs?: number }

/** The session goes on from there, to its end. */
export function playOn(job: Job, { log, cut, seed, fence }: Crash, options: CrashOptions): Played {
  const { core, isKnownDead, awayMs = 1_000 } = options
  return play(job, {
    ...(core !== undefined && { core }),
    from: {
      log: log.slice(0, cut),
      fence: fence + 1,
      deadFence: isKnownDead ? fence : 0,
      awayMs,
      tookEffect: (run) => tookEffect(seed, run),
    },
  })
}

/** By chance, and the same whoever asks: what came of a run that the crash has cut off. */
function tookEffect(seed: string, { callId, attempt }: Run): boolean {
  return chance(`${seed} ${callId} ${attempt}`, 2) === 0
}

/** Places in a log at which a worker may die: after the session was created, and before it has ended. */
export function placesOf(log: readonly Logged[]): { readonly first: number; readonly last: number } {
  return { first: log.findIndex(({ event }) => event.type === 'route_chosen') + 1, last: log.length - 1 }
}

/** Where the log was cut, in the order in which that happened, each behind the one before. */
export type Crashes = {
  readonly cuts: readonly number[]
  readonly seed: string
  /** Whether the log is folded once more, which costs as much as all the rest; true by default. */
  readonly isFolded?: boolean
}

/** What is wrong with a run that went on after crashes. */
export function problemsOfCrashes(
  job: Job,
  { cuts, seed, isFolded = true }: Crashes,
  played: Played,
): readonly string[] {
  const reading = readLog(played.log)
  return [
    ...problemsOfEnd(job, played),
    ...problemsOfOrder(job, reading),
    ...problemsOfRepeats(reading),
    ...(isFolded ? problemsOfFold(played) : []),
    ...problemsOfEffects(job, reading, seed),
    ...problemsOfWork(reading, cuts),
  ]
}

/**
 * An unsafe task takes effect once, whoever died when; an idempotent one runs again under the same key, that of its call. Which runs
 * were cut off is read off their ends, so that it holds for any number of crashes.
 */
function problemsOfEffects({ effectOf, failing }: Job, { runs }: Reading, seed: string): readonly string[] {
  const effects = new Map<string, number>()
  const calls = new Map<string, Set<string>>()
  for (const run of runs) {
    const { taskId, callId, end, lostAtSeq } = run
    const took = lostAtSeq === null ? end?.isOk === true : !failing.has(taskId) && tookEffect(seed, run)
    effects.set(taskId, (effects.get(taskId) ?? 0) + (took ? 1 : 0))
    calls.set(taskId, (calls.get(taskId) ?? new Set()).add(callId))
  }
  return [...effects].flatMap(([taskId, count]) => {
    const effect = effectOf.get(taskId)
    const wanted = failing.has(taskId) ? 0 : 1
    if (effect === 'unsafe' && count !== wanted) return [`${taskId} took effect ${count} times, and not ${wanted}`]
    const keys = calls.get(taskId)?.size ?? 0
    return effect === 'idempotent' && keys > 1 ? [`${taskId} ran under ${keys} keys`] : []
  })
}

/** Only what was cut off is done again. */
function problemsOfWork({ runs }: Reading, cuts: readonly number[]): readonly string[] {
  const whole = new Map<string, number>()
  for (const run of runs)
    if (!cuts.some((cut) => isCutOff(run, cut))) whole.set(run.taskId, (whole.get(run.taskId) ?? 0) + 1)
  return [...whole].flatMap(([taskId, count]) => (count > 1 ? [`${taskId} ran ${count} times`] : []))
}
