import type { TranscriptEntry } from '../state.ts'

/** Whether this is what a plan has come to, and no turn of a model: it stands in the log right behind what it was made of. */
export function isAnswerOfPlan(entry: TranscriptEntry): boolean {
  // Between what a model has seen and what it says stands the request at least.
  return entry.type === 'assistant' && entry.seq === entry.contextSeq + 1
}
