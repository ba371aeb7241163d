/** The last level of routing: words are weighed when no model could be asked, or its answer was none. */
import { quotedAs } from '../border-rules.ts'
import { type Route, routes } from '../vocabulary.ts'
import type { RouteChoice } from './route.ts'
import { readRequest } from './route-request.ts'
import type { KeywordGroup, RouteRules } from './route-rules.ts'
import { phraseBook, phrasesAt } from './route-words.ts'

/** One phrase counts at most so often, so that no text becomes a plan by repeating itself. */
const MAX_COUNTED = 4
const LISTED_PHRASES = 4

type Found = { readonly phrase: string; readonly weight: number }
type Weighed = { readonly route: Route; readonly weight: number; readonly found: readonly Found[] }

/**
 * The route that weighs most among the allowed ones, the simpler of two that weigh the same. `rules.otherwise` where none reaches
 * `rules.minWeight`, or the simplest allowed one where that is not allowed. Always an answer.
 */
export function routeByKeywords(text: string, rules: RouteRules, allowed: readonly Route[] = routes): RouteChoice {
  const { words, listItems } = readRequest(text, rules)
  const points = { phrase: 'points of a list', weight: Math.min(listItems, MAX_COUNTED) * rules.listItemWeight }
  const weighed = routes
    .filter((route) => allowed.includes(route))
    .map((route) => weigh(route, [...foundIn(words, rules.keywords[route]), ...(route === 'plan' ? [points] : [])]))
  const most = Math.max(0, ...weighed.map(({ weight }) => weight))
  const best = weighed.find(({ weight }) => weight === most)
  if (best === undefined || most === 0 || most < rules.minWeight) return unasked(rules.otherwise, allowed)
  const all = weighed.reduce((sum, { weight }) => sum + weight, 0)
  return { route: best.route, level: 'keywords', reason: reasonOf(best), confidence: rounded(best.weight / all) }
}

function foundIn(words: readonly string[], groups: readonly KeywordGroup[]): readonly Found[] {
  return groups.flatMap(({ weight, phrases }) => {
    const book = phraseBook(phrases)
    const times = new Map<string, number>()
    for (const phrase of words.flatMap((_, at) => phrasesAt(book, words, at))) {
      times.set(phrase, (times.get(phrase) ?? 0) + 1)
    }
    return [...times].map(([phrase, count]) => ({ phrase, weight: weight * Math.min(count, MAX_COUNTED) }))
  })
}

function weigh(route: Route, found: readonly Found[]): Weighed {
  const heavy = found.filter(({ weight }) => weight > 0).toSorted((one, other) => other.weight - one.weight)
  return { route, found: heavy, weight: heavy.reduce((sum, { weight }) => sum + weight, 0) }
}

function reasonOf({ route, weight, found }: Weighed): string {
  const listed = found.slice(0, LISTED_PHRASES).map(({ phrase }) => quotedAs('phrase', phrase))
  const more = found.length > listed.length ? ` and ${found.length - listed.length} more` : ''
  return `no model could say; ${listed.join(', ')}${more} weigh ${rounded(weight)} for ${route}`
}

function unasked(otherwise: Route, allowed: readonly Route[]): RouteChoice {
  const route = allowed.includes(otherwise) ? otherwise : (routes.find((one) => allowed.includes(one)) ?? otherwise)
  return { route, level: 'keywords', reason: 'no model could say, and no keywords ask for a plan', confidence: null }
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100
}
