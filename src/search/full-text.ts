/** Ranked full text over passages that are in memory. */
import type { DatabaseSync } from 'node:sqlite'
import { PawlError } from '../ports/index.ts'
import { byCharacters } from './by-characters.ts'
import { indexed, matchOf, termsOf } from './terms.ts'

export type Found<T> = {
  /** The best first; of those as good, in the order given. A higher score is better. */
  readonly matches: readonly { readonly passage: T; readonly score: number }[]
  /**
   * `words`: by words and their stems (bm25), Chinese, Japanese and other writing without spaces by pairs of letters. `characters`: no
   * word matched, and these hold terms of the query within a word. `nothing`: the query has no letter or digit, or nothing matched.
   */
  readonly how: 'words' | 'characters' | 'nothing'
  /** Passages at the end that were not searched, since there are too many. */
  readonly notSearched: number
}

export interface Search {
  /** The query is words, whatever stands between them: it has no syntax. Synchronous: bounded by `SEARCH_BOUNDS`. */
  searchPassages<T extends { readonly text: string }>(passages: readonly T[], query: string, k: number): Found<T>
  /** For passages that become more: each is taken in once. */
  openIndex<T extends { readonly text: string }>(): PassageIndex<T>
}

export interface PassageIndex<T> {
  /** Those behind the bounds are left out, and counted. */
  add(passages: readonly T[]): void
  search(query: string, k: number): Found<T>
  close(): void
}

/** What one index holds: the loop of the process stands still while it is filled or searched. */
export const SEARCH_BOUNDS = {
  maxPassages: 20_000,
  maxCharacters: 12_000_000,
}

/**
 * Loads what a search needs; a program that never searches never loads it.
 * @throws PawlError `search_unavailable` where this build of Node has no SQLite with FTS5.
 */
export async function openSearch(): Promise<Search> {
  try {
    const { DatabaseSync } = await import('node:sqlite')
    const open = (): DatabaseSync => new DatabaseSync(':memory:')
    open().close()
    return {
      searchPassages: (passages, query, k) => searchOnce(open, passages, { query, k }),
      openIndex: () => indexOver(open()),
    }
  } catch (cause) {
    throw new PawlError('search_unavailable', 'full text needs a Node with node:sqlite: use Node 24.11 or later', {
      cause,
    })
  }
}

type Asked = { readonly query: string; readonly k: number }

function searchOnce<T extends { readonly text: string }>(
  open: () => DatabaseSync,
  passages: readonly T[],
  { query, k }: Asked,
): Found<T> {
  // Nothing is indexed for what finds nothing.
  const isEmpty = termsOf(query).length === 0 || k < 1 || passages.length === 0
  const index = indexOver<T>(open())
  try {
    index.add(isEmpty ? [] : passages)
    const found = index.search(query, k)
    return isEmpty ? { ...found, notSearched: passages.length - searchable(passages) } : found
  } finally {
    index.close()
  }
}

function searchable(passages: readonly { readonly text: string }[]): number {
  let characters = 0
  for (const [index, { text }] of passages.entries()) {
    characters += text.length
    if (index >= SEARCH_BOUNDS.maxPassages || characters > SEARCH_BOUNDS.maxCharacters) return index
  }
  return passages.length
}

export type Rank = { readonly index: number; readonly score: number }

/** The texts themselves are not kept. */
const CREATE = `CREATE VIRTUAL TABLE passages USING fts5(text, content='', tokenize='porter unicode61 remove_diacritics 2')`
const INSERT = 'INSERT INTO passages (rowid, text) VALUES (?, ?)'
/** bm25 is lower for a better match. */
const SELECT = 'SELECT rowid, rank FROM passages WHERE passages MATCH ? ORDER BY rank, rowid LIMIT ?'

function indexOver<T extends { readonly text: string }>(database: DatabaseSync): PassageIndex<T> {
  database.exec(CREATE)
  const insert = database.prepare(INSERT)
  const select = database.prepare(SELECT)
  const kept: T[] = []
  let characters = 0
  let left = 0
  const take = (passage: T) => {
    characters += passage.text.length
    const isFull = kept.length >= SEARCH_BOUNDS.maxPassages || characters > SEARCH_BOUNDS.maxCharacters
    // What comes behind one that was left out is left out too: nobody has to guess what is in it.
    if (left > 0 || isFull) left += 1
    else {
      insert.run(kept.length, indexed(passage.text))
      kept.push(passage)
    }
  }
  const ranked = (query: string, k: number): readonly Rank[] => {
    const rows = select.all(matchOf(query), Math.min(Math.floor(k), kept.length))
    return rows.map(({ rowid, rank }) => ({ index: Number(rowid), score: -Number(rank) }))
  }
  return {
    add(passages) {
      database.exec('BEGIN')
      for (const passage of passages) take(passage)
      database.exec('COMMIT')
    },
    search(query, k) {
      const terms = termsOf(query)
      if (terms.length === 0 || k < 1 || kept.length === 0) return { matches: [], how: 'nothing', notSearched: left }
      const byWords = ranked(query, k)
      const how = byWords.length > 0 ? 'words' : 'characters'
      const best = how === 'words' ? byWords : byCharacters(kept, terms, k)
      const matches = best.flatMap(({ index, score }) => {
        const passage = kept[index]
        return passage === undefined ? [] : [{ passage, score }]
      })
      return { matches, how: matches.length === 0 ? 'nothing' : how, notSearched: left }
    },
    close: () => database.close(),
  }
}
