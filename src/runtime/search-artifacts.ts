/** Ranked full text across the artifacts of a session. */
import { jsonBytes } from '../core/artifact/json-bytes.ts'
import { type Passage, passagesOf } from '../core/artifact/passages.ts'
import type { Json, JsonObject } from '../core/index.ts'
import type { ArtifactEntry, ReadsArtifacts } from '../ports/artifact.ts'
import { ToolError } from '../ports/index.ts'
import { type Found, openSearch, SEARCH_BOUNDS } from '../search/full-text.ts'
import { snippetOf } from '../search/snippet.ts'
import { unknownArtifact } from './artifact-errors.ts'

export type ArtifactSearch = {
  readonly query: string
  /** Absent: all of the session. */
  readonly artifact?: string
  readonly k: number
  /** Of the answer as JSON. */
  readonly maxBytes: number
}

type Place = Passage & { readonly artifact: string }
type Gathered = { readonly places: readonly Place[]; readonly notSearched: readonly string[] }
type Context = ReadsArtifacts & { readonly signal: AbortSignal }

/** Of all artifacts of one search together: they are read one after another. */
const MAX_READ_BYTES = 134_217_728
const MAX_NOT_SEARCHED = 5
/** A longer one is left out of a match, which then names the artifact only. */
const MAX_POINTER_BYTES = 300

/** `{ matches: [{ artifact, pointer | offset | line, snippet }], how?, notSearched?, next }`. */
export async function searchArtifacts(asked: ArtifactSearch, context: Context): Promise<JsonObject> {
  const { places, notSearched } = await gather(await entriesOf(asked, context), context)
  const { searchPassages } = await openSearch()
  const found = searchPassages(places, asked.query, asked.k)
  const left = found.notSearched > 0 ? [`${found.notSearched} passages at the end: there are too many`] : []
  return answer(found, [...notSearched, ...left], asked)
}

/** Each once, the newest first. */
async function entriesOf({ artifact }: ArtifactSearch, context: Context): Promise<readonly ArtifactEntry[]> {
  const all = await context.artifacts()
  const wanted = artifact === undefined ? all : all.filter(({ id }) => id === artifact)
  if (artifact !== undefined && wanted.length === 0) throw unknownArtifact(artifact, all)
  return [...new Map(wanted.map((entry) => [entry.id, entry])).values()].reverse()
}

/** Each artifact may have its share of the passages, and what the earlier ones left of theirs. */
async function gather(entries: readonly ArtifactEntry[], context: Context): Promise<Gathered> {
  const places: Place[] = []
  const notSearched: string[] = []
  let bytes = 0
  for (const [index, entry] of entries.entries()) {
    context.signal.throwIfAborted()
    bytes += entry.bytes
    if (index > 0 && bytes > MAX_READ_BYTES) {
      notSearched.push(`${entry.id}: too much for one search; search it alone`)
      continue
    }
    const content = await contentOf(entry, context, entries.length === 1)
    if (content === null) notSearched.push(`${entry.id}: its content was erased or cannot be read`)
    else {
      const share = Math.floor((SEARCH_BOUNDS.maxPassages - places.length) / (entries.length - index))
      const { passages, isCut } = passagesOf(content.content, share)
      for (const passage of passages) places.push({ ...passage, artifact: entry.id })
      if (isCut)
        notSearched.push(`${entry.id}: all behind its first ${passages.length} passages; read_artifact reads it`)
    }
  }
  return { places, notSearched }
}

/** Among others, one that is gone does not end the search. Null: it is gone. */
async function contentOf(
  { id }: ArtifactEntry,
  context: Context,
  isAlone: boolean,
): Promise<{ readonly content: Json } | null> {
  try {
    return await context.artifact(id)
  } catch (error) {
    if (!isAlone && error instanceof ToolError && !error.retryable) return null
    throw error
  }
}

function answer(found: Found<Place>, notSearched: readonly string[], { query, maxBytes }: ArtifactSearch): JsonObject {
  const said = notSearched.slice(0, MAX_NOT_SEARCHED)
  const more = notSearched.length - said.length
  const rest = {
    ...(found.how === 'characters' && { how: 'No word matched; these hold a term of the query inside a word.' }),
    ...(said.length > 0 && { notSearched: more > 0 ? [...said, `and ${more} more`] : said }),
    next: found.matches.length > 0 ? READ_ON : NOTHING_FOUND,
  }
  const matches: JsonObject[] = []
  let left = maxBytes - jsonBytes({ matches: [], ...rest }, Number.POSITIVE_INFINITY)
  for (const { passage } of found.matches) {
    const match = matchOf(passage, query)
    left -= jsonBytes(match, Number.POSITIVE_INFINITY) + 1
    if (left < 0) break
    matches.push(match)
  }
  return { matches, ...rest }
}

const READ_ON = 'Give artifact with pointer, offset or line of a match to read_artifact to see the place whole.'
const NOTHING_FOUND = 'Nothing matched: try other words, fewer letters of a name, or read_artifact.'

function matchOf({ artifact, pointer, offset, line, text }: Place, query: string): JsonObject {
  const { snippet, linesBefore } = snippetOf(text, query)
  const isNamed = pointer === undefined || jsonBytes(pointer, MAX_POINTER_BYTES) <= MAX_POINTER_BYTES
  const place = {
    ...(pointer !== undefined && { pointer }),
    ...(offset !== undefined && { offset }),
    ...(line !== undefined && { line: line + linesBefore }),
  }
  return { artifact, ...(isNamed && place), snippet }
}
