/** Words of a text and phrases of rules, cut alike, in any script. All of it is linear in the text. */

/**
 * A character of a script that puts no blanks between words is a word of its own here, so that a phrase is found anywhere in a
 * sentence. Elsewhere a word is a run of letters, marks, digits and "_".
 */
const WORD =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]|[[\p{L}\p{M}\p{N}_]--[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]]+/gv
const UNSPACED = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/gv
/** How many characters of such a script a word has, as a rule. */
const UNSPACED_PER_WORD = 2

/** Words in a phrase of a rule, at most. */
const MAX_PHRASE_WORDS = 8

/** Stands between words that do not follow one another. */
export const BREAK = ''

/** The words of a text, in small letters. */
export function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().match(WORD) ?? []
}

/** How many words a piece of text without blanks counts for: none where it is signs alone. */
export function wordCount(piece: string): number {
  const words = piece.match(WORD)
  if (words === null) return 0
  const unspaced = piece.match(UNSPACED)?.length ?? 0
  return Math.ceil(unspaced / UNSPACED_PER_WORD) + (words.length > unspaced ? 1 : 0)
}

type PhraseWord = { readonly word: string; readonly isPrefix: boolean }

/** A phrase of a rule, with what it stands for. */
type Phrase = { readonly text: string; readonly words: readonly PhraseWord[] }

/** Phrases by their first word, or by its first unit where the word is open, so that a text is walked once whatever their number. */
export type PhraseBook = {
  readonly exact: ReadonlyMap<string, readonly Phrase[]>
  readonly open: ReadonlyMap<string, readonly Phrase[]>
}

export function phraseBook(phrases: readonly string[]): PhraseBook {
  const parsed = phrases.map((text) => ({ text, words: phraseWords(text) })).filter(({ words }) => words.length > 0)
  const firstOf = ({ words }: Phrase) => words[0]?.word ?? BREAK
  const isOpen = ({ words }: Phrase) => words[0]?.isPrefix === true
  return {
    exact: Map.groupBy(
      parsed.filter((phrase) => !isOpen(phrase)),
      firstOf,
    ),
    open: Map.groupBy(parsed.filter(isOpen), (phrase) => firstOf(phrase).charAt(0)),
  }
}

/** The phrases that begin at a place in a text. */
export function phrasesAt(book: PhraseBook, words: readonly string[], at: number): readonly string[] {
  const first = words[at] ?? BREAK
  if (first === BREAK) return []
  return [...(book.exact.get(first) ?? []), ...(book.open.get(first.charAt(0)) ?? [])]
    .filter((phrase) => standsAt(phrase, words, at))
    .map(({ text }) => text)
}

/** The first phrase in a text. */
export function findPhrase(book: PhraseBook, words: readonly string[]): string | undefined {
  for (let at = 0; at < words.length; at += 1) {
    const [found] = phrasesAt(book, words, at)
    if (found !== undefined) return found
  }
  return undefined
}

/** Why a phrase of a rule could never be found, as the end of a sentence about it; or null. */
export function problemOfPhrase(phrase: string): string | null {
  const { length } = phraseWords(phrase)
  if (length === 0) return 'has no word in it'
  if (length > MAX_PHRASE_WORDS) return `has more than ${MAX_PHRASE_WORDS} words`
  if (/\*(?!\s|$)/u.test(phrase)) return 'has a "*" that is not at the end of a word'
  return null
}

function standsAt({ words: phrase }: Phrase, words: readonly string[], at: number): boolean {
  return phrase.every(({ word, isPrefix }, index) => {
    const found = words[at + index] ?? BREAK
    return isPrefix ? found.startsWith(word) : found === word
  })
}

function phraseWords(phrase: string): readonly PhraseWord[] {
  return phrase
    .normalize('NFKC')
    .split(/\s+/u)
    .flatMap((piece) => {
      const words = wordsOf(piece)
      return words.map((word, index) => ({ word, isPrefix: piece.endsWith('*') && index === words.length - 1 }))
    })
}
