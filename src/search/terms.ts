/** Words of a text and of a query, as the index has them. */

/** Of a query; what stands behind is not looked for. */
const MAX_QUERY_CHARACTERS = 2_000
const MAX_TERMS = 64

/** What the tokenizer (unicode61) takes for a word: letters, digits, private use, with their marks. */
const words = /[\p{L}\p{N}\p{Co}][\p{L}\p{N}\p{Co}\p{M}]*/gu
/** Writing that has no space between words. */
const unspaced = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}ー]+/gu

/** The words of the query, each once, in its order; none where it has no letter or digit. */
export function termsOf(query: string): readonly string[] {
  const found = query.slice(0, MAX_QUERY_CHARACTERS).toWellFormed().match(words) ?? []
  return [...new Set(found)].slice(0, MAX_TERMS)
}

/** The text as it is indexed: writing without spaces as pairs of neighbouring letters, and its last letter alone. */
export function indexed(text: string): string {
  // A NUL would end the text in SQLite.
  return text
    .toWellFormed()
    .replaceAll('\0', ' ')
    .replace(unspaced, (run) => ` ${pairs(run).join(' ')} `)
}

function pairs(run: string): readonly string[] {
  const letters = [...run]
  return letters.map((letter, index) => `${letter}${letters[index + 1] ?? ''}`)
}

/**
 * The query for FTS5: any of its words, those that stand together with nothing but signs between them also as a phrase
 * (`credit_card_78`). Every term is quoted, and none has a quote in it, so that nothing of the query is syntax.
 */
export function matchOf(query: string): string {
  const terms = termsOf(query).flatMap(phrasesOf)
  const together = query
    .slice(0, MAX_QUERY_CHARACTERS)
    .toWellFormed()
    .split(/\s+/u)
    .map((chunk) => chunk.match(words) ?? [])
    .filter((chunk) => chunk.length > 1)
    .slice(0, MAX_TERMS)
    .map((chunk) => quoted(indexed(chunk.join(' '))))
  return [...new Set([...terms, ...together])].join(' OR ')
}

/** A single letter of writing without spaces is the beginning of a pair. */
function phrasesOf(term: string): readonly string[] {
  const runs = term.match(unspaced) ?? []
  if (runs.length === 0) return [quoted(term)]
  const others = term.replace(unspaced, ' ').match(words) ?? []
  return [...runs.flatMap(phrasesOfRun), ...others.map(quoted)]
}

/** The run as a whole, and each of its pairs: a text that has only some of them is found behind those that have all. */
function phrasesOfRun(run: string): readonly string[] {
  const all = pairs(run)
  if (all.length === 1) return [`${quoted(run)}*`]
  const whole = all.slice(0, -1)
  return [...new Set([quoted(whole.join(' ')), ...whole.map(quoted)])].slice(0, MAX_TERMS)
}

function quoted(words: string): string {
  return `"${words}"`
}
