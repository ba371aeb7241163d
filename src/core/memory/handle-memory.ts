/** What came of memory's own requests and actions: doubted here, and put into events. */
import type { CommandOf, ModelReport } from '../command.ts'
import type { EventOf, PawlEvent } from '../event.ts'
import { accepted, type Handled, nothing } from '../handled.ts'
import type { Json } from '../json.ts'
import type { CallState, State, TaskState } from '../state.ts'
import { readStructured } from '../structured.ts'
import type { MemoryAbout } from './about.ts'
import { summaryCharacters } from './compaction.ts'
import { dropped, readPoints } from './compress-facts.ts'
import type { Fact } from './fact.ts'
import { isForProcessor } from './for-processor.ts'
import { newestMessageSeq } from './history.ts'
import { tokensOf } from './history-size.ts'
import { labelsOfFacts, trustOfHistory, withRequest } from './labels.ts'
import { patchedBy } from './patched-by.ts'
import { readSummary } from './summarize-prompt.ts'

type Responded = Extract<ModelReport, { type: 'responded' }>

/** As deep as a plan's inputs may be, and no larger than an event. */
const ANSWER_LIMITS = { maxDepth: 64, maxBytes: 262_144 }

/** A model has answered a request of memory: what cannot be used is given up, and the turn goes on. */
export function memoryResponded(state: State, task: TaskState, report: Responded): Handled {
  const { taskId, turn, model } = task
  const { type: _, ...responded } = report
  const said = { type: 'model_responded', taskId, turn, attempt: model?.attempt ?? 0, ...responded } as const
  const about = model?.about ?? null
  if (about === null) return accepted(said)
  const answer = readStructured(report.response, ANSWER_LIMITS)
  if (answer.type === 'problem')
    return accepted(said, ...withoutAnswer(state, task, { about, problem: answer.message }))
  return accepted(said, ...answered(state, task, { about, value: answer.value }))
}

/** The last attempt has failed. */
export function memoryFailed(state: State, task: TaskState, problem: string): readonly PawlEvent[] {
  const about = task.model?.about ?? null
  return about === null ? [] : withoutAnswer(state, task, { about, problem })
}

type Answered = { readonly about: MemoryAbout; readonly value: Json }

function answered(state: State, task: TaskState, { about, value }: Answered): readonly PawlEvent[] {
  switch (about.type) {
    case 'process': {
      const call = state.calls.get(about.callId)
      return call === undefined ? [] : patchedBy(state, call, value)
    }
    case 'compress': {
      const read = readPoints(value)
      if (read.type === 'problem') return withoutAnswer(state, task, { about, problem: read.message })
      const { taskId } = task
      const folded = foldedFacts(state, task, about.keys)
      const removed = folded.map(({ key }) => key)
      return [
        {
          type: 'facts_compressed',
          taskId,
          removed,
          points: read.points,
          ...withRequest(state, labelsOfFacts(folded)),
        },
      ]
    }
    case 'summarize': {
      const read = readSummary(value)
      if (read.type === 'problem') return withoutAnswer(state, task, { about, problem: read.message })
      const { summary } = read
      const trust = trustOfHistory(state, task, about.throughSeq)
      return [{ ...compacted(about, task, summary), strategy: 'summarize', summary, trust }]
    }
  }
}

/** Noted again meanwhile, a fact is another one, which the points do not know. */
function foldedFacts({ facts }: State, { model }: TaskState, keys: readonly string[]): readonly Fact[] {
  return keys.flatMap((key) => {
    const fact = facts.get(key)
    return fact === undefined || fact.seq > (model?.contextSeq ?? 0) ? [] : [fact]
  })
}

type Without = { readonly about: MemoryAbout; readonly problem: string | null }

/** Nothing came that could be used, or nobody is to be asked. */
export function withoutAnswer(state: State, task: TaskState, { about, problem }: Without): readonly PawlEvent[] {
  const why = problem === null ? {} : { problem }
  switch (about.type) {
    case 'process': {
      const { callId, attempt } = about
      return [{ type: 'result_processed', callId, attempt, noted: [], problem: problem ?? 'nobody was asked' }]
    }
    case 'compress': {
      const { facts } = state.memory ?? {}
      const removed = facts === undefined ? [] : dropped(state.facts, facts)
      return [{ type: 'facts_compressed', taskId: task.taskId, removed, ...why }]
    }
    case 'summarize':
      return [{ ...compacted(about, task, task.compaction?.summary ?? null), strategy: 'window', ...why }]
  }
}

type Compacted = Omit<EventOf<'history_compacted'>, 'strategy'>

type Summarized = Extract<MemoryAbout, { type: 'summarize' }>

/** `summary`: that stands in the prompt from now on. */
function compacted(about: Summarized, { taskId }: TaskState, summary: string | null): Compacted {
  const { throughSeq, cutCharacters, tokensBefore, tokensAfter } = about
  return {
    type: 'history_compacted',
    taskId,
    throughSeq,
    ...(cutCharacters !== null && { cutCharacters }),
    tokensBefore,
    tokensAfter: tokensAfter + tokensOf(summaryCharacters(summary?.length ?? 0)),
  }
}

/** No turn follows that could read what is noted. */
function isEnding({ ended, cancel }: State): boolean {
  return ended !== null || cancel !== null
}

/** What a processor that is a function has made of a result. */
export function recordPatch(state: State, command: CommandOf<'record_patch'>): Handled {
  const { callId, attempt, patch, problem } = command
  if (isEnding(state)) return nothing
  const call = state.calls.get(callId)
  if (call === undefined || call.attempt !== attempt || !isWaitedFor(state, call)) return nothing
  if (problem !== undefined) return accepted({ type: 'result_processed', callId, attempt, noted: [], problem })
  return accepted(...patchedBy(state, call, patch ?? {}))
}

function isWaitedFor(state: State, call: CallState): boolean {
  const task = state.tasks.get(call.taskId)
  if (task === undefined || !task.callIds.includes(call.callId) || !isForProcessor(state, call)) return false
  return task.phase === 'decide' || (task.isCall && task.phase === 'answered')
}

/** What was found of the history that has left the prompt. */
export function recordRecall(state: State, command: CommandOf<'record_recall'>): Handled {
  const { type: _, ...recalled } = command
  if (isEnding(state)) return nothing
  const task = state.tasks.get(command.taskId)
  const isWanted =
    task?.phase === 'decide' &&
    task.compaction?.throughSeq === command.throughSeq &&
    newestMessageSeq(state, task) === command.messageSeq
  return isWanted ? accepted({ type: 'context_recalled', ...recalled }) : nothing
}
