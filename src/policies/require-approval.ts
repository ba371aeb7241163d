import type { Policy } from '../ports/index.ts'
import { type AskOptions, askFor } from './approval.ts'
import { define } from './define.ts'
import { namesOf, type ToolReference } from './tool-names.ts'

export type RequireApprovalOptions = AskOptions & { readonly tools: readonly ToolReference[] | '*' }

/**
 * Asks people about every call of these tools. The runtime lets a call through that people have approved, exactly as it is.
 * @throws InvalidPolicyError for an empty list of tools, an empty reason, or terms that could not be met.
 */
export function requireApproval({ tools, ...options }: RequireApprovalOptions): Policy {
  const verdict = askFor('requireApproval', options)
  return define({
    rule: 'requireApproval',
    revision: 1,
    tools: tools === '*' ? tools : namesOf('requireApproval', tools),
    parameters: { verdict },
    told: { unattended: 'never' },
    check: () => verdict,
  })
}
