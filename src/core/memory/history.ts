/** What a prompt shows of a task's turns: all that has not left it, and the message that the work is about. */
import { entriesOf, ROOT_TASK, type State, type TaskState, type TranscriptEntry } from '../state.ts'

/** In the order in which they stand in the log. Takes a step for each that is shown, however long the session is. */
export function historySince(
  state: State,
  task: TaskState,
  contextSeq: number = state.seq,
): readonly TranscriptEntry[] {
  const entries = entriesOf(state, task)
  const throughSeq = task.compaction?.throughSeq ?? 0
  let start = entries.length
  while (start > 0 && (entries[start - 1]?.seq ?? 0) > throughSeq) start -= 1
  const shown = entries.slice(start)
  return shown.at(-1) === undefined || (shown.at(-1)?.seq ?? 0) <= contextSeq
    ? shown
    : shown.filter(({ seq }) => seq <= contextSeq)
}

/** What has left it, the oldest first. */
export function historyBefore(state: State, task: TaskState, throughSeq: number): readonly TranscriptEntry[] {
  return entriesOf(state, task).filter(({ seq }) => seq <= throughSeq)
}

/** The newest message of a person, where none of what is shown is one. Only the root speaks with people. */
export function goalOf(state: State, task: TaskState, shown: readonly TranscriptEntry[]): TranscriptEntry | undefined {
  const { transcript, sinceMessage } = state
  if (task.taskId !== ROOT_TASK || shown.some(({ type }) => type === 'user')) return undefined
  const before = shown[0]?.seq ?? Number.POSITIVE_INFINITY
  const newest = sinceMessage.seq < before ? entryAt(transcript, sinceMessage.seq) : undefined
  // As of an earlier time, a message that came since is not the one.
  return newest ?? transcript.findLast(({ type, seq }) => type === 'user' && seq < before)
}

/** By its place in the log, in a few steps. */
function entryAt(entries: readonly TranscriptEntry[], seq: number): TranscriptEntry | undefined {
  let from = 0
  let to = entries.length
  while (from < to) {
    const middle = Math.floor((from + to) / 2)
    if ((entries[middle]?.seq ?? 0) < seq) from = middle + 1
    else to = middle
  }
  return entries[from]?.seq === seq ? entries[from] : undefined
}

/** A message that came while the model answered stands behind that answer, which has not seen it. */
export function asSeen(entries: readonly TranscriptEntry[]): readonly TranscriptEntry[] {
  const place = (entry: TranscriptEntry) => (entry.type === 'user' ? entry.seq : entry.contextSeq + 0.5)
  return entries.toSorted((one, other) => place(one) - place(other))
}

/** To how many characters texts and results of an entry are cut; null: to none. */
export function cutFor(task: TaskState | undefined, entry: TranscriptEntry): number | null {
  const compaction = task?.compaction ?? null
  return compaction === null || entry.seq > compaction.seq ? null : compaction.cutCharacters
}

/** Of a task that nobody writes to: where it began. */
export function newestMessageSeq({ sinceMessage }: State, { parent, startSeq }: TaskState): number {
  return parent === null ? sinceMessage.seq : startSeq
}
