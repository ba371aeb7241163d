/** What stands in no prompt of a session any more, as `pawl show` has it: outputs that are artifacts, and turns that have left. */
import { artifactId, type CallState, ROOT_TASK, type State, type TaskState } from '../../core/index.ts'
import { marks } from '../style.ts'
import { bytesShown } from './bytes.ts'
import { fromOutside, heading, INDENT, type MemoryLook } from './show-section.ts'
import { table } from './table.ts'
import { indent, oneLine, plain, shortened } from './text.ts'
import { count } from './units.ts'

/** Of a summary; the whole is there with --json. */
const MAX_SUMMARY_LINES = 12

type WithArtifact = CallState & { readonly artifact: NonNullable<CallState['artifact']> }

export function withArtifacts({ calls }: State): readonly WithArtifact[] {
  return [...calls.values()].filter((call): call is WithArtifact => call.artifact !== null)
}

export function artifactLines(state: State, look: MemoryLook): readonly string[] {
  const { style, width } = look
  const calls = withArtifacts(state)
  if (calls.length === 0) return []
  const cells = calls.map(({ artifact, tool, callId, taskId }) => [
    artifactId(artifact),
    `${oneLine(tool)} (${callId})`,
    taskId === ROOT_TASK ? '' : oneLine(taskId),
    bytesShown(artifact.bytes),
    oneLine(artifact.mediaType),
  ])
  return [
    heading(look, 'artifacts', count(calls.length)),
    ...table(
      [
        { title: 'artifact', paint: style.bold },
        { title: 'from', flexible: true },
        { title: 'task', paint: style.cyan },
        { title: 'size', align: 'right' },
        { title: 'type', paint: style.dim },
      ],
      cells,
      { width, indent: INDENT, title: style.dim },
    ),
  ]
}

/** Of each task what its prompt shows no more, with what stands in its place. */
export function leftLines(state: State, look: MemoryLook): readonly string[] {
  return [...state.tasks.values()].flatMap((task, index) => {
    const lines = taskLines(task, look)
    return index > 0 && lines.length > 0 && task.taskId !== ROOT_TASK ? ['', ...lines] : lines
  })
}

function taskLines({ taskId, compaction, recalled }: TaskState, look: MemoryLook): readonly string[] {
  if (compaction === null) return []
  const { style, textWidth } = look
  const { throughSeq, summary, trust, cutCharacters } = compaction
  const whose = taskId === ROOT_TASK ? '' : `${oneLine(taskId)} · `
  const upTo = throughSeq === 0 ? 'cut' : `up to event ${count(throughSeq)}`
  const text = `${fromOutside(trust)}${summary ?? ''}`
  const shown = summary === null ? [] : shortened(plain(text), textWidth - INDENT, MAX_SUMMARY_LINES)
  const passages = recalled === null || recalled.throughSeq !== throughSeq ? [] : recalled.passages
  return [
    heading(look, 'left the prompt', `${whose}${upTo}`),
    ...(summary === null && throughSeq > 0 ? [style.dim('  without a summary')] : []),
    ...indent(shown, INDENT),
    ...(cutCharacters === null
      ? []
      : [style.dim(`  ${marks.note} texts of over ${count(cutCharacters)} characters are shown cut`)]),
    ...passages.flatMap(({ seq, text }) =>
      shortened(`${marks.note} recalled from event ${count(seq)}: ${oneLine(text)}`, textWidth - INDENT, 2).map(
        (line, index) => style.dim(`${' '.repeat(index === 0 ? INDENT : INDENT * 2)}${line}`),
      ),
    ),
  ]
}
