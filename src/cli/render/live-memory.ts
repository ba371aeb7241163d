/** What happens to a session's memory, as it goes. */
import type { EventOf, MemoryEventTable } from '../../core/index.ts'
import { marks, type Style } from '../style.ts'
import { oneLine } from './text.ts'
import { count } from './units.ts'

type Context = { readonly style: Style }
type Lines = { readonly [K in keyof MemoryEventTable]: (event: EventOf<K>, context: Context) => readonly string[] }

export const memoryLines: Lines = {
  result_processed: ({ callId, noted, problem, ignored = [] }, { style }) => {
    if (problem !== undefined)
      return [`  ${style.yellow(marks.bad)} ${callId} could not be put into memory ${style.dim(oneLine(problem))}`]
    const said = noted.length === 0 ? 'nothing to note' : `noted ${noted.map(oneLine).join(', ')}`
    return [
      style.dim(`  ${marks.note} ${said} ${callId}`),
      ...ignored.map(({ message }) => style.dim(`    ${marks.warn} ${oneLine(message)}`)),
    ]
  },
  // Named with the result that they come from.
  fact_noted: () => [],
  facts_compressed: ({ removed, points, problem }, { style }) => {
    const what = points === undefined ? 'dropped' : 'put together'
    const why = problem === undefined ? '' : ` · ${oneLine(problem)}`
    return [style.dim(`  ${marks.note} ${removed.length} facts ${what}${why}`)]
  },
  history_compacted: ({ summary, tokensBefore, tokensAfter, problem }, { style }) => {
    const what = summary === undefined ? 'older turns left the prompt' : 'older turns were summed up'
    const why = problem === undefined ? '' : ` · ${oneLine(problem)}`
    return [style.dim(`  ${marks.note} ${what} · ${count(tokensBefore)} → ${count(tokensAfter)} tokens${why}`)]
  },
  context_recalled: ({ passages }, { style }) => [
    style.dim(
      `  ${marks.note} recalled ${passages.length} passage${passages.length === 1 ? '' : 's'} of earlier turns`,
    ),
  ],
  question_opened: ({ questionId, text }, { style }) => [style.dim(`  ${marks.note} ${questionId} ${oneLine(text)}`)],
  question_answered: ({ questionId, answer }, { style }) => [
    style.dim(`  ${marks.note} ${questionId} answered: ${oneLine(answer)}`),
  ],
}
