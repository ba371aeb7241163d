/** What has to happen to memory before a task's next turn: results are processed, what is too long becomes shorter, what is missing is looked up. */
import type { Moment, OpenAnswer } from '../answer.ts'
import { askModel, type OfTask } from '../ask-model.ts'
import { reserve, termsOf } from '../budget.ts'
import type { PawlEvent } from '../event.ts'
import { activeTasks, type CallState, type State, type TaskState } from '../state.ts'
import type { MemoryAbout } from './about.ts'
import { compactionDue } from './compaction.ts'
import { compressionOf } from './compress-facts.ts'
import { isForProcessor } from './for-processor.ts'
import { withoutAnswer } from './handle-memory.ts'
import { newestMessageSeq } from './history.ts'
import type { MemoryTerms } from './memory-terms.ts'

type OfMemory = OfTask & { readonly memory: MemoryTerms }

/** True: the turn waits for it. */
export function nextOfMemory(state: State, moment: Moment, { answer, task }: OfTask): boolean {
  const { memory } = state
  if (memory === null) return false
  const of = { answer, task, memory }
  return (
    processResults(state, moment, of) ||
    compressFacts(state, moment, of) ||
    compactHistory(state, moment, of) ||
    recallContext(state, of)
  )
}

/**
 * Of a task that is one call: others may wait for what its result says, and a plan may have thousands of them and no loop that makes
 * shorter what they note. True: it waits for memory.
 */
export function nextOfResult(state: State, moment: Moment, { answer, task }: OfTask): boolean {
  const { memory } = state
  if (memory === null || !task.isCall) return false
  const of = { answer, task, memory }
  return processResults(state, moment, of) || compressFacts(state, moment, of)
}

function processResults(state: State, moment: Moment, { answer, task, memory }: OfMemory): boolean {
  if (memory.processor === undefined) return false
  const calls = unprocessed(state, task)
  const [first] = calls
  if (first === undefined) return false
  if (memory.processor.by === 'function')
    for (const { callId, attempt } of calls)
      answer.actions.push({ type: 'process', key: `process:${callId}:${attempt}`, callId, attempt })
  else ask(state, moment, { answer, task, about: { type: 'process', callId: first.callId, attempt: first.attempt } })
  return true
}

/** Before its next turn the prompt of a task becomes shorter than it is. */
export function maybeShorter(state: State, moment: Moment, task: TaskState): boolean {
  if (state.memory === null || task.phase !== 'decide' || task.purpose !== 'decide') return false
  const { staticTokens } = termsOf(moment, task)
  return unprocessed(state, task).length > 0 || compactionDue(state, task, staticTokens) !== null
}

/** Results of the newest turn that its processor has not seen. */
export function unprocessed(state: State, task: TaskState): readonly CallState[] {
  return task.callIds.flatMap((callId) => {
    const call = state.calls.get(callId)
    return call !== undefined && isForProcessor(state, call) ? [call] : []
  })
}

/** Tasks side by side have one memory: while one of them has it made shorter the others go on. */
function compressFacts(state: State, moment: Moment, { answer, task, memory }: OfMemory): boolean {
  const due = compressionOf(state.facts, memory.facts)
  if (due === null && task.isCall && task.purpose === 'compress') {
    // What was to be asked once more is not needed any more, and a task that is one call has no turn to go on with.
    answer.events.push(...withoutAnswer(state, task, { about: { type: 'compress', keys: [] }, problem: null }))
    return true
  }
  // A turn that is asked for once more is not put off for it.
  if (due === null || (task.purpose === 'decide' && task.attempts > 0)) return false
  const isUnderWay = (each: TaskState) => each.taskId !== task.taskId && each.purpose === 'compress'
  const isBegun = answer.events.some(
    (event) => event.type === 'facts_compressed' || (event.type === 'model_started' && event.purpose === 'compress'),
  )
  if (isBegun || activeTasks(state).some(isUnderWay)) return false
  const about = { type: 'compress', keys: due.fold.map(({ key }) => key) } as const
  if (memory.facts.hasCompressor && due.fold.length > 0) ask(state, moment, { answer, task, about })
  else answer.events.push(...withoutAnswer(state, task, { about, problem: null }))
  return true
}

function compactHistory(state: State, moment: Moment, { answer, task }: OfMemory): boolean {
  const { staticTokens } = termsOf(moment, { ...task, purpose: 'decide' })
  const due = compactionDue(state, task, staticTokens)
  if (due === null) return false
  const { strategy, ...bounds } = due
  const about = { type: 'summarize', ...bounds } as const
  if (strategy === 'summarize') ask(state, moment, { answer, task, about })
  else answer.events.push(...withoutAnswer(state, task, { about, problem: null }))
  return true
}

/** Once for each message, and again when more has left the prompt. */
function recallContext(state: State, { answer, task, memory }: OfMemory): boolean {
  const { compaction, recalled, taskId } = task
  if (memory.retrieve === undefined || compaction === null) return false
  const { throughSeq } = compaction
  const messageSeq = newestMessageSeq(state, task)
  if (recalled?.messageSeq === messageSeq && recalled.throughSeq === throughSeq) return false
  const key = `recall:${taskId}:${messageSeq}:${throughSeq}`
  answer.actions.push({ type: 'recall', key, taskId, messageSeq, throughSeq })
  return true
}

type Asking = { readonly answer: OpenAnswer; readonly task: TaskState; readonly about: MemoryAbout }

/** A request that does not fit under a cap is not worth the end of the work: it goes on without. */
function ask(state: State, moment: Moment, { answer, task, about }: Asking): void {
  const asking = { ...task, purpose: about.type }
  const reserved = reserve(state, { task: asking, terms: termsOf(moment, asking), others: answer.setAside })
  if (reserved.type === 'reserved') return askModel(state, moment, { answer, task: asking, about })
  const problem = `the budget does not allow a request: ${reserved.reason}`
  const instead: readonly PawlEvent[] = withoutAnswer(state, task, { about, problem })
  answer.events.push(...instead)
}
