/** When history becomes too long for a prompt, and what of it leaves then. */
import type { State, TaskState, TranscriptEntry } from '../state.ts'
import { goalOf, historySince } from './history.ts'
import { CHARACTERS_PER_MESSAGE, entryCharacters, type Items, itemsOf, type Sizing, sizingOf } from './history-size.ts'
import type { MemoryTerms } from './memory-terms.ts'

export type CompactionDue = {
  readonly strategy: 'window' | 'summarize'
  readonly throughSeq: number
  readonly cutCharacters: number | null
  /** Of the whole prompt, estimated. */
  readonly tokensBefore: number
  /** Without a summary. */
  readonly tokensAfter: number
}

/** A summary is no longer than this. */
export const MAX_SUMMARY_CHARACTERS = 4_000

/** What is cut is no shorter than this, with the note that says so. */
export const MIN_CUT_CHARACTERS = 400

/** Of what is allowed, when turns stay that the newest message has to make room for. */
const CUT_SHARE = 3 / 4

/**
 * Null: the next prompt is short enough. Whatever leaves it does so in steps of half of what is allowed, so that its front stays the
 * same for many turns (providers cache it). The newest turn and the newest message of a person always stay, cut where they alone
 * are too long.
 */
export function compactionDue(state: State, task: TaskState, staticTokens: number): CompactionDue | null {
  const { memory } = state
  if (memory === null) return null
  const sizing = sizingOf(state, task, staticTokens)
  const entries = historySince(state, task)
  const bounds = boundsOf(memory, task, sizing)
  const history = { task, entries, turns: turnsOf(entries) }
  const { turns } = history
  const goal = goalOf(state, task, entries)
  const shown = goal === undefined ? entries : [goal, ...entries]
  const ofHistory = shownCharacters(state, task, shown)
  const newest = shown.findLast(({ type }) => type === 'user')
  const ofTurns = ofHistory - (newest === undefined ? 0 : entryCharacters(state, task, newest))
  const characters = ofHistory + summaryCharacters(task.compaction?.summary?.length ?? 0)
  const wanted = keptTurns({ turns: turns.length, characters, ofTurns }, bounds)
  if (wanted === null) return null
  let keep = fitting(state, history, wanted)
  let keeping = keptOf(state, history, keep)
  // With the summary and the message that the work is about, too: rather fewer turns than a prompt that is over its limit.
  while (keep > 1 && charactersLeft(keeping.left, MIN_CUT_CHARACTERS) > bounds.limit) {
    keep -= 1
    keeping = keptOf(state, history, keep)
  }
  const { last, left, summary, isSummarized } = keeping
  // What is cut beside several turns leaves room for more of them: it would be cut anew for every turn.
  const cutCharacters = cutOf(left, bounds.limit) && cutOf(left, keep > 1 ? bounds.limit * CUT_SHARE : bounds.limit)
  const after = charactersLeft(left, cutCharacters)
  if (last === undefined && after >= characters) return null
  return {
    strategy: isSummarized ? 'summarize' : 'window',
    throughSeq: (last === undefined ? task.compaction?.throughSeq : entries[last]?.seq) ?? 0,
    cutCharacters,
    tokensBefore: sizing.tokensOf(characters),
    tokensAfter: sizing.tokensOf(after - summaryCharacters(summary)),
  }
}

/** As the next prompt would show them. */
function shownCharacters(state: State, task: TaskState, entries: readonly TranscriptEntry[]): number {
  return entries.reduce((sum, entry) => sum + entryCharacters(state, task, entry), 0)
}

/** With the note that says what it is. */
export function summaryCharacters(length: number): number {
  return length === 0 ? 0 : length + SUMMARY_NOTE_CHARACTERS + CHARACTERS_PER_MESSAGE
}

/** What says that a summary is one, about. */
const SUMMARY_NOTE_CHARACTERS = 400

type Bounds = {
  readonly turns: number
  readonly keepTurns: number
  readonly summarizeOver: number
  readonly limit: number
}

/** In characters of history. */
function boundsOf(memory: MemoryTerms, task: TaskState, sizing: Sizing): Bounds {
  const { windowTurns, maxPromptTokens, summarize } = memory
  return {
    turns: task.windowTurns ?? windowTurns,
    keepTurns: summarize?.keepTurns ?? Number.POSITIVE_INFINITY,
    summarizeOver: summarize === undefined ? Number.POSITIVE_INFINITY : sizing.charactersOf(summarize.whenTokens),
    limit: sizing.charactersOf(maxPromptTokens) - sizing.besides,
  }
}

