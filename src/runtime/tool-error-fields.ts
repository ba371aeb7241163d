import { ToolError } from '../ports/tool.ts'

/** What a tool says of its own failure. */
export type ToolErrorFields = { readonly retryable: boolean; readonly tookEffect: false | 'unknown' }

/**
 * Of what was thrown; null where it is no `ToolError`, or cannot be read. Also known by its code: a tool may have a copy of the class
 * of its own.
 */
export function toolErrorFields(problem: unknown): ToolErrorFields | null {
  try {
    if (!(problem instanceof Error) || !isToolError(problem)) return null
    const tookEffect = 'tookEffect' in problem && problem.tookEffect === false ? false : 'unknown'
    return { retryable: 'retryable' in problem && problem.retryable === true, tookEffect }
  } catch {
    return null
  }
}

function isToolError(problem: Error): boolean {
  return problem instanceof ToolError || ('code' in problem && problem.code === 'tool_error')
}
