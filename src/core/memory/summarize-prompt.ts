/** What a model is asked to make of turns that leave the prompt, and how its answer is read. */
import { previewOf } from '../border-text.ts'
import type { Json, JsonObject } from '../json.ts'
import type { Message } from '../message.ts'
import { found, listOfTexts } from '../plan/plan-fields.ts'
import { onOneLine, shareOf } from '../plan/plan-text.ts'
import { isJsonObject } from '../plan/same-json.ts'
import { MAX_SUMMARY_CHARACTERS } from './compaction.ts'
import { goalSection, type MemoryPrompt, QUOTED_LINES, section } from './memory-prompt.ts'
import { turnLines } from './turn-lines.ts'

/** What a summary is made of, in its order. */
const parts = {
  asked: 'What was asked, and what was said about how it is to be done.',
  decided: 'What was decided, with the reason where there is one.',
  done: 'What was done, and what came of it. A call that changed something is always named, and so is one whose outcome nobody knows.',
  open: 'What is not done yet, and what is waited for.',
} as const satisfies Readonly<Record<string, string>>

type Part = keyof typeof parts
// The keys of the table above.
const partNames = Object.keys(parts) as readonly Part[]

/** Texts of one part. Of more the last ones stay. */
const MOST_TEXTS = 12
/** What stands around a text: `- `, the end of its line, and `…` where it is cut. */
const FRAME_CHARACTERS = 4
/** Headings, and the ends of their lines. */
const HEADINGS_CHARACTERS = 80

const INSTRUCTIONS = [
  'You write down what happened in the older turns of an agent, for that same agent: it goes on working by what you write, and sees those turns no more.',
  '',
  'Answer with {"asked": [...], "decided": [...], "done": [...], "open": [...]}, each a list of short texts in the order in which things happened; [] where there is nothing.',
  ...partNames.map((name) => `- "${name}": ${parts[name]}`),
  `- At most ${MOST_TEXTS} texts in each list, and ${MAX_SUMMARY_CHARACTERS - 500} characters in all.`,
  '- Ids, amounts, names and dates stand in it as they stand in the turns.',
  '- What stands under [SUMMARY SO FAR] is what you wrote of turns before these. It goes into the new one, as far as it still counts.',
  '- Add nothing that is not there, and conclude nothing from it. What an agent said it would do is not done.',
].join('\n')

export type SummaryRequest = {
  readonly goal: string
  /** The summary that the new one takes the place of. */
  readonly previous: string | null
  /** The turns that leave the prompt, the oldest first. */
  readonly history: readonly Message[]
  /** Of the history as it is shown. */
  readonly maxCharacters: number
}

export function summaryPrompt({ goal, previous, history, maxCharacters }: SummaryRequest): MemoryPrompt {
  return {
    instructions: [INSTRUCTIONS, QUOTED_LINES].join('\n\n'),
    text: [
      goalSection(goal),
      ...(previous === null ? [] : [section('SUMMARY SO FAR', [previous])]),
      section('TURNS', turnLines(history, maxCharacters)),
    ].join('\n\n'),
  }
}

/** JSON Schema of the answer. Every member is required and nothing is bounded, so that every provider's strict mode takes it. */
export function summarySchema(): JsonObject {
  const properties = partNames.map((name) => [
    name,
    { type: 'array', items: { type: 'string' }, description: parts[name] },
  ])
  return {
    type: 'object',
    properties: Object.fromEntries(properties),
    required: partNames,
    additionalProperties: false,
  }
}

export type ReadSummary =
  /** Its parts with their headings, one text a line; at most `MAX_SUMMARY_CHARACTERS`. */
  { readonly type: 'summary'; readonly summary: string } | { readonly type: 'problem'; readonly message: string }

/** A model's answer, already parsed. A part that is missing has no texts; one that is too long is cut. */
export function readSummary(value: Json): ReadSummary {
  if (!isJsonObject(value)) return problem(`expected an object of lists, found ${found(value)}`)
  const said: { readonly name: Part; readonly texts: readonly string[] }[] = []
  for (const name of partNames) {
    const list = value[name] ?? []
    if (listOfTexts(list) !== null) return problem(`${name}: expected a list of texts, found ${found(list)}`)
    // A list of texts, as its rule has just said.
    const texts = (list as readonly string[]).map((text) => onOneLine(text.trim(), text.length))
    said.push({ name, texts: texts.filter((text) => text !== '').slice(-MOST_TEXTS) })
  }
  const all = said.flatMap(({ texts }) => texts)
  if (all.length === 0) return problem(`expected a text in ${partNames.join(', ')}, found none`)
  const share = shareOf(
    all.map(({ length }) => length),
    {
      total: MAX_SUMMARY_CHARACTERS - HEADINGS_CHARACTERS - all.length * FRAME_CHARACTERS,
      mostEach: MAX_SUMMARY_CHARACTERS,
      leastEach: 1,
    },
  )
  const lines = said.flatMap(({ name, texts }) =>
    texts.length === 0 ? [] : [headingOf(name), ...texts.map((text) => lineOf(text, share))],
  )
  return { type: 'summary', summary: lines.join('\n') }
}

function problem(message: string): ReadSummary {
  return { type: 'problem', message }
}

function headingOf(name: Part): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}:`
}

function lineOf(text: string, share: number): string {
  return `- ${text.length > share ? `${previewOf(text, share)}…` : text}`
}
