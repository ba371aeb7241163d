/** Whose results a processor looks at: the model never reads those themselves. */
import { artifactNames, SEARCH_TOOLS } from '../builtin-names.ts'
import type { CallState, State } from '../state.ts'

/** An output of a tool that it looks at, or what a person has answered in its place; and it has not yet. */
export function isForProcessor(state: State, call: CallState): boolean {
  const { memory, approvals } = state
  const { processed, outcome, status, terms, approvalId, isControl } = call
  if (memory?.processor === undefined || processed !== null) return false
  if (status !== 'finished' || isControl || outcome === null) return false
  const approval = approvals.get(approvalId ?? '')
  const isOfPerson =
    approval?.resolution === 'answered' || (approval?.resolution === 'rejected' && approval.resolvedReason !== null)
  if (isOfPerson) return true
  return outcome.type === 'ok' && terms !== null && isLookedAt(state, call)
}

/**
 * What `search_tools` says is nothing to process. What a model itself reads of an artifact it is shown, unless the processor names the
 * tools that read.
 */
function isLookedAt({ memory }: State, { tool }: CallState): boolean {
  const { tools } = memory?.processor ?? {}
  if (tools !== undefined) return tools.includes(tool)
  return tool !== SEARCH_TOOLS && !artifactNames.includes(tool)
}
