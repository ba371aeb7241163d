/** Requests of memory: what a result says, what of the facts and of the turns is worth keeping. */
import {
  compressPrompt,
  compressSchema,
  entriesOf,
  isExecuting,
  type Json,
  type MemoryPrompt,
  type MemoryPurpose,
  patchSchema,
  planShownOf,
  processPrompt,
  renderEntry,
  renderPlan,
  requestText,
  type State,
  shownCharacters,
  summaryPrompt,
  summarySchema,
  type TaskState,
} from '../core/index.ts'
import type { ModelOutput } from '../ports/index.ts'
import type { Agent } from './define.ts'
import type { Role } from './define-planning.ts'
import { type Asked, forRole, gone, type Prepared } from './role-request.ts'

type Asking = { readonly task: TaskState; readonly asked: Asked }

/** @throws ModelRequestError `no_processor`, `no_compressor` or `no_summarizer`: a deploy has taken away whoever was to be asked. */
export function memoryRequest(agent: Agent, state: State, { task, asked }: Asking): Prepared {
  const about = task.model?.about ?? null
  if (about === null) throw gone('aborted', 'what it was about is gone')
  const role = roleFor(agent, about.type)
  switch (about.type) {
    case 'process': {
      const promptFor = patchPrompt(agent, state, about.callId)
      const output = patchOutput(state)
      return (result) => ({ ...forRole(state, { role, asked, ...promptFor(result) }), output })
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

/** Facts, questions and plan as they are now: while an artifact is read, other tasks may note more. */
function patchPrompt({ memory }: Agent, state: State, callId: string): (output: Json) => MemoryPrompt {
  const call = state.calls.get(callId)
  const { processor } = memory
  const limits = state.memory?.facts
  if (call === undefined || limits === undefined) throw gone('aborted', 'the call that it was about is gone')
  const { tool, input } = call
  const plan = planInForce(state)
  const known = {
    goal: requestText(state),
    instructions: processor !== undefined && 'instructions' in processor ? processor.instructions : '',
    facts: new Map(state.facts),
    questions: new Map(state.questions),
    limits,
    toolOf: (id: string) => state.calls.get(id)?.tool ?? '',
    tool,
    input,
    maxCharacters: shownCharacters(state),
    ...(plan !== null && { plan }),
  }
  return (output) => processPrompt({ ...known, output })
}

/** Null: none that a patch could replace. */
function planInForce(state: State): string | null {
  const view = isExecuting(state) || state.route?.route === 'plan' ? planShownOf(state) : null
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
    maxCharacters: shownCharacters(state),
  })
}
