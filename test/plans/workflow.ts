/** Real executions of workflows, measured by others (WfInstances), and plans of ours made of them. */
import type { EffectClass, Json, PlanTask, ProposedPlan } from 'pawl/core'
import { dataFolder, readJsonFile } from '../worlds/data-files.ts'

export type WorkflowTask = {
  readonly id: string
  readonly name: string
  readonly dependsOn: readonly string[]
  readonly runtimeMs: number
}
export type Workflow = { readonly id: string; readonly tasks: readonly WorkflowTask[] }

/** `lower`, `upperGraham`: between them lies the makespan of every scheduler that leaves no slot empty while a task is ready (Graham 1969). */
type Bounds = {
  readonly lower: number
  readonly upperGraham: number
  /** What a list scheduler that goes by the longest way takes, as others have computed it. */
  readonly listByCriticalPath: number
}

/** What was measured of a workflow. All times in milliseconds. */
export type Row = {
  readonly app: string
  readonly planFile: string
  readonly tasks: number
  readonly edges: number
  readonly roots: number
  readonly workMs: number
  readonly criticalPathMs: number
  readonly bounds: { readonly [slots: string]: Bounds }
}

export type Measured = { readonly row: Row; readonly workflow: Workflow }

/** Rows of all workflows, the smallest first; null: the data is not there. */
export function workflowRows(): readonly Row[] | null {
  const folder = dataFolder('wfinstances')
  if (folder === undefined) return null
  // The README beside the data says what is in them.
  const rows = readJsonFile(folder, 'index.json') as unknown as readonly Row[]
  return rows.toSorted((one, other) => one.tasks - other.tasks)
}

export function readWorkflow({ planFile }: Row): Workflow {
  // As above.
  return readJsonFile(dataFolder('wfinstances') ?? '', `plans/${planFile}`) as unknown as Workflow
}

/** What its tasks do: all of them read, or every third of them reads, writes under a key, and writes without one. */
export type Effects = 'read' | 'mixed'

export function effectOf(effects: Effects, index: number): EffectClass {
  if (effects === 'read') return 'read'
  return (['read', 'idempotent', 'unsafe'] as const)[index % 3] ?? 'read'
}

/** Names of the tools, by what they do. */
export const toolNames: Readonly<Record<EffectClass, string>> = { read: 'look', idempotent: 'put', unsafe: 'pay' }

/** Every task is one call. It is given the results of those that it waits for, so that a wrong one shows in its own. */
export function planOfWorkflow({ id, tasks }: Workflow, effects: Effects): ProposedPlan {
  return {
    goal: id,
    tasks: tasks.map(({ id: taskId, name, dependsOn, runtimeMs }, index): PlanTask => {
      const input: Json = { taskId, own: index, of: dependsOn.map(($from) => ({ $from })) }
      const tool = toolNames[effectOf(effects, index)]
      return { id: taskId, name, dependsOn, expectedMs: runtimeMs, tool, input }
    }),
  }
}

/** What a task comes to: a number of its own, and of the results that it was given, in their order. */
export function resultFor(own: number, of: readonly number[]): number {
  return of.reduce((sum, each, index) => (sum * 31 + each * (index + 1)) % 1_000_003, own + 1)
}
