import type { Policy, PolicyRequest } from '../ports/index.ts'
import { define } from './define.ts'
import { InvalidPolicyError } from './errors.ts'
import { namesOf, type ToolReference } from './tool-names.ts'

export type RetryBudgetOptions = {
  readonly tools: readonly ToolReference[] | '*'
  /** Failed calls of one tool that a session may have before the next is denied. */
  readonly max: number
}

/**
 * Denies a tool once `max` of its calls in the session have failed or ended unknown (`retry_budget_exhausted`), counted for each
 * tool alone. A call that was denied, held and rejected, or cancelled has not failed. Reads the session's calls, so that its cost
 * grows with them.
 * @throws InvalidPolicyError if `max` is not a whole number from 1.
 */
export function retryBudget({ tools, max }: RetryBudgetOptions): Policy {
  if (!Number.isSafeInteger(max) || max < 1) {
    throw new InvalidPolicyError(`retryBudget expected a max that is a whole number from 1, found ${max}`)
  }
  return define({
    rule: 'retryBudget',
    revision: 1,
    tools: tools === '*' ? tools : namesOf('retryBudget', tools),
    parameters: { max },
    check: (request) => {
      if (!hasFailed(request, max)) return { type: 'allow' }
      const message = `${request.call.tool} has failed ${max} times in this session: try another way, or say that it cannot be done`
      return { type: 'deny', reason: 'retry_budget_exhausted', message }
    },
  })
}

const failures: ReadonlySet<string | undefined> = new Set(['retryable_error', 'terminal_error', 'unknown'])

function hasFailed({ call, state }: PolicyRequest, times: number): boolean {
  let failed = 0
  for (const earlier of state.calls.values()) {
    if (earlier.tool !== call.tool || earlier.callId === call.callId || !failures.has(earlier.outcome?.type)) continue
    failed += 1
    if (failed >= times) return true
  }
  return false
}
