/** A folder of Markdown, listed, searched and read. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { ToolError } from 'pawl'
import { inside } from '../planned/inside.ts'

export type Passage = { readonly path: string; readonly text: string; readonly score: number }

export interface Documents {
  /** Paths from the root on, in order, with title and length. */
  list(folder: string): readonly { readonly path: string; readonly title: string; readonly words: number }[]
  /** The passages that hold most of the query's words, the best first; each holds one at least. */
  search(folder: string, query: string): readonly Passage[]
  /** What of a document speaks of it, in its order, about 10,000 characters at most: a prompt has no room for whole books. @throws ToolError if there is no such document. */
  read(path: string, about: string): string
}

const MOST_PASSAGES = 6
const MOST_CHARACTERS = 10_000

export function documentsIn(root: string): Documents {
  const read = (path: string) => {
    const file = inside(root, path)
    if (path.endsWith('.md') && statSync(file, { throwIfNoEntry: false })?.isFile()) return readFileSync(file, 'utf8')
    throw new ToolError(`expected the path of a document as list_docs gives it; found ${path}`, { tookEffect: false })
  }
  const pathsIn = (folder: string) => {
    const found = readdirSync(inside(root, folder), { recursive: true, encoding: 'utf8' })
    const paths = found.filter((path) => path.endsWith('.md')).map((path) => path.replaceAll('\\', '/'))
    return paths.toSorted().map((path) => (folder === '.' ? path : `${folder}/${path}`))
  }
  return {
    read: (path, about) => aboutIn(read(path), [...new Set(wordsOf(about))]),
    list: (folder) =>
      pathsIn(folder).map((path) => {
        const text = read(path)
        return { path, title: /^# (.+)$/m.exec(text)?.[1] ?? path, words: wordsOf(text).length }
      }),
    search: (folder, query) => {
      const wanted = [...new Set(wordsOf(query))]
      const passages = pathsIn(folder).flatMap((path) =>
        passagesOf(read(path)).map((text) => ({ path, text, score: scoreOf(text, wanted) })),
      )
      const found = passages.filter(({ score }) => score > 0)
      return found.toSorted((one, other) => other.score - one.score).slice(0, MOST_PASSAGES)
    },
  }
}

/** The blocks with the most of the words, as they stand. */
function aboutIn(text: string, wanted: readonly string[]): string {
  const blocks = blocksOf(text).map((block, place) => ({ block, place, score: scoreOf(block, wanted) }))
  const best = blocks.filter(({ score }) => score > 0).toSorted((one, other) => other.score - one.score)
  let room = MOST_CHARACTERS
  const kept = best.filter(({ block }) => {
    if (block.length > room) return false
    room -= block.length
    return true
  })
  const inOrder = kept.toSorted((one, other) => one.place - other.place)
  return inOrder.map(({ block }) => block).join('\n\n')
}

/** Paragraphs, items of lists and rows of tables. */
function blocksOf(text: string): readonly string[] {
  return text.split(/\n\s*\n|\n(?=\s*(?:[-*|]|\d+\.) ?)/)
}

/** Each on one line; headings are none. */
function passagesOf(text: string): readonly string[] {
  const blocks = blocksOf(text).map(onOneLine)
  return blocks.filter((block) => block !== '' && !block.startsWith('#'))
}

/** As quotes are compared: however its lines were broken. */
export function onOneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim()
}

function scoreOf(passage: string, wanted: readonly string[]): number {
  const words = new Set(wordsOf(passage))
  return wanted.filter((word) => words.has(word)).length
}

/** Small words say nothing about a topic. */
export function wordsOf(text: string): readonly string[] {
  return (text.toLowerCase().match(/\p{L}{3,}/gu) ?? []).map((word) =>
    word.length > 4 ? word.replace(/s$/, '') : word,
  )
}
