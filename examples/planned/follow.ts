/** Tells a session that carries a plan out, task by task, until it rests. */
import type { PawlEvent, Result, Runtime } from 'pawl'

/** What stands in the log already is told first: after a crash, what was done before it. */
export async function follow(runtime: Runtime, session: { readonly sessionId: string }): Promise<Result> {
  for await (const item of runtime.watch(session, { until: 'rest' })) {
    const line = item.type === 'event' ? lineOf(item.event) : null
    if (line !== null) console.log(line)
  }
  return runtime.result(session)
}

/** Null: nothing that is told. */
function lineOf(event: PawlEvent): string | null {
  switch (event.type) {
    case 'plan_adopted':
      return `plan    version ${event.version} is in force`
    case 'task_started':
      return `  ▸     ${event.taskId}${event.elements === undefined ? '' : `, once for each of ${event.elements} elements`}`
    case 'task_finished':
      return `  ✓     ${event.taskId}${event.status === 'completed' ? '' : ` was ${event.status}`}`
    case 'task_failed':
      return `  ✗     ${event.taskId}: ${event.message}`
    case 'call_lost':
      return `  !     ${event.callId} was lost with its process`
    case 'session_parked':
      return `waits   for people: ${event.reason}`
    default:
      return null
  }
}
