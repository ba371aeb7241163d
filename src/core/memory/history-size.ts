/** How long a prompt is, estimated: in characters, and in tokens as the provider counts them where that is known. */
import { markText } from '../mark-external.ts'
import { briefOf } from '../plan/brief-of.ts'
import { renderPlan } from '../plan/render-plan.ts'
import { planShownOf } from '../plan/view-of.ts'
import { type CallState, ROOT_TASK, type State, type TaskState, type TranscriptEntry } from '../state.ts'
import { cutFor } from './history.ts'
import { memoryText } from './memory-text.ts'

export const CHARACTERS_PER_TOKEN = 4
/** Role names, ids and punctuation that every message costs on the wire. */
export const CHARACTERS_PER_MESSAGE = 24

/** The estimate of a text's tokens. */
export function tokensOf(characters: number): number {
  return Math.ceil(characters / CHARACTERS_PER_TOKEN)
}

/** Further off than this no estimate is: what a provider says it has counted is somebody else's word. */
const MOST_OFF = 4

export type Sizing = {
  /** Of a prompt with so many characters of history, the rest of it included. */
  tokensOf(historyCharacters: number): number
  /** So many tokens are about so many characters. */
  charactersOf(tokens: number): number
  /** Characters of a prompt that are no history. */
  readonly besides: number
}

/** `staticTokens`: instructions and tools. */
export function sizingOf(state: State, task: TaskState, staticTokens: number): Sizing {
  const { estimated, tokens } = task.counted ?? { estimated: 1, tokens: 1 }
  const ratio = Math.min(MOST_OFF, Math.max(1 / MOST_OFF, tokens / Math.max(1, estimated)))
  const besides = staticTokens * CHARACTERS_PER_TOKEN + besidesCharacters(state, task)
  return {
    tokensOf: (characters) => Math.ceil(((characters + besides) / CHARACTERS_PER_TOKEN) * ratio),
    charactersOf: (tokens) => Math.floor((tokens / ratio) * CHARACTERS_PER_TOKEN),
    besides,
  }
}

/** What stands in a task's prompt beside its instructions, its tools and its turns. */
export function besidesCharacters(state: State, task: TaskState): number {
  const text = memoryText(state, task)
  const memory = text === '' ? 0 : text.length + CHARACTERS_PER_MESSAGE
  return memory + (task.taskId === ROOT_TASK ? planCharacters(state) : briefCharacters(state, task))
}

/** A flexible plan stands in every prompt, with a word on what came back undone; where there is none yet, that one is wanted. */
function planCharacters(state: State): number {
  if (state.route?.route !== 'plan') return 0
  const view = planShownOf(state)
  const plan = view === null ? 0 : renderPlan(view).length
  return plan + PLAN_NOTE_CHARACTERS + CHARACTERS_PER_MESSAGE
}

const PLAN_NOTE_CHARACTERS = 200

/** What a task is told when it begins: the results of what it depends on may make most of it. */
function briefCharacters(state: State, task: TaskState): number {
  return briefOf(state, task).length + CHARACTERS_PER_MESSAGE
}

/** As it is shown now. */
export function entryCharacters(state: State, task: TaskState | undefined, entry: TranscriptEntry): number {
  const { fixed, items } = itemsOf(state, [entry])
  const cut = cutFor(task, entry)
  return fixed + items.reduce((sum, item) => sum + Math.min(item, cut ?? item), 0)
}

export type Items = {
  /** What cannot be cut. */
  readonly fixed: number
  /** Texts and results, each as long as it is. */
  readonly items: readonly number[]
}

export function itemsOf(state: State, entries: readonly TranscriptEntry[]): Items {
  let fixed = 0
  const items: number[] = []
  for (const entry of entries) {
    fixed += CHARACTERS_PER_MESSAGE
    if (entry.type === 'user') items.push(textCharacters(entry))
    else {
      fixed += entry.characters + entry.callIds.length * CHARACTERS_PER_MESSAGE
      for (const callId of entry.callIds) items.push(resultCharacters(state.calls.get(callId)))
    }
  }
  return { fixed, items }
}

function textCharacters({ text, trust, characters }: Extract<TranscriptEntry, { type: 'user' }>): number {
  return trust === 'external' ? markText(text).length : characters
}

function resultCharacters(call: CallState | undefined): number {
  return call === undefined ? 0 : call.characters
}
