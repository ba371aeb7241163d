/**
 * `npm run prove -- plans [--workflow TEXT]`: real workflows as plans of direct tools, by the pure core under a virtual clock and by the
 * runtime: the schedule at 1, 4, 16 and 64 slots, failures, workers that die after any event; then every planted bug.
 */
import { openProof } from '../prove/proof.ts'
import { someOf } from './chance.ts'
import { type Crashes, type CrashOptions, placesOf, playOn, problemsOfCrashes } from './crash.ts'
import { differenceOf, playInRuntime } from './in-runtime.ts'
import { type Job, jobOf } from './job.ts'
import { type Plant, plants } from './planted.ts'
import { problemsOfFold, problemsOfRun } from './problems-of.ts'
import { problemsOfSchedule } from './problems-of-schedule.ts'
import { readLog } from './reading.ts'
import { type Played, play } from './virtual-clock.ts'
import { type Measured, readWorkflow, workflowRows } from './workflow.ts'

const SLOTS = [1, 4, 16, 64] as const
const SEED = 'plans 2026'
/** At most so many lines of one case. */
const LINES = 3

const proof = openProof('plans', { workflow: { type: 'string' } })
const { workflow: wanted } = proof.values
const rows = workflowRows()?.filter(({ planFile }) => wanted === undefined || planFile.includes(wanted))

if (rows === undefined) proof.skip('real input: WfInstances')
else {
  const all = rows.map((row): Measured => ({ row, workflow: readWorkflow(row) }))
  schedules(all)
  const first = await inRuntime(all)
  sweeps(all)
  draws(all, first)
  if (wanted === undefined) for (const plant of plants) catchPlant(all, plant)
  tell(all)
}
proof.close()

/** Every workflow at every number of slots; where some of its tasks write, the schedule is the same. */
function schedules(all: readonly Measured[]): void {
  let tasks = 0
  let runs = 0
  for (const { row, workflow } of all) {
    for (const maxParallel of SLOTS) {
      if (proof.isTimeUp()) break
      const job = jobOf(workflow, { maxParallel, effects: maxParallel === 4 ? 'mixed' : 'read' })
      report(`${row.planFile} at ${maxParallel} slots`, () => {
        const played = play(job)
        tasks += workflow.tasks.length
        runs += 1
        return [...problemsOfRun(job, played), ...problemsOfSchedule(job, row, readLog(played.log))]
      })
    }
  }
  const goal = SLOTS.length * all.length
  proof.figure({ name: 'workflows carried out, at 1, 4, 16 and 64 slots', value: runs, goal })
  proof.figure({ name: 'their tasks', value: tasks, goal: SLOTS.length * tasksOf(all) })
}

function failingJob({ row, workflow }: Measured, draw: number): Job {
  const ids = workflow.tasks.map(({ id }) => id)
  const failing = new Set(someOf(ids, `${SEED} ${row.planFile} fails ${draw}`, 1 + (draw % 3)))
  return jobOf(workflow, { maxParallel: 4, effects: 'mixed', failing })
}

/** The runtime that ships does the same, event for event, on both stores in turn. Answers with what the core alone has done. */
async function inRuntime(all: readonly Measured[]): Promise<ReadonlyMap<Measured, Played>> {
  const played = new Map<Measured, Played>()
  for (const [index, measured] of all.entries()) {
    if (proof.isTimeUp()) break
    const job = failingJob(measured, 0)
    const log = await playInRuntime(job, index % 2 === 0 ? 'memory' : 'sqlite')
    report(`${measured.row.planFile} in the runtime`, () => {
      const alone = play(job)
      played.set(measured, alone)
      const difference = differenceOf(alone.log, log)
      return difference === null ? [] : [`the runtime and the core alone part at ${difference}`]
    })
  }
  proof.figure({
    name: 'workflows in the runtime, on both stores in turn, event for event as by the core alone',
    value: played.size,
    goal: all.length,
  })
  return played
}

/** A worker dies after every event of workflows of up to so many tasks, known to be dead or not, with and without failures. */
function sweeps(all: readonly Measured[]): void {
  const most = proof.pick({ small: 45, night: 160 })
  const foldEvery = proof.pick({ small: 5, night: 1 })
  const swept = all.filter(({ row }) => row.tasks <= most)
  let died = 0
  let possible = 0
  for (const measured of swept) {
    for (const job of [jobOf(measured.workflow, { maxParallel: 4, effects: 'mixed' }), failingJob(measured, 1)]) {
      const whole = play(job)
      const places = cutsOf(whole)
      possible += places.length
      for (const cut of places) {
        if (proof.isTimeUp()) break
        die(measured, { job, whole, cuts: [cut], isKnownDead: cut % 2 === 0, isFolded: cut % foldEvery === 0 })
        died += 1
      }
    }
  }
  proof.figure({
    name: `deaths at every event of the ${swept.length} workflows of up to ${most} tasks`,
    value: died,
    goal: possible,
  })
}

