/** The part of a passage that a match shows. */
import { previewOf } from '../core/index.ts'
import { termsOf } from './terms.ts'

const MAX_SNIPPET_CHARACTERS = 300
const CHARACTERS_BEFORE = 80
/** A stem may stand in another form than in the query. */
const STEM_CHARACTERS = 5

/** From shortly before the first term that is in the text, and how many line breaks stand before that. "…" marks what is cut. */
export function snippetOf(text: string, query: string): { readonly snippet: string; readonly linesBefore: number } {
  const start = text.length <= MAX_SNIPPET_CHARACTERS ? 0 : startOf(text, query)
  const snippet = previewOf(text.slice(start), MAX_SNIPPET_CHARACTERS)
  const isCut = start + snippet.length < text.length
  const linesBefore = text.slice(0, start).split('\n').length - 1
  return { snippet: `${start > 0 ? '…' : ''}${snippet}${isCut ? '…' : ''}`, linesBefore }
}

function startOf(text: string, query: string): number {
  const lower = text.toLowerCase()
  const found = termsOf(query)
    .map((term) => lower.indexOf(previewOf(term.toLowerCase(), STEM_CHARACTERS)))
    .filter((at) => at >= 0)
  const first = found.length === 0 ? 0 : Math.min(...found)
  if (first <= CHARACTERS_BEFORE) return 0
  // At the beginning of its line, or of a word, which splits no pair.
  const near = first - CHARACTERS_BEFORE
  const line = text.lastIndexOf('\n', first - 1) + 1
  const space = text.indexOf(' ', near) + 1
  if (line >= near) return line
  return space > near && space <= first ? space : first
}
