import type { World } from '../world/open-world.ts'
import { number, type Row, text } from '../world/row.ts'

export type SearchDocsInput = {
  /** What the customer wants to know, in words. Punctuation and operators have no meaning. */
  readonly query: string
  /** How many pages at most: 1 to 10, by default 3. */
  readonly limit?: number | undefined
}

export type DocMatch = {
  /** The page's file in `docs/`, without the extension. */
  readonly page: string
  readonly title: string
  /** The passage that fits best, with `…` where text was left out. */
  readonly snippet: string
  /** BM25 with its sign turned, so that higher is better. Comparable within one search only. */
  readonly score: number
}

export type SearchDocsOutput = {
  readonly matches: readonly DocMatch[]
}

// A word in a title counts as much as four in the text, one in a heading as much as three; the page's name is not
// searched. SQLite promises that the columns beside max() come from the row that has the maximum.
const selectMatches = `WITH found AS MATERIALIZED (
    SELECT page, title,
      snippet(passages, 3, '', '', ' … ', 40) AS snippet,
      -bm25(passages, 0, 4, 3, 1) AS score
    FROM passages WHERE passages MATCH ?
  )
  SELECT page, title, snippet, max(score) AS score FROM found
  GROUP BY page ORDER BY score DESC, page LIMIT ?`

/**
 * Searches the product's billing help for pages with any of the query's words. A page ranks by its best passage,
 * the best page first; pages of equal rank stand by name, so that the same query has the same answer every time.
 */
export function searchDocs(world: World, input: SearchDocsInput): SearchDocsOutput {
  const expression = matchExpression(input.query)
  if (expression === '') return { matches: [] }
  const rows = world.database.prepare(selectMatches).all(expression, clampLimit(input.limit))
  return { matches: rows.map(parseMatch) }
}

const defaultLimit = 3
const maxLimit = 10
const maxWords = 24

/**
 * An FTS5 expression that matches any of the words: each is quoted, so that nothing in the query can act as an
 * operator. `don't`, `acct_1001` and `INV-20611` are one word each, so that the parts of a number find nothing by
 * themselves. Words too common to tell pages apart are left out.
 */
export function matchExpression(query: string): string {
  const plain = query.toLowerCase().replaceAll('’', "'")
  const words = plain.match(/[\p{L}\p{N}]+(?:'\p{L}+|[-_]\p{N}+)*/gu) ?? []
  const telling = new Set(words.filter((word) => !commonWords.has(word)))
  return [...telling]
    .slice(0, maxWords)
    .map((word) => `"${word}"`)
    .join(' OR ')
}

const commonWords: ReadonlySet<string> = new Set(
  [
    "a an and any are aren't as at be been but by can can't could did didn't do does doesn't docs don't for",
    "from had has have hello help hi how i i'm i've if in is isn't it it's its me my no not of on or our please",
    'so thank thanks that the their them there they this to was we were what when where which who why will',
    'with would you your',
  ].flatMap((line) => line.split(' ')),
)

function clampLimit(limit: number | undefined): number {
  return Math.min(maxLimit, Math.max(1, Math.trunc(limit ?? defaultLimit)))
}

function parseMatch(row: Row): DocMatch {
  return {
    page: text(row, 'page'),
    title: text(row, 'title'),
    snippet: text(row, 'snippet'),
    score: Math.round(number(row, 'score') * 1_000) / 1_000,
  }
}
