/** What a turn waits for that concerns memory, and what a model is asked for. */
import { compressionOf } from './memory/compress-facts.ts'
import { newestMessageSeq } from './memory/history.ts'
import { unprocessed } from './memory/next-memory.ts'
import { ROOT_TASK, type State, type TaskState } from './state.ts'
import { nameOf, plural, row, type WhyRow } from './why-row.ts'

/** Of a request that is under way: `turn 3`, `what search (c1) has brought`. */
export function askedFor({ calls }: State, { purpose, turn, model }: TaskState): string {
  const about = model?.about ?? null
  switch (purpose) {
    case 'decide':
      return `turn ${turn}`
    case 'plan':
      return 'a plan'
    case 'route':
      return 'the way to go about it'
    case 'process': {
      const call = about?.type === 'process' ? calls.get(about.callId) : undefined
      return `what is to be noted of the result of ${call === undefined ? 'a call' : nameOf(call)}`
    }
    case 'compress':
      return about?.type === 'compress'
        ? `a shorter form of ${plural(about.keys.length, 'fact')}`
        : 'a shorter form of facts'
    case 'summarize':
      return about?.type === 'summarize'
        ? `a summary of its turns up to event ${about.throughSeq}`
        : 'a summary of its turns'
  }
}

/** What goes on in front of the next turn without a request to a model. Tasks of a plan are told with the task. */
export function memoryWork(state: State): readonly WhyRow[] {
  return [...state.tasks.values()].flatMap((task) => {
    if (task.retryAt !== null || state.plan?.running.has(task.taskId)) return []
    const step = memoryStep(state, task)
    if (step === null) return []
    const whose = task.taskId === ROOT_TASK ? '' : ` of ${task.taskId}`
    return [row('memory', `The next turn${whose} waits for ${step}.`)]
  })
}

/** Null: nothing of that; the turn itself is due. */
export function memoryStep(state: State, task: TaskState): string | null {
  const { memory } = state
  if (memory === null || state.cancel !== null || state.ended !== null) return null
  // Of a task that is one call, others may wait for what its result says.
  if (task.phase !== 'decide' && !(task.isCall && task.phase === 'answered')) return null
  if (memory.processor !== undefined) {
    const calls = unprocessed(state, task)
    if (calls.length > 0) return `its processor, which reads ${calls.map(nameOf).join(', ')}`
  }
  if (compressionOf(state.facts, memory.facts) !== null)
    return `its facts to become fewer: they are ${state.facts.size}, and at most ${memory.facts.maxFacts} are kept`
  if (task.isCall) return null
  return isToRecall(state, task) ? 'passages that are looked up in the turns that have left its prompt' : null
}

function isToRecall(state: State, task: TaskState): boolean {
  const { compaction, recalled } = task
  if (state.memory?.retrieve === undefined || compaction === null) return false
  return recalled?.messageSeq !== newestMessageSeq(state, task) || recalled.throughSeq !== compaction.throughSeq
}
