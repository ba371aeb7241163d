/** The tools by which a model reads and searches outputs that were too large to show. */
import { type Slice, sliceOf } from '../core/artifact/slice.ts'
import type { JsonObject } from '../core/index.ts'
import type { ReadsArtifacts } from '../ports/artifact.ts'
import type { AnyTool, ToolContext } from '../ports/index.ts'
import { final, unknownArtifact } from './artifact-errors.ts'
import { type ReadArtifactInput, readArtifactInput, searchArtifactInput } from './builtin-inputs.ts'
import { tool } from './define.ts'
import { searchArtifacts } from './search-artifacts.ts'

export const artifactToolNames = ['read_artifact', 'search_artifact'] as const

export type ArtifactToolLimits = {
  /** What the tools answer takes less than this as JSON, so that no answer becomes an artifact. At least 1,024. */
  readonly maxInlineBytes: number
  readonly maxSearchMatches: number
}

/** Redaction comes after the tool, and what it writes may be a little longer than what it found. */
const SHARE_OF_INLINE = 7 / 8

/** `read_artifact` and `search_artifact`, for sessions whose tool context can read artifacts. */
export function artifactTools({ maxInlineBytes, maxSearchMatches }: ArtifactToolLimits): readonly AnyTool[] {
  const maxBytes = Math.floor(maxInlineBytes * SHARE_OF_INLINE)
  return [readArtifact(maxBytes), searchArtifact(maxBytes, maxSearchMatches)]
}

type Context = ToolContext & ReadsArtifacts

/** How far what they answer can be trusted is a matter of the artifact: the judge says it. */
const terms = { effect: 'read' } as const

function readArtifact(maxBytes: number): AnyTool {
  return tool({
    ...terms,
    name: 'read_artifact',
    description: [
      'Reads a part of an artifact: an output that was too large to show, of which you saw a preview.',
      'Give pointer (a JSON Pointer) to read inside JSON, offset and limit for rows, members or characters, line and lines for texts.',
      'Returns the part; nextOffset or nextLine says where to go on, cut what did not fit whole and the pointer that reads it.',
      'To find something, use search_artifact first.',
    ].join(' '),
    input: readArtifactInput,
    run: async (input, context: Context) => read(input, context, maxBytes),
  })
}

async function read(input: ReadArtifactInput, context: ReadsArtifacts, maxBytes: number): Promise<JsonObject> {
  const { artifact, ...request } = input
  const entries = await context.artifacts()
  const entry = entries.find(({ id }) => id === artifact)
  if (entry === undefined) throw unknownArtifact(artifact, entries)
  const { content } = await context.artifact(entry.id)
  const sliced: Slice = sliceOf(content, request, maxBytes - ID_BYTES)
  if (sliced.type === 'problem') throw final(`artifact ${entry.id}: ${sliced.problem}`)
  return { artifact: entry.id, ...sliced.slice }
}

/** `"artifact":"0123456789abcdef",` */
const ID_BYTES = 40

function searchArtifact(maxBytes: number, maxMatches: number): AnyTool {
  return tool({
    ...terms,
    name: 'search_artifact',
    description: [
      'Finds passages by words in one artifact, or in all artifacts of this session: outputs that were too large to show.',
      'Returns the best matches first, each with the artifact, a snippet, and the pointer, offset or line',
      'with which read_artifact shows the place.',
    ].join(' '),
    input: searchArtifactInput(maxMatches),
    run: async ({ query, artifact, k = maxMatches }, context: Context) =>
      searchArtifacts({ query, k, maxBytes, ...(artifact !== undefined && { artifact }) }, context),
  })
}
