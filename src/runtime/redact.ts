/** Takes secrets out of what comes from outside. */
import type { Json, JsonObject } from '../core/index.ts'
import { encodingsOf, MIN_SECRET_CHARACTERS } from './redact-encodings.ts'
import { createFinder, type Finder, type Span } from './redact-find.ts'
import { type PatternName, redactPatterns } from './redact-patterns.ts'

/** How much longer all marks together may make what is redacted, in characters; then they are as short as `***`. */
export type Growth = { left: number }

/**
 * Redacts to a fixpoint: what comes out holds no value and no pattern, and redacting it again changes nothing. What holds none is
 * given back as it is, the same string or object.
 */
export interface Redactor {
  text(text: string, growth?: Growth): string
  /**
   * Of a text that the runtime itself cuts at so many characters: where it is as long as that, what is left of a value at its end is
   * hidden too, down to six characters of it. A whole text may end with such letters by chance (`postgres`, `https:`).
   */
  shortened(text: string, characters: number, growth?: Growth): string
  /** Keys too; a number that is a value becomes a mark. */
  json<Value extends Json>(value: Value, growth?: Growth): Value
  /** The secrets whose values stand in it. Patterns do not count. */
  secretsIn(value: Json): readonly string[]
  /** Where a text of which more may come ends with what may be the beginning of a value; its length where it does not. */
  beginsAt(text: string): number
  /** Values that stand in it. */
  spans(text: string): readonly Span[]
}

export type RedactorOptions = {
  /** Null: no values are known. */
  readonly finder: Finder | null
  readonly keptPatterns?: ReadonlySet<PatternName>
}

const MAX_GROWTH = 2_048
const MAX_ROUNDS = 8
/** What a mark is where there is no room for its name. */
export const SHORT_MARK = '***'

export function freshGrowth(): Growth {
  return { left: MAX_GROWTH }
}

/** `[redacted:NAME]`: of a secret, or of a pattern. */
export function markOf(name: string): string {
  return `[redacted:${name}]`
}

export function createRedactor({ finder, keptPatterns }: RedactorOptions): Redactor {
  const mark = (name: string, taken: string, growth: Growth) => {
    const whole = markOf(name)
    const longer = whole.length - taken.length
    if (longer > growth.left) return SHORT_MARK
    growth.left -= Math.max(0, longer)
    return whole
  }
  const once = (text: string, growth: Growth) => {
    const valueless = finder === null ? text : withoutSpans(finder, text, (name, taken) => mark(name, taken, growth))
    return redactPatterns(valueless, (name, taken) =>
      keptPatterns?.has(name) === true ? taken : mark(name, taken, growth),
    )
  }
  const redact = (text: string, growth: Growth = freshGrowth()) => {
    if (text.length < MIN_SECRET_CHARACTERS) return text
    let current = text
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      const next = once(current, growth)
      if (next === current) return current
      current = next
    }
    return SHORT_MARK
  }
  const json = <Value extends Json>(value: Value, growth: Growth = freshGrowth()): Value => {
    const walk: Walk = { text: (text) => redact(text, growth), number: (number) => numberOf(number, growth) }
    // Only texts, keys and numbers of secrets are replaced: what is an object stays one.
    return redactJson(value, walk) as Value
  }
  const numberOf = (number: number, growth: Growth): Json => {
    if (finder === null || !finder.hasNumbers) return number
    const text = String(number)
    const [span] = finder.spans(text)
    return span === undefined ? number : mark(span.name, text, growth)
  }
  return {
    text: redact,
    shortened: (text, characters, growth = freshGrowth()) => {
      const redacted = redact(text, growth)
      const cutAt = text.length < characters - SPARED ? redacted.length : endOfKept(finder, redacted)
      if (cutAt === redacted.length) return redacted
      return redact(redacted.slice(0, cutAt) + mark('cut', redacted.slice(cutAt), growth), growth)
    },
    json,
    secretsIn: (value) => (finder === null ? [] : [...namesIn(value, finder)]),
    beginsAt: (text) => finder?.beginsAt(text, 1) ?? text.length,
    spans: (text) => finder?.spans(text) ?? [],
  }
}

/** A cut may spare a character, so that it does not split a pair. */
const SPARED = 1

/** Where enough of a value is left at the end of a text that was cut. */
function endOfKept(finder: Finder | null, text: string): number {
  return finder?.beginsAt(text, MIN_SECRET_CHARACTERS) ?? text.length
}

/** A redactor of these values alone, in every encoding: for what is sensitive in one call. What is too short is not looked for. */
export function redactorOf(name: string, values: readonly string[]): Redactor | null {
  const long = values.filter((value) => value.length >= MIN_SECRET_CHARACTERS)
  if (long.length === 0) return null
  const needles = long.flatMap((value) => encodingsOf(value).map((text) => ({ text, name })))
  return createRedactor({ finder: createFinder(needles) })
}

function withoutSpans(finder: Finder, text: string, mark: (name: string, taken: string) => string): string {
  const spans = finder.spans(text)
  if (spans.length === 0) return text
  let redacted = ''
  let from = 0
  for (const { start, end, name } of spans) {
    redacted += text.slice(from, start) + mark(name, text.slice(start, end))
    from = end
  }
  return redacted + text.slice(from)
}

type Walk = { readonly text: (text: string) => string; readonly number: (number: number) => Json }

function redactJson(value: Json, walk: Walk): Json {
  if (typeof value === 'string') return walk.text(value)
  if (typeof value === 'number') return walk.number(value)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return redactItems(value, walk)
  // Neither a list nor null.
  return redactMembers(value as JsonObject, walk)
}

function redactItems(items: readonly Json[], walk: Walk): Json {
  let changed: Json[] | null = null
  items.forEach((item, index) => {
    const redacted = redactJson(item, walk)
    if (redacted === item) return
    changed ??= [...items]
    changed[index] = redacted
  })
  return changed ?? items
}

function redactMembers(members: JsonObject, walk: Walk): Json {
  let isChanged = false
  const entries = Object.entries(members).map(([key, member]) => {
    const entry = [walk.text(key), redactJson(member, walk)] as const
    isChanged ||= entry[0] !== key || entry[1] !== member
    return entry
  })
  if (!isChanged) return members
  const redacted: Record<string, Json> = {}
  for (const [key, member] of entries) redacted[freeKey(redacted, key)] = member
  return redacted
}

/** Two keys may be redacted to the same one. */
function freeKey(taken: JsonObject, key: string): string {
  let free = key
  for (let count = 2; Object.hasOwn(taken, free); count += 1) free = `${key} ${count}`
  return free
}

function namesIn(value: Json, finder: Finder): ReadonlySet<string> {
  const names = new Set<string>()
  const look = (text: string) => {
    for (const { name } of finder.spans(text)) names.add(name)
    return text
  }
  redactJson(value, {
    text: look,
    number: (number) => {
      if (finder.hasNumbers) look(String(number))
      return number
    },
  })
  return names
}
