/** What the tasks that go on want, each by itself. */
import type { Moment, OpenAnswer } from './answer.ts'
import { nextOfTurn } from './next-turn.ts'
import { nextOfPart } from './plan/next-part.ts'
import { activeTasks, ROOT_TASK, type State } from './state.ts'

export function nextOfTasks(state: State, moment: Moment, answer: OpenAnswer): void {
  for (const task of activeTasks(state)) {
    if (task.taskId === ROOT_TASK) nextOfTurn(state, moment, { answer, task })
    else nextOfPart(state, moment, { answer, task })
  }
}
