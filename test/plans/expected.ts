/** What has to come of a workflow, worked out from its data alone. Shares no code with the plans of the core. */
import { resultFor, type Workflow, type WorkflowTask } from './workflow.ts'

export type ExpectedTask =
  | { readonly status: 'completed'; readonly result: number }
  | { readonly status: 'failed' }
  /** `causes`: the failed tasks that it needs, however far before it. */
  | { readonly status: 'unreachable'; readonly causes: ReadonlySet<string> }

/** `failing`: tasks that fail for good whenever they run. */
export function expectedOf(workflow: Workflow, failing: ReadonlySet<string>): ReadonlyMap<string, ExpectedTask> {
  const places = new Map(workflow.tasks.map(({ id }, index) => [id, index]))
  const expected = new Map<string, ExpectedTask>()
  for (const task of inOrder(workflow)) {
    const before = task.dependsOn.map((id) => expected.get(id))
    const causes = new Set(task.dependsOn.flatMap((id) => causesOf(id, expected.get(id))))
    if (causes.size > 0) expected.set(task.id, { status: 'unreachable', causes })
    else if (failing.has(task.id)) expected.set(task.id, { status: 'failed' })
    else {
      const results = before.map((each) => (each?.status === 'completed' ? each.result : Number.NaN))
      expected.set(task.id, { status: 'completed', result: resultFor(places.get(task.id) ?? 0, results) })
    }
  }
  return expected
}

function causesOf(id: string, task: ExpectedTask | undefined): readonly string[] {
  if (task?.status === 'failed') return [id]
  return task?.status === 'unreachable' ? [...task.causes] : []
}

/** Everything after what it waits for: one round for each length of a way that leads there. */
function inOrder({ tasks }: Workflow): readonly WorkflowTask[] {
  const ordered: WorkflowTask[] = []
  const seen = new Set<string>()
  let left = tasks
  while (left.length > 0) {
    const ready = left.filter(({ dependsOn }) => dependsOn.every((id) => seen.has(id)))
    if (ready.length === 0) throw new Error('expected a workflow without a cycle')
    for (const task of ready) seen.add(task.id)
    ordered.push(...ready)
    left = left.filter(({ id }) => !seen.has(id))
  }
  return ordered
}
