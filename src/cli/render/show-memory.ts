/** What a session remembers, as `pawl show` has it: facts, questions, artifacts, and what has left its prompts. */
import { byPlace, type Fact, type FactSource, type OpenQuestion, type State } from '../../core/index.ts'
import { marks } from '../style.ts'
import { artifactLines, leftLines, withArtifacts } from './show-left.ts'
import { fromOutside, heading, INDENT, type MemoryLook } from './show-section.ts'
import { table } from './table.ts'
import { oneLine, shortJson } from './text.ts'

/** The same for machines. */
export function memoryOf(state: State): object {
  const { questions, tasks } = state
  return {
    facts: factsOf(state),
    questions: [...questions.values()],
    artifacts: withArtifacts(state).map(({ callId, taskId, tool, artifact }) => ({
      callId,
      taskId,
      tool,
      ...artifact,
    })),
    compactions: [...tasks.values()].flatMap(({ taskId, compaction }) =>
      compaction === null ? [] : [{ taskId, ...compaction }],
    ),
  }
}

/** A section for each of them that there is; empty: there is none. */
export function renderMemory(state: State, look: MemoryLook): readonly string[] {
  const sections = [
    factLines(state, look),
    questionLines(state, look),
    artifactLines(state, look),
    leftLines(state, look),
  ]
  return sections.flatMap((lines) => (lines.length === 0 ? [] : ['', ...lines]))
}

/** As they stand in a prompt. */
function factsOf({ facts }: State): readonly Fact[] {
  return [...facts.values()].toSorted(byPlace)
}

function factLines(state: State, look: MemoryLook): readonly string[] {
  const { style, width } = look
  const facts = factsOf(state)
  if (facts.length === 0) return []
  const most = state.memory === null ? '' : ` of ${state.memory.facts.maxFacts}`
  const cells = facts.map(({ key, value, kind, source, confidence, trust }) => [
    oneLine(key),
    `${fromOutside(trust)}${shortJson(value)}`,
    kind === 'fact' ? '' : kind,
    sourceOf(state, source),
    confidence < 1 ? String(confidence) : '',
  ])
  return [
    heading(look, 'facts', `${facts.length}${most}`),
    ...table(
      [
        { title: 'key', paint: style.bold },
        { title: 'value', flexible: true },
        { title: 'kind', paint: style.cyan },
        { title: 'from', paint: style.dim },
        { title: 'sure', align: 'right' },
      ],
      cells,
      { width, indent: INDENT, title: style.dim },
    ),
  ]
}

function sourceOf({ calls }: State, { kind, callId }: FactSource): string {
  if (kind === 'compression') return 'older facts'
  const tool = calls.get(callId ?? '')?.tool
  const of = callId === undefined ? '' : ` (${callId})`
  if (kind === 'person') return `a person${of}`
  return tool === undefined ? 'a tool' : `${oneLine(tool)}${of}`
}

function questionLines(state: State, look: MemoryLook): readonly string[] {
  const { style, width } = look
  const questions = [...state.questions.values()]
  if (questions.length === 0) return []
  const open = questions.filter(({ answer }) => answer === null).length
  const cells = questions.map((question) => [
    question.answer === null ? marks.unknown : marks.ok,
    question.questionId,
    said(question),
    sourceOf(state, question.source),
  ])
  const isOpen = (row: number) => questions[row]?.answer === null
  return [
    heading(look, 'questions', `${open} open of ${questions.length}`),
    ...table(
      [
        { title: '', paint: (text, row) => (isOpen(row) ? style.yellow(text) : style.green(text)) },
        { title: '', paint: style.bold },
        { title: 'question', flexible: true },
        { title: 'from', paint: style.dim },
      ],
      cells,
      { width, indent: INDENT, title: style.dim },
    ),
  ]
}

function said({ text, answer, trust }: OpenQuestion): string {
  const asked = `${fromOutside(trust)}${oneLine(text)}`
  return answer === null ? asked : `${asked} → ${oneLine(answer)}`
}
