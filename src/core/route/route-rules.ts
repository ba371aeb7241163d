/** The rules of routing as data: an agent may replace any of them. No regular expressions, so that no rule can be slow. */
import { quotedAs } from '../border-rules.ts'
import { type Route, routes } from '../vocabulary.ts'
import { problemOfPhrase } from './route-words.ts'

/**
 * What decides a route without a model. Phrases are matched word by word, whatever their case and the signs between them; a word
 * that ends in `*` stands for all that begin with it.
 */
export type RouteRules = {
  /** More words than this are for a model to judge. From 1 to 1,000. */
  readonly maxWords: number
  /** Unicode characters, without blanks at both ends. From 1 to 8,000. */
  readonly maxCharacters: number
  /** Phrases of work that is wider than it is long: "all files". */
  readonly broadWords: readonly string[]
  /** How names of files end, such as ".ts", in small letters. */
  readonly fileSuffixes: readonly string[]
  /** Names of files that have no such ending, exactly as they are written: "Makefile". */
  readonly fileNames: readonly string[]
  /** What looks like a file and is none, in small letters: "node.js". */
  readonly notFiles: readonly string[]
  /** How the first part of a path ends when it is an address, in small letters: ".com". */
  readonly hostSuffixes: readonly string[]
  /** Signs that end a question. */
  readonly questionMarks: readonly string[]
  /** What a question without such a sign begins with. */
  readonly questionWords: readonly string[]
  /** Phrases that make a request of a question: "can you". */
  readonly requestWords: readonly string[]
  /** What the routes are weighed by when no model can say. */
  readonly keywords: { readonly [R in Route]: readonly KeywordGroup[] }
  /** What a line that begins as a point of a list does counts for `plan`. From 0 to 100. */
  readonly listItemWeight: number
  /** A route that weighs less than this has not been asked for. */
  readonly minWeight: number
  /** The route when none has been asked for. */
  readonly otherwise: Route
}

/** Phrases that weigh the same: over 0, at most 100. A phrase of two groups weighs both. */
export type KeywordGroup = { readonly weight: number; readonly phrases: readonly string[] }

const MAX_GROUPS = 100
const MAX_ENTRIES = 1_000
const MAX_ENTRY_CHARACTERS = 100
const MAX_WEIGHT = 100
const MAX_MAX_WORDS = 1_000
/** At most half of what is looked at, since a character may be two units long. */
const MAX_MAX_CHARACTERS = 8_000

const phraseLists = ['broadWords', 'questionWords', 'requestWords'] as const
const plainLists = ['fileNames', 'notFiles', 'questionMarks'] as const
const suffixLists = ['fileSuffixes', 'hostSuffixes'] as const

/** What is wrong with rules, and how to mend it; or null. For the moment of definition, when they may come from JavaScript or JSON. */
export function problemOfRouteRules(rules: RouteRules): string | null {
  if (!isObject(rules)) return `route rules are an object, found ${rules === null ? 'null' : typeof rules}`
  const problem =
    problemOfCount(rules, 'maxWords', MAX_MAX_WORDS) ??
    problemOfCount(rules, 'maxCharacters', MAX_MAX_CHARACTERS) ??
    firstProblem(phraseLists, (name) => problemOfList(name, rules[name], problemOfPhrase)) ??
    firstProblem(plainLists, (name) => problemOfList(name, rules[name], problemOfPlain)) ??
    firstProblem(suffixLists, (name) => problemOfList(name, rules[name], problemOfSuffix)) ??
    problemOfKeywords(rules.keywords) ??
    problemOfWeight('listItemWeight', rules.listItemWeight, 0) ??
    problemOfWeight('minWeight', rules.minWeight, 0)
  if (problem !== null) return problem
  return routes.includes(rules.otherwise) ? null : `otherwise is one of ${routes.join(', ')}`
}

function firstProblem<T>(items: Iterable<T>, problemOf: (item: T) => string | null): string | null {
  for (const item of items) {
    const problem = problemOf(item)
    if (problem !== null) return problem
  }
  return null
}

function problemOfCount(rules: RouteRules, name: 'maxWords' | 'maxCharacters', most: number): string | null {
  const count: unknown = rules[name]
  if (Number.isSafeInteger(count) && Number(count) >= 1 && Number(count) <= most) return null
  return `${name} is a whole number from 1 to ${most}, found ${String(count)}`
}

function problemOfList(name: string, list: unknown, problemOfEntry: (entry: string) => string | null): string | null {
  if (!Array.isArray(list)) return `${name} is a list of texts`
  if (list.length > MAX_ENTRIES) return `${name} has at most ${MAX_ENTRIES} entries, found ${list.length}`
  return firstProblem(list, (entry: unknown) => {
    if (typeof entry !== 'string') return `${name} is a list of texts, found a ${typeof entry} in it`
    const problem = problemOfLength(entry) ?? problemOfEntry(entry)
    return problem === null ? null : `${name}: ${quotedAs('text', entry)} ${problem}`
  })
}

function problemOfLength(entry: string): string | null {
  return entry.length <= MAX_ENTRY_CHARACTERS ? null : `is longer than ${MAX_ENTRY_CHARACTERS} characters`
}

function problemOfPlain(entry: string): string | null {
  return entry === '' || /\s/u.test(entry) ? 'is empty or has a blank, and can never be found' : null
}

function problemOfSuffix(entry: string): string | null {
  return /^\.[\p{Ll}\p{Lo}\p{N}]+$/u.test(entry) ? null : 'is not a dot with small letters and digits after it'
}

function problemOfKeywords(keywords: unknown): string | null {
  if (!isObject(keywords)) return 'keywords is an object with a member for each route'
  const unknown = Object.keys(keywords).find((name) => !routes.some((route) => route === name))
  if (unknown !== undefined) return `keywords: ${quotedAs('name', unknown)} is no route; they are ${routes.join(', ')}`
  const members = new Map(Object.entries(keywords))
  return firstProblem(routes, (route) => problemOfGroups(`keywords.${route}`, members.get(route)))
}

function problemOfGroups(name: string, groups: unknown): string | null {
  if (!Array.isArray(groups)) return `${name} is a list of groups { weight, phrases }`
  if (groups.length > MAX_GROUPS) return `${name} has at most ${MAX_GROUPS} groups, found ${groups.length}`
  const problem = firstProblem(groups, (group: unknown) => {
    if (!isObject(group)) return `${name} is a list of groups { weight, phrases }`
    const { weight, phrases }: { readonly [member in keyof KeywordGroup]?: unknown } = group
    return (
      problemOfWeight(`${name}: a weight`, weight, Number.MIN_VALUE) ??
      problemOfList(`${name}: phrases`, phrases, problemOfPhrase)
    )
  })
  if (problem !== null) return problem
  const total = groups.reduce((sum: number, group: KeywordGroup) => sum + group.phrases.length, 0)
  return total > MAX_ENTRIES ? `${name} has at most ${MAX_ENTRIES} phrases, found ${total}` : null
}

function problemOfWeight(name: string, weight: unknown, least: number): string | null {
  if (typeof weight === 'number' && weight >= least && weight <= MAX_WEIGHT) return null
  return `${name} is a number ${least === 0 ? 'from 0' : 'over 0'} to ${MAX_WEIGHT}, found ${String(weight)}`
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
