/** A request as the rules look at it: how long it is, which files it names, whether it asks, and its words. */
import { previewOf } from '../border-text.ts'
import { fileLook, type Piece } from './route-files.ts'
import type { RouteRules } from './route-rules.ts'
import { BREAK, phraseBook, phrasesAt, wordCount, wordsOf } from './route-words.ts'

/** UTF-16 units of a request that are looked at, by every level; what stands behind them never counts. */
export const ROUTED_CHARACTERS = 16_384

export type Request = {
  /** It is longer than what is looked at. */
  readonly isCut: boolean
  /** Unicode characters, without blanks at both ends. */
  readonly characters: number
  readonly wordCount: number
  /** All words in small letters, those of code too, without names of files and addresses. */
  readonly words: readonly string[]
  readonly files: readonly string[]
  /** It names many files at once by a pattern. */
  readonly isWide: boolean
  /** Every sentence outside of code is a question. */
  readonly isQuestion: boolean
  /** Lines that begin as a point of a list does. */
  readonly listItems: number
}

const FENCE = '```'
const LINE_BREAK = /\r\n|[\v\f\r\u0085\u2028\u2029]/gu
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu
const CONTROL = /(?!\n)\p{Cc}/gu
const LIST_ITEM = /^ {0,8}(?:\d{1,3}[.)]|[-*+•]) /u
const STATEMENT_ENDS = new Set('.!。')
const CLOSING = new Set('"\'`*)]}»“”’」』')

export function readRequest(text: string, rules: RouteRules): Request {
  const seen = previewOf(text, ROUTED_CHARACTERS).toWellFormed()
  const whole = plain(seen)
  const sections = previewOf(whole, ROUTED_CHARACTERS).split(FENCE)
  const prose = sections.filter((_, index) => index % 2 === 0).flatMap(piecesOf)
  const code = sections.filter((_, index) => index % 2 === 1)
  const look = fileLook(rules)
  const looked = prose.map((piece) => ({ piece, is: look(piece) }))
  const words = looked.flatMap(({ piece, is }) => wordsAround(piece, is))
  return {
    isCut: Math.max(text.length, whole.length) > ROUTED_CHARACTERS,
    characters: [...seen.trim()].length,
    wordCount: [...prose, ...code.flatMap(piecesOf)].reduce((sum, piece) => sum + wordCount(piece), 0),
    words: [...words, ...code.flatMap((section) => [BREAK, ...wordsOf(section)])],
    files: looked.flatMap(({ is }) => (is.type === 'file' ? [is.name] : [])),
    isWide: looked.some(({ is }) => is.type === 'wide'),
    isQuestion: isQuestion(prose, words, rules),
    listItems: sections.flatMap((section) => section.split('\n')).filter((line) => LIST_ITEM.test(line)).length,
  }
}

/** What reads alike becomes alike: width and ligatures, invisible characters, controls (NUL too), the ends of lines. */
function plain(text: string): string {
  return text.normalize('NFKC').replace(INVISIBLE, '').replace(LINE_BREAK, '\n').replace(CONTROL, ' ')
}

function piecesOf(section: string): readonly string[] {
  return section.split(/\s+/u).filter((piece) => piece !== '')
}

function wordsAround(piece: string, is: Piece): readonly string[] {
  if (is.type === 'address') return [BREAK]
  if (is.type !== 'file') return wordsOf(piece)
  return piece.split(is.name).flatMap((rest) => [...wordsOf(rest), BREAK])
}

/**
 * A sentence ends with a piece that ends in ".", "!", "。" or a question mark, and the last one with the text. Without the mark only a
 * sentence that stands alone is taken for a question, by how it begins.
 */
function isQuestion(prose: readonly string[], words: readonly string[], rules: RouteRules): boolean {
  const marks = new Set(rules.questionMarks)
  const ends = prose.map(lastSign)
  const questions = ends.filter((sign) => marks.has(sign)).length
  const statements = ends.filter((sign) => STATEMENT_ENDS.has(sign)).length
  const last = ends.at(-1) ?? ''
  const isOpen = last !== '' && !marks.has(last) && !STATEMENT_ENDS.has(last)
  if (questions + statements + (isOpen ? 1 : 0) !== 1) return questions > 0 && statements === 0 && !isOpen
  return questions === 1 || phrasesAt(phraseBook(rules.questionWords), words, 0).length > 0
}

function lastSign(piece: string): string {
  let end = piece.length
  while (end > 1 && CLOSING.has(piece.charAt(end - 1))) end -= 1
  return piece.charAt(end - 1)
}
