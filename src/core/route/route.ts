/** How a piece of work is gone about, decided before it begins: by a caller, by rules, by a model, or by keywords. */
import { quotedAs } from '../border-rules.ts'
import type { RouteLevel } from '../plan/plan-events.ts'
import type { Route } from '../vocabulary.ts'
import { type Request, readRequest } from './route-request.ts'
import type { RouteRules } from './route-rules.ts'
import { findPhrase, phraseBook } from './route-words.ts'

/** A route with how it was found. `reason` is a sentence for people; `confidence` from 0 to 1, null where nobody estimates one. */
export type RouteChoice = {
  readonly route: Route
  readonly level: RouteLevel
  readonly reason: string
  readonly confidence: number | null
}

/** The first level: `direct` for a short request that names a file or asks a question, and has no broad words; null: not for rules to say. */
export function routeByRules(text: string, rules: RouteRules): RouteChoice | null {
  const request = readRequest(text, rules)
  const { files, isQuestion, wordCount, words } = request
  if (!isShort(request, rules) || request.isWide || has(rules.broadWords, words)) return null
  const [file] = files
  if (file !== undefined) return direct(`${inWords(wordCount)}, ${named(file, files.length)}, no broad words`)
  if (!isQuestion || has(rules.requestWords, words)) return null
  return direct(`a question of ${inWords(wordCount)}, no broad words`)
}

function isShort({ isCut, characters, wordCount }: Request, rules: RouteRules): boolean {
  return !isCut && characters <= rules.maxCharacters && wordCount >= 1 && wordCount <= rules.maxWords
}

function has(phrases: readonly string[], words: readonly string[]): boolean {
  return findPhrase(phraseBook(phrases), words) !== undefined
}

function direct(reason: string): RouteChoice {
  return { route: 'direct', level: 'rules', reason, confidence: null }
}

function inWords(count: number): string {
  return count === 1 ? '1 word' : `${count} words`
}

function named(file: string, count: number): string {
  return count === 1 ? `names ${quotedAs('path', file)}` : `names ${quotedAs('path', file)} and ${count - 1} more`
}