/** By a seed, in every workflow: which tasks fail, and after which events two workers die, one after the other. */
function draws(all: readonly Measured[], first: ReadonlyMap<Measured, Played>): void {
  const each = proof.pick({ small: 1, night: 40 })
  const done = { failures: 0, unreachable: 0, deaths: 0 }
  for (let draw = 0; draw < each; draw += 1) {
    for (const measured of all) {
      if (proof.isTimeUp()) break
      const { row, workflow } = measured
      const job = failingJob(measured, draw)
      const whole = (draw === 0 ? first.get(measured) : undefined) ?? play(job)
      report(`${row.planFile}, where ${[...job.failing].join()} fails`, () => {
        return [...problemsOfRun(job, whole), ...problemsOfFold(whole)]
      })
      done.failures += 1
      done.unreachable += workflow.tasks.length - readLog(whole.log).begun.size
      const cuts = someOf(cutsOf(whole), `${SEED} ${row.planFile} dies ${draw}`, 2).toSorted(
        (one, other) => one - other,
      )
      die(measured, { job, whole, cuts, isKnownDead: draw % 2 === 0 })
      done.deaths += cuts.length
    }
  }
  const { failures, unreachable, deaths } = done
  proof.figure({ name: 'workflows with tasks that fail', value: failures, goal: each * all.length })
  proof.figure({ name: 'tasks made unreachable, each by exactly the failures before it', value: unreachable })
  proof.figure({ name: 'deaths of two workers, one after the other', value: deaths, goal: 2 * each * all.length })
}

/** Places at which a worker may die. */
function cutsOf({ log }: Played): readonly number[] {
  const { first, last } = placesOf(log)
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
}

type Deaths = CrashOptions & Pick<Crashes, 'cuts' | 'isFolded'> & { readonly job: Job; readonly whole: Played }

function die({ row }: Measured, deaths: Deaths): void {
  report(`${row.planFile}, where workers die after event ${deaths.cuts.join(' and ')}`, () => problemsOfDeaths(deaths))
}

/** Each worker goes on where the one before it has died; the second dies at the same place of what is then the log. */
function problemsOfDeaths({ job, whole, cuts, isFolded = true, ...options }: Deaths): readonly string[] {
  let played = whole
  for (const [index, cut] of cuts.entries())
    played = playOn(job, { log: played.log, cut, seed: SEED, fence: index + 1 }, options)
  return problemsOfCrashes(job, { cuts, seed: SEED, isFolded }, played)
}

/** Within the first workflows in which anything of the kind can show. */
function catchPlant(all: readonly Measured[], { bug, core, shows, when }: Plant): void {
  let tries = 0
  for (const measured of all.filter(({ row }) => row.tasks >= 20).slice(0, 12)) {
    const job =
      when === 'a task fails' ? failingJob(measured, 1) : jobOf(measured.workflow, { maxParallel: 4, effects: 'mixed' })
    const whole = play(job)
    const cuts = when === 'a worker dies' ? someOf(cutsOf(whole), `${SEED} ${bug}`, 4) : [null]
    for (const cut of cuts) {
      tries += 1
      const found = attempt(() => {
        if (cut !== null) return problemsOfDeaths({ job, whole, cuts: [cut], core, isKnownDead: true })
        const played = play(job, { core })
        return [
          ...problemsOfRun(job, played),
          ...(when === 'always' ? problemsOfSchedule(job, measured.row, readLog(played.log)) : []),
        ]
      })
      const problem = found.find((each) => shows.test(each))
      if (problem === undefined) continue
      proof.caught({ bug, by: problem, tries, of: 'cases' })
      return proof.pass()
    }
  }
  proof.fail(`planted: ${bug}: nothing was noticed in ${tries} cases`)
}

function attempt(problems: () => readonly string[]): readonly string[] {
  try {
    return problems()
  } catch (problem) {
    return [String(problem)]
  }
}

function report(name: string, problems: () => readonly string[]): void {
  const found = attempt(problems)
  if (found.length === 0) proof.pass()
  else
    proof.fail(
      `${name}: ${found.slice(0, LINES).join('; ')}${found.length > LINES ? `; and ${found.length - LINES} more` : ''}`,
    )
}

function tasksOf(all: readonly Measured[]): number {
  return all.reduce((sum, { workflow }) => sum + workflow.tasks.length, 0)
}

function tell(all: readonly Measured[]): void {
  proof.figure({ name: 'workflows', value: all.length, goal: 60 })
  proof.figure({ name: 'tasks', value: tasksOf(all), goal: 24_336 })
  proof.notTested('Tasks with a loop of their own, and replans: the simulation draws those.')
  proof.notTested('Commits that are cut in two: a death here is after an event, which is finer than a store allows.')
}
