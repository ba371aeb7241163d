/** Turns that somebody is told about: one line each, a call and its result on the same, within a limit. */
import type { AssistantPart, Message } from '../message.ts'
import { cutTo, jsonText, onOneLine } from '../plan/plan-text.ts'

const TOOL_CHARACTERS = 64
/** Nothing is cut shorter than this. */
const LEAST_RESULT = 120
const LEAST_TEXT = 400
/** What `cutTo` says of a cut, at most; and what is said of lines that are left out. */
const NOTE_CHARACTERS = 40
/** The quote in front of a line, and its end. */
const FRAME_CHARACTERS = 3

/**
 * The history in lines that quoting makes no longer than `maxCharacters` in all. What is too much is taken from the results first,
 * then from texts and inputs, each from the oldest on; then the oldest lines go. `maxCharacters` of less than 100 leave nothing.
 */
export function turnLines(history: readonly Message[], maxCharacters: number): readonly string[] {
  const lines = linesOf(history)
  const results = cutOldest(
    lines.map(({ result }) => result ?? ''),
    charactersOf(lines) - maxCharacters,
    LEAST_RESULT,
  )
  const shorter = lines.map(
    (line, index): Line => (line.result === null ? line : { ...line, result: results[index] ?? '' }),
  )
  const heads = cutOldest(
    shorter.map(({ head }) => head),
    charactersOf(shorter) - maxCharacters,
    LEAST_TEXT,
  )
  return newest(
    shorter.map(({ result }, index) => textOf({ head: heads[index] ?? '', result })),
    maxCharacters,
  )
}

type Line = { readonly head: string; readonly result: string | null }

function textOf({ head, result }: Line): string {
  return result === null ? head : `${head} → ${result}`
}

function charactersOf(lines: readonly Line[]): number {
  return lines.reduce((sum, line) => sum + textOf(line).length + FRAME_CHARACTERS, 0)
}

function linesOf(history: readonly Message[]): readonly Line[] {
  const lines: { head: string; result: string | null }[] = []
  // The calls of the answer that was read last. Some providers use their ids again in the next.
  let called: { readonly providerCallId: string; readonly line: { result: string | null } }[] = []
  for (const message of history) {
    if (message.role === 'tool') {
      const at = called.findIndex(({ providerCallId }) => providerCallId === message.providerCallId)
      const [call] = at < 0 ? [] : called.splice(at, 1)
      const result = jsonText(message.result)
      if (call === undefined) lines.push({ head: `call ${onOneLine(message.tool, TOOL_CHARACTERS)}`, result })
      else call.line.result = result
      continue
    }
    const said = saidIn(message)
    if (said !== null) lines.push({ head: said, result: null })
    if (message.role !== 'assistant') continue
    called = message.parts.filter(isCall).map((call) => {
      const line = { head: callText(call), result: 'no result' }
      lines.push(line)
      return { providerCallId: call.providerCallId, line }
    })
  }
  return lines
}

/** What somebody wrote stands in quotes, where it cannot look like another line. */
function saidIn(message: Exclude<Message, { role: 'tool' }>): string | null {
  switch (message.role) {
    case 'system':
      return `system: ${jsonText(message.text)}`
    case 'user':
      return `${message.trust === 'external' ? 'user (external)' : 'user'}: ${jsonText(message.text)}`
    case 'assistant': {
      const text = message.parts.map((part) => (part.type === 'text' ? part.text : '')).join('')
      return text.trim() === '' ? null : `agent: ${jsonText(text)}`
    }
  }
}

type Call = Extract<AssistantPart, { type: 'call' | 'invalid_call' }>

function isCall(part: AssistantPart): part is Call {
  return part.type === 'call' || part.type === 'invalid_call'
}

function callText(call: Call): string {
  const input = call.type === 'call' ? call.input : call.inputText
  return `call ${onOneLine(call.tool, TOOL_CHARACTERS)} ${jsonText(input)}`
}

/** Takes so many characters away, from the first texts on. */
function cutOldest(texts: readonly string[], excess: number, least: number): readonly string[] {
  let left = excess
  return texts.map((text) => {
    if (left <= 0 || text.length <= least + NOTE_CHARACTERS) return text
    const cut = cutTo(text, Math.max(least, text.length - left - NOTE_CHARACTERS))
    left -= text.length - cut.length
    return cut
  })
}

function newest(lines: readonly string[], maxCharacters: number): readonly string[] {
  let characters = lines.reduce((sum, line) => sum + line.length + FRAME_CHARACTERS, 0)
  if (characters <= maxCharacters) return lines
  let dropped = 0
  for (const line of lines) {
    if (characters + NOTE_CHARACTERS <= maxCharacters) break
    characters -= line.length + FRAME_CHARACTERS
    dropped += 1
  }
  return [`(${dropped} older lines are left out)`, ...lines.slice(dropped)]
}
