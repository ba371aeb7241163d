import type { Verdict } from '../core/index.ts'
import type { Policy, PolicyRequest } from '../ports/index.ts'
import { InvalidPolicyError } from './errors.ts'
import { namesOf, type ToolReference } from './tool-names.ts'

export type PolicyOptions = {
  readonly name: string
  /** Raise it with every change of `check`: approvals given under the old rule then no longer count. */
  readonly version: string
  readonly tools: readonly ToolReference[] | '*'
  readonly check: (request: PolicyRequest) => Verdict | Promise<Verdict>
}

/**
 * A rule of your own. `check` may answer at once or later; one that throws, takes longer than `policyTimeoutMs` or answers
 * anything but a verdict denies.
 * @throws InvalidPolicyError if the name, the version or the list of tools is empty.
 */
export function policy({ name, version, tools, check }: PolicyOptions): Policy {
  if (name === '' || version === '') {
    throw new InvalidPolicyError(`policy expected a name and a version, found ${JSON.stringify({ name, version })}`)
  }
  return Object.freeze({ name, version, tools: tools === '*' ? tools : namesOf(name, tools), check })
}