type Wanted = { readonly turns: number; readonly characters: number }

type History = {
  readonly turns: number
  readonly characters: number
  /** Without the summary and the newest message, which stays: long ones would have another summary made for every turn. */
  readonly ofTurns: number
}

/** At most so many turns and characters shall be left. Null: everything may stay. */
function keptTurns({ turns, characters, ofTurns }: History, bounds: Bounds): Wanted | null {
  const isOverTurns = turns > bounds.turns
  const isOverSummary = ofTurns > bounds.summarizeOver && turns > 1
  const isOverLimit = characters > bounds.limit
  if (!isOverTurns && !isOverSummary && !isOverLimit) return null
  return {
    turns: Math.min(
      isOverTurns ? Math.max(1, Math.floor(bounds.turns / 2)) : turns,
      isOverSummary ? Math.max(1, bounds.keepTurns) : turns,
    ),
    characters: Math.min(
      isOverSummary ? bounds.summarizeOver / 2 : Number.POSITIVE_INFINITY,
      isOverLimit ? bounds.limit / 2 : Number.POSITIVE_INFINITY,
    ),
  }
}

type Turns = {
  readonly task: TaskState
  readonly entries: readonly TranscriptEntry[]
  readonly turns: readonly number[]
}

/** The newest turns that fit, at most as many as are wanted, and one at least. What was cut is not any more: it is cut anew. */
function fitting(state: State, { entries, turns }: Turns, wanted: Wanted): number {
  let kept = 0
  let characters = 0
  let end = entries.length
  while (kept < Math.min(turns.length, wanted.turns)) {
    const start = (turns[turns.length - kept - 2] ?? -1) + 1
    const { fixed, items } = itemsOf(state, entries.slice(start, end))
    characters += fixed + sumOf(items)
    if (kept > 0 && characters > wanted.characters) break
    kept += 1
    end = start
  }
  return kept
}

/** Where the answers of the model stand. */
function turnsOf(entries: readonly TranscriptEntry[]): readonly number[] {
  return entries.flatMap(({ type }, index) => (type === 'assistant' ? [index] : []))
}

/** How short texts and results have to be for what is left to fit; null: it fits as it is. */
function cutOf({ fixed, items }: Items, limit: number): number | null {
  if (fixed + sumOf(items) <= limit) return null
  // Filled from the shortest: what is shorter than its share leaves the rest of it to the others.
  const sorted = [...items].sort((one, other) => one - other)
  let room = limit - fixed
  for (const [index, item] of sorted.entries()) {
    const share = Math.floor(room / (sorted.length - index))
    if (item > share) return Math.max(MIN_CUT_CHARACTERS, share)
    room -= item
  }
  return MIN_CUT_CHARACTERS
}

function charactersLeft({ fixed, items }: Items, cut: number | null): number {
  return fixed + sumOf(items.map((item) => Math.min(item, cut ?? item)))
}

type Keeping = {
  /** Where the last turn stands that leaves; undefined: none does. */
  readonly last: number | undefined
  readonly isSummarized: boolean
  /** Characters of the summary, at most. */
  readonly summary: number
  readonly left: Items
}

/** What would be left of so many turns. */
function keptOf(state: State, { task, entries, turns }: Turns, keep: number): Keeping {
  const last = keep < turns.length ? turns.at(turns.length - keep - 1) : undefined
  const kept = last === undefined ? entries : entries.slice(last + 1)
  const isSummarized = last !== undefined && state.memory?.summarize?.hasModel === true
  const summary = isSummarized ? MAX_SUMMARY_CHARACTERS : (task.compaction?.summary?.length ?? 0)
  return { last, isSummarized, summary, left: itemsLeft(state, { task, kept, summary }) }
}

type Left = { readonly task: TaskState; readonly kept: readonly TranscriptEntry[]; readonly summary: number }

function itemsLeft(state: State, { task, kept, summary }: Left): Items {
  const goal = goalOf(state, task, kept)
  const { fixed, items } = itemsOf(state, goal === undefined ? kept : [goal, ...kept])
  return { fixed: fixed + summaryCharacters(summary), items }
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0)
}
