/** `search_tools`: finds tools of a list that is too long to be shown. */
import type { Limits } from '../core/index.ts'
import type { AnyTool, ToolSpec } from '../ports/index.ts'
import { openSearch } from '../search/full-text.ts'
import { searchToolsInput } from './builtin-inputs.ts'
import { SEARCH_TOOLS } from './builtin-names.ts'
import { tool } from './define.ts'

const MAX_FOUND = 5
const DESCRIPTION_CHARACTERS = 300

/** `toolsFor`: what the task of a call may call. The tools that it answers with are shown to that task from its next turn on. */
export function searchToolsOf(
  toolsFor: (callId: string) => readonly ToolSpec[],
  { maxToolsShown }: Pick<Limits, 'maxToolsShown'>,
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
      return {
        tools: found.map(({ name, description }) => ({
          name,
          description: description.slice(0, DESCRIPTION_CHARACTERS),
        })),
      }
    },
  })
}

/** A name counts by its words: `issue_refund` is found by "refund". */
function textOf({ name, description, inputSchema }: ToolSpec): string {
  const words = name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').replaceAll(/[_-]/g, ' ')
  const { properties } = inputSchema
  const fields = typeof properties === 'object' && properties !== null ? Object.keys(properties).join(' ') : ''
  return `${name} ${words} ${words}\n${description}\n${fields.replaceAll(/[_-]/g, ' ')}`
}
