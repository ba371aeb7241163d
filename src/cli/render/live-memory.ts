/** What happens to a session's memory, as it goes: quiet lines under the turn that it stands in front of or behind. */
import {
  type ArtifactRef,
  artifactId,
  type EventOf,
  isOfMemory,
  type MemoryEventTable,
  type MemoryPurpose,
  type Purpose,
  ROOT_TASK,
  type State,
  type Trust,
} from '../../core/index.ts'
import { marks, type Style } from '../style.ts'
import { bytesShown } from './bytes.ts'
import { indent, oneLine, shortened } from './text.ts'
import { count, counted } from './units.ts'

type Context = { readonly style: Style; readonly textWidth: number; readonly state: State }
type Lines = { readonly [K in keyof MemoryEventTable]: (event: EventOf<K>, context: Context) => readonly string[] }

/** Of one thing that happened. */
const MAX_LINES = 2

export const memoryLines: Lines = {
  result_processed: ({ callId, noted, problem, ignored = [] }, context) => {
    const { style, state } = context
    const call = state.calls.get(callId)
    const whose = `${taskShown(call?.taskId)}${oneLine(call?.tool ?? 'a call')} (${callId})`
    const left = ignored.flatMap(({ message }) => quiet(`${marks.warn} ${oneLine(message)}`, context, 4))
    if (problem === undefined) {
      const said = noted.length === 0 ? 'nothing to note' : `noted ${noted.map(oneLine).join(', ')}`
      return [...quiet(`${marks.note} ${whose}: ${said}`, context), ...left]
    }
    const why = quiet(oneLine(problem), context, 4)
    return [`  ${style.yellow(marks.bad)} ${whose}: its patch was refused`, ...why, ...left]
  },
  // Named with the result that they come from.
  fact_noted: () => [],
  facts_compressed: ({ taskId, removed, points, problem }, context) => {
    const what = `${counted(removed.length, 'fact')} ${points === undefined ? 'dropped' : 'put together'}`
    const which = removed.map(oneLine).join(', ')
    return quiet(`${marks.note} ${taskShown(taskId)}${what}: ${which}${because(problem)}`, context)
  },
  history_compacted: ({ taskId, throughSeq, summary, cutCharacters, tokensBefore, tokensAfter, problem }, context) => {
    const left = summary === undefined ? 'older turns left the prompt' : 'older turns were summed up'
    const cut = cutCharacters === undefined ? [] : [`texts of over ${count(cutCharacters)} characters were cut`]
    const what = [...(throughSeq > 0 ? [left] : []), ...cut].join(', ')
    const sizes = `${count(tokensBefore)} → ${count(tokensAfter)} tokens`
    return quiet(`${marks.note} ${taskShown(taskId)}${what} · ${sizes}${because(problem)}`, context)
  },
  context_recalled: ({ taskId, passages }, context) => {
    const from = passages.map(({ seq }) => seq).join(', ')
    const found =
      passages.length === 0
        ? 'nothing recalled of earlier turns'
        : `${counted(passages.length, 'passage')} of earlier turns recalled · from event ${from}`
    return quiet(`${marks.note} ${taskShown(taskId)}${found}`, context)
  },
  question_opened: ({ questionId, text, trust }, context) =>
    quiet(`${marks.unknown} ${questionId} ${fromOutside(trust)}${oneLine(text)}`, context),
  question_answered: ({ questionId, answer, trust }, context) =>
    quiet(`${marks.ok} ${questionId} ${fromOutside(trust)}${oneLine(answer)}`, context),
}

/** What a request of memory was for, in front of what it has used. */
const requested: { readonly [P in MemoryPurpose]: string } = {
  process: 'asked for a patch',
  compress: 'asked for points',
  summarize: 'asked for a summary',
}

/** `asked for points`, of a task `deps: asked for points`; null: it was no request of memory. */
export function memoryRequested(purpose: Purpose, taskId: string): string | null {
  return isOfMemory(purpose) ? `${taskShown(taskId)}${requested[purpose]}` : null
}

/** Where the whole of an output is; empty where it stands in the log. */
export function artifactLines(artifact: ArtifactRef | undefined, { style }: Pick<Context, 'style'>): readonly string[] {
  return artifact === undefined
    ? []
    : [style.dim(`    artifact ${artifactId(artifact)} · ${bytesShown(artifact.bytes)}`)]
}

function taskShown(taskId: string = ROOT_TASK): string {
  return taskId === ROOT_TASK ? '' : `${oneLine(taskId)}: `
}

function fromOutside(trust: Trust): string {
  return trust === 'external' ? '[external] ' : ''
}

function because(problem: string | undefined): string {
  return problem === undefined ? '' : ` · ${oneLine(problem)}`
}

function quiet(text: string, { style, textWidth }: Context, by = 2): readonly string[] {
  const [first = '', ...others] = shortened(text, textWidth - by - 2, MAX_LINES)
  return [...indent([first], by), ...indent(others, by + 2)].map(style.dim)
}
