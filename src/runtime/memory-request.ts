/** Requests of memory: what a result says, what of the facts and of the turns is worth keeping. */
import {
  compressPrompt,
  compressSchema,
  entriesOf,
  isExecuting,
  type Json,
  MAX_SHOWN_CHARACTERS,
  type MemoryPrompt,
  type MemoryPurpose,
  patchSchema,
  planViewOf,
  processPrompt,
  renderEntry,
  renderPlan,
  requestText,
  type State,
  summaryPrompt,
  summarySchema,
  type TaskState,
} from '../core/index.ts'
import type { ModelOutput } from '../ports/index.ts'
import type { Agent } from './define.ts'
import type { Role } from './define-planning.ts'
import { type Asked, forRole, gone, type TaskRequest } from './role-request.ts'

type Asking = { readonly task: TaskState; readonly asked: Asked; readonly output: Json }

/** @throws ModelRequestError `no_processor`, `no_compressor` or `no_summarizer`: a deploy has taken away whoever was to be asked. */
export function memoryRequest(agent: Agent, state: State, { task, asked, output }: Asking): TaskRequest {
  const about = task.model?.about ?? null
  if (about === null) throw gone('aborted', 'what it was about is gone')
  const role = roleFor(agent, about.type)
  switch (about.type) {
    case 'process':
      return {
        ...forRole(state, { role, asked, ...patchPrompt(agent, state, { about, output }) }),
        output: patchOutput(state),
      }
    case 'compress': {
      const fold = about.keys.flatMap((key) => state.facts.get(key) ?? [])
      const prompt = compressPrompt(requestText(state), fold)
      return { ...forRole(state, { role, asked, ...prompt }), output: answerOf('points', compressSchema()) }
    }
    case 'summarize': {
      const prompt = historyPrompt(state, task, about.throughSeq)
      return { ...forRole(state, { role, asked, ...prompt }), output: answerOf('summary', summarySchema()) }
    }
  }
}

function roleFor({ name, memory }: Agent, purpose: MemoryPurpose): Role {
  const { processorRole, compressor, summarizer } = memory
  const [role, word] = {
    process: [processorRole, 'processor'] as const,
    compress: [compressor, 'compressor'] as const,
    summarize: [summarizer, 'summarizer'] as const,
  }[purpose]
  if (role === null) throw gone(`no_${word}`, `agent ${name} has no ${word} any more`)
  return role
}

function answerOf(name: string, schema: ModelOutput['schema']): ModelOutput {
  return { name, description: 'The answer, as one JSON object.', schema }
}

type Processed = { readonly about: { readonly callId: string }; readonly output: Json }

function patchPrompt({ memory }: Agent, state: State, { about, output }: Processed): MemoryPrompt {
  const call = state.calls.get(about.callId)
  const { processor } = memory
  const limits = state.memory?.facts
  if (call === undefined || limits === undefined) throw gone('aborted', 'the call that it was about is gone')
  const plan = planInForce(state)
  return processPrompt({
    goal: requestText(state),
    instructions: processor !== undefined && 'instructions' in processor ? processor.instructions : '',
    facts: state.facts,
    questions: state.questions,
    limits,
    toolOf: (callId) => state.calls.get(callId)?.tool ?? '',
    tool: call.tool,
    input: call.input,
    output,
    ...(plan !== null && { plan }),
  })
}

/** Null: none that a patch could replace. */
function planInForce(state: State): string | null {
  const view = isExecuting(state) || state.route?.route === 'plan' ? planViewOf(state) : null
  return view === null ? null : renderPlan(view) || null
}

function patchOutput(state: State): ModelOutput {
  const limits = state.memory?.facts
  if (limits === undefined) throw gone('aborted', 'the session has no working memory')
  return answerOf('patch', planInForce(state) === null ? patchSchema(limits, null) : patchSchema(limits))
}

/** What leaves the prompt, with the summary of what left it before. */
function historyPrompt(state: State, task: TaskState, throughSeq: number): MemoryPrompt {
  const left = task.compaction?.throughSeq ?? 0
  const entries = entriesOf(state, task).filter(({ seq }) => seq > left && seq <= throughSeq)
  return summaryPrompt({
    goal: requestText(state),
    previous: task.compaction?.summary ?? null,
    history: entries.flatMap((entry) => renderEntry(state, entry, null)),
    maxCharacters: MAX_SHOWN_CHARACTERS,
  })
}
