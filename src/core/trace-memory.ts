/** The rows of a trace about memory: what became of results, what left the prompt, what came back into it. */
import type { EventOf, PawlEvent } from './event.ts'
import type { FactSource } from './memory/fact.ts'
import { ROOT_TASK, type State } from './state.ts'
import type { TraceRow } from './trace.ts'
import { traceWords } from './trace-words.ts'

/** Null: the event says nothing of it, or another row says it: facts are named with the result that they come from. */
export function memoryRow(state: State, event: PawlEvent): TraceRow | null {
  const { memory } = traceWords
  switch (event.type) {
    case 'result_processed':
      return processedRow(state, event)
    case 'facts_compressed': {
      const { removed, points, problem } = event
      const status = memory[`facts_compressed(${points === undefined ? 'none' : 'points'})`]
      return { ...placeOf(state, event.taskId), status, ...because(problem), removed }
    }
    case 'history_compacted':
      return compactedRow(state, event)
    case 'context_recalled': {
      const { passages, query, messageSeq } = event
      const status = memory[`context_recalled(${passages.length === 0 ? 'none' : 'found'})`]
      const from = passages.length === 0 ? {} : { from: passages.map(({ seq }) => seq) }
      return { ...placeOf(state, event.taskId), status, query, messageSeq, ...from }
    }
    case 'question_opened': {
      const { questionId, text: question, trust, source } = event
      return {
        ...ofSource(state, source),
        status: memory.question_opened,
        questionId,
        question,
        ...marked(trust),
      }
    }
    case 'question_answered': {
      const { questionId, answer, trust, source } = event
      return {
        ...ofSource(state, source),
        status: memory.question_answered,
        questionId,
        answer,
        ...marked(trust),
      }
    }
    default:
      return null
  }
}

type Place = Pick<TraceRow, 'step' | 'kind' | 'task'>

/** In the turn of the loop whose prompt it is about. */
function placeOf({ tasks }: State, taskId: string = ROOT_TASK): Place {
  const step = tasks.get(taskId)?.turn ?? 0
  return { step, kind: 'memory_transition', ...(taskId !== ROOT_TASK && { task: taskId }) }
}

/** With the result that it comes from. */
function ofSource(state: State, { taskId, callId }: FactSource): Place {
  const place = placeOf(state, taskId)
  return { ...place, step: state.calls.get(callId ?? '')?.turn ?? place.step }
}

function processedRow(state: State, event: EventOf<'result_processed'>): TraceRow | null {
  const { callId, noted, ignored = [], problem } = event
  const call = state.calls.get(callId)
  if (call === undefined) return null
  const stands = problem !== undefined ? 'problem' : noted.length === 0 ? 'empty' : 'noted'
  return {
    ...placeOf(state, call.taskId),
    // In the turn of the call, whose result it was.
    step: call.turn,
    tool: call.tool,
    status: traceWords.memory[`result_processed(${stands})`],
    ...because(problem),
    ...(noted.length > 0 && { noted }),
    ...(ignored.length > 0 && { ignored: ignored.map(({ code, name }) => (name === '' ? code : `${code}: ${name}`)) }),
  }
}

function compactedRow(state: State, event: EventOf<'history_compacted'>): TraceRow {
  const { taskId, strategy, throughSeq, cutCharacters, tokensBefore, tokensAfter, problem } = event
  const stands = strategy === 'summarize' ? 'summary' : cutCharacters === undefined ? 'none' : 'cut'
  return {
    ...placeOf(state, taskId),
    status: traceWords.memory[`history_compacted(${stands})`],
    ...because(problem),
    // 0: every turn is still there, cut.
    ...(throughSeq > 0 && { throughSeq }),
    ...(cutCharacters !== undefined && { cutCharacters }),
    tokensBefore,
    tokensAfter,
  }
}

function because(problem: string | undefined): { readonly reason?: string } {
  return problem === undefined ? {} : { reason: problem }
}

function marked(trust: string): { readonly trust?: string } {
  return trust === 'external' ? { trust } : {}
}
