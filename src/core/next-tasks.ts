/** What the tasks that go on want, each by itself. */
import type { Moment, OpenAnswer } from './answer.ts'
import { nextOfTurn } from './next-turn.ts'
import { nextOfPart } from './plan/next-part.ts'
import { withoutSlot } from './plan/slots.ts'
import { activeTasks, ROOT_TASK, type State, type TaskState } from './state.ts'

export function nextOfTasks(state: State, moment: Moment, answer: OpenAnswer): void {
  const tasks = activeTasks(state)
  // What was lost is said first: the time before it was spent dead, and no intent stands behind it.
  const lost = tasks.filter((task) => isLost(state, moment, task))
  const waiting = withoutSlot(state, tasks)
  for (const task of lost.length === 0 ? tasks : [...lost, ...tasks.filter((task) => !lost.includes(task))]) {
    if (waiting.has(task)) continue
    if (task.taskId === ROOT_TASK) nextOfTurn(state, moment, { answer, task })
    else nextOfPart(state, moment, { answer, task })
  }
}

/** A request or a call of its was begun under a fence that is gone. */
function isLost({ calls }: State, { fence }: Moment, { phase, model, open }: TaskState): boolean {
  if (phase === 'deciding') return model !== null && model.fence < fence
  return open.some((callId) => {
    const call = calls.get(callId)
    return call?.status === 'started' && call.fence < fence
  })
}
