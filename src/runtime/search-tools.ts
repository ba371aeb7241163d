/** `search_tools`: finds tools of a list that is too long to be shown. */
import { jsonBytes } from '../core/artifact/json-bytes.ts'
import { SEARCH_TOOLS } from '../core/builtin-names.ts'
import { type JsonObject, type Limits, previewOf } from '../core/index.ts'
import type { AnyTool, ToolSpec } from '../ports/index.ts'
import { openSearch } from '../search/full-text.ts'
import { searchToolsInput } from './builtin-inputs.ts'
import { tool } from './define.ts'

const MAX_FOUND = 5
/** Of one description; fewer where that is too much. */
const DESCRIPTION_CHARACTERS = [300, 150, 70, 30]

/** `toolsFor`: what the task of a call may call. The tools that it answers with are shown to that task from its next turn on. */
export function searchToolsOf(
  toolsFor: (callId: string) => readonly ToolSpec[],
  { maxToolsShown, maxInlineBytes }: Pick<Limits, 'maxToolsShown' | 'maxInlineBytes'>,
): AnyTool {
  const most = Math.min(MAX_FOUND, maxToolsShown)
  return tool({
    name: SEARCH_TOOLS,
    effect: 'read',
    description:
      'Finds more of your tools by what they do: not all of them are shown. Say in some words what you want to do. The tools found can be called from your next turn on.',
    input: searchToolsInput,
    run: async ({ query }, { callId }) => {
      const tools = toolsFor(callId)
      const passages = tools.map((spec) => ({ spec, text: textOf(spec) }))
      const { searchPassages } = await openSearch()
      const found = searchPassages(passages, query, most).matches.map(({ passage }) => passage.spec)
      if (found.length === 0)
        return { tools: [], note: `none of your ${tools.length} tools matches these words; try others` }
      return { tools: described(found, maxInlineBytes * SHARE_OF_INLINE) }
    },
  })
}

/** What a search answers has to stand in the log as it is: the names in it are what is shown from then on. */
const SHARE_OF_INLINE = 7 / 8

/** With as much of their descriptions as there is room for. */
function described(found: readonly ToolSpec[], maxBytes: number): readonly JsonObject[] {
  const within = (characters: number) =>
    found.map(({ name, description }) => ({ name, description: previewOf(description, characters) }))
  const shown = DESCRIPTION_CHARACTERS.map(within).find((tools) => jsonBytes(tools, maxBytes) <= maxBytes)
  return shown ?? found.map(({ name }) => ({ name }))
}

/** A name counts by its words: `issue_refund` is found by "refund". */
function textOf({ name, description, inputSchema }: ToolSpec): string {
  const words = name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').replaceAll(/[_-]/g, ' ')
  const { properties } = inputSchema
  const fields = typeof properties === 'object' && properties !== null ? Object.keys(properties).join(' ') : ''
  return `${name} ${words} ${words}\n${description}\n${fields.replaceAll(/[_-]/g, ' ')}`
}
