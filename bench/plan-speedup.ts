/** Plans under a virtual clock against the same work one task after the other; no time but that of the clock is measured, except where it says so. */
import { type Job, jobOf } from '../test/plans/job.ts'
import { makespanOf, readLog } from '../test/plans/reading.ts'
import { play } from '../test/plans/virtual-clock.ts'
import { type Row, readWorkflow, type Workflow, workflowRows } from '../test/plans/workflow.ts'
import { atLeast, atMost, type Benchmark, type Finding } from './run/finding.ts'
import { median } from './run/statistics.ts'
import { shown } from './run/table.ts'

const SLOTS = [4, 16, 64] as const

export const planSpeedup: Benchmark = async (size) => [
  ...fanOuts(),
  ...workflows(workflowRows() ?? [], size === 'full'),
  ...costs(size === 'full' ? 7 : 3),
]

/** `formula`: what no scheduler can be faster than, work / max(critical path, work / P). */
type Speedup = { readonly found: number; readonly formula: number }

function speedupOf(job: Job, { workMs, criticalPathMs }: Pick<Row, 'workMs' | 'criticalPathMs'>): Speedup {
  const makespanMs = makespanOf(readLog(play(job).log))
  return { found: workMs / makespanMs, formula: workMs / Math.max(criticalPathMs, workMs / job.maxParallel) }
}

const SPLIT_MS = 1_000
const PART_MS = 10_000
const MERGE_MS = 1_000

/** One task, so many that need it, and one that needs these: in as many slots, and in the 3 of the defaults. */
function fanOuts(): readonly Finding[] {
  return [2, 3, 4, 5, 6, 7, 8].map((width): Finding => {
    const work = { workMs: SPLIT_MS + width * PART_MS + MERGE_MS, criticalPathMs: SPLIT_MS + PART_MS + MERGE_MS }
    const in3 = speedupOf(jobOf(fanOut(width), { maxParallel: 3 }), work)
    const all = speedupOf(jobOf(fanOut(width), { maxParallel: width }), work)
    return {
      name: `a fan-out of ${width}, in ${width} slots`,
      unit: 'x',
      value: all.found,
      goal: atLeast(all.formula),
      note: `the formula says ${shown(all.formula)}; in 3 slots ${shown(in3.found)} of ${shown(in3.formula)}`,
    }
  })
}

function fanOut(width: number): Workflow {
  const parts = Array.from({ length: width }, (_, index) => `part_${index}`)
  const task = (id: string, runtimeMs: number, dependsOn: readonly string[]) => ({ id, name: id, dependsOn, runtimeMs })
  return {
    id: `fan-out of ${width}`,
    tasks: [
      task('split', SPLIT_MS, []),
      ...parts.map((id) => task(id, PART_MS, ['split'])),
      task('merge', MERGE_MS, parts),
    ],
  }
}

type Measured = { readonly row: Row; readonly speedups: readonly Speedup[] }

/** Of each kind of workflow the median, or every workflow by itself. */
function workflows(rows: readonly Row[], isEach: boolean): readonly Finding[] {
  const measured = rows.map((row): Measured => {
    const workflow = readWorkflow(row)
    return { row, speedups: SLOTS.map((maxParallel) => speedupOf(jobOf(workflow, { maxParallel }), row)) }
  })
  const groups = Map.groupBy(measured, ({ row }) => (isEach ? row.planFile.replace(/\.json\.gz$/, '') : row.app))
  return [
    ...SLOTS.flatMap((slots, index) => (measured.length === 0 ? [] : [share(measured, slots, index)])),
    ...[...groups].map(([name, group]) => finding(name, group)),
  ]
}

function share(measured: readonly Measured[], slots: number, index: number): Finding {
  const shares = measured.map(({ speedups }) => (speedups[index]?.found ?? 0) / (speedups[index]?.formula ?? 1))
  const reached = shares.filter((each) => each > 0.999).length
  return {
    name: `least share of the formula reached, ${measured.length} real workflows in ${slots} slots`,
    unit: 'x',
    value: Math.min(...shares),
    // Graham's bound holds for every schedule that leaves no slot empty while a task is ready: never under half.
    goal: atLeast(0.5),
    note: `the worst of them; the median ${shown(median(shares))}, ${reached} reach all of it`,
  }
}

function finding(name: string, group: readonly Measured[]): Finding {
  const of = (index: number, side: keyof Speedup) => median(group.map(({ speedups }) => speedups[index]?.[side] ?? 0))
  const tasks = group.map(({ row }) => row.tasks)
  const counted = `${group.length > 1 ? `${group.length} workflows of ` : ''}${Math.min(...tasks)}${group.length > 1 ? ` to ${Math.max(...tasks)}` : ''} tasks`
  const said = SLOTS.map(
    (slots, index) => `${slots} slots ${shown(of(index, 'found'))} of ${shown(of(index, 'formula'))}`,
  )
  return {
    name: `${name}, in 16 slots`,
    unit: 'x',
    value: of(1, 'found'),
    goal: null,
    note: `${said.join(', ')}; ${counted}`,
  }
}

const FEW = 1_000
const MANY = 8_000

/** Real time: what the core alone takes for a task, where all go well and where all fail for good. */
function costs(rounds: number): readonly Finding[] {
  return ['completes', 'fails'].map((kind): Finding => {
    const measured = Array.from({ length: rounds + 1 }, () => {
      const few = Array.from({ length: MANY / FEW }, () => usPerTask(FEW, kind))
      return { few: median(few), many: usPerTask(MANY, kind) }
    }).slice(1)
    return {
      name: `a task that ${kind}, of ${shown(MANY)} side by side against ${shown(FEW)}`,
      unit: 'x',
      value: median(measured.map(({ few, many }) => many / few)),
      goal: atMost(1.5),
      note: `core alone, ${shown(median(measured.map(({ many }) => many)))} against ${shown(median(measured.map(({ few }) => few)))} µs`,
    }
  })
}

function usPerTask(count: number, kind: string): number {
  const ids = Array.from({ length: count }, (_, index) => `t${index}`)
  const tasks = ids.map((id, index) => ({ id, name: id, dependsOn: [], runtimeMs: 10 + (index % 7) }))
  const job = jobOf({ id: kind, tasks }, { maxParallel: 4, failing: new Set(kind === 'fails' ? ids : []) })
  globalThis.gc?.()
  const before = performance.now()
  play(job)
  return ((performance.now() - before) * 1_000) / count
}
