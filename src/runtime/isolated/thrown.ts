/** Errors across the border of an isolated call: their message, and what a `ToolError` says beside it. */
import { ToolError } from '../../ports/tool.ts'
import { problemText } from '../problem-text.ts'
import { toolErrorFields } from '../tool-error-fields.ts'
import type { Thrown } from './messages.ts'

export function thrownOf(problem: unknown): Thrown {
  return { message: problemText(problem), toolError: toolErrorFields(problem) }
}

/** As it was thrown on the other side. */
export function thrownError({ message, toolError }: Thrown): Error {
  if (toolError === null) return new Error(message)
  const { retryable, tookEffect } = toolError
  return new ToolError(message, tookEffect === false ? { retryable, tookEffect } : { retryable })
}
