/** Where no word matches: passages that hold terms of the query inside their words. */
import type { Rank } from './full-text.ts'

/** The share of the terms that a passage holds, whatever their case; of those alike, in order. */
export function byCharacters(
  passages: readonly { readonly text: string }[],
  terms: readonly string[],
  k: number,
): readonly Rank[] {
  const wanted = terms.map((term) => term.toLowerCase())
  return passages
    .map(({ text }, index) => ({ index, score: shareIn(text.toLowerCase(), wanted) }))
    .filter(({ score }) => score > 0)
    .sort((one, other) => other.score - one.score || one.index - other.index)
    .slice(0, k)
}

function shareIn(text: string, wanted: readonly string[]): number {
  return wanted.filter((term) => text.includes(term)).length / wanted.length
}
