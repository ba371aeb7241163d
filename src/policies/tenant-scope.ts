import type { Verdict } from '../core/index.ts'
import type { Policy, PolicyRequest } from '../ports/index.ts'
import { define } from './define.ts'
import { namesOf, type ToolReference } from './tool-names.ts'

export type TenantScopeOptions<Input> = {
  readonly tools: readonly ToolReference<Input>[]
  /** The tenant whose data the call would touch; null where there is none. May look it up, within `policyTimeoutMs`. */
  readonly tenantOf: (input: Input, request: PolicyRequest) => string | null | Promise<string | null>
  /** Raise it with every change of `tenantOf`: a function has no version of its own. */
  readonly version?: string
}

/**
 * Denies a call that would touch another tenant's data (`other_tenant`). Data that does not exist is denied in the same words, so
 * that no answer tells one from the other.
 */
export function tenantScope<Input>({ tools, tenantOf, version }: TenantScopeOptions<Input>): Policy {
  return define({
    rule: 'tenantScope',
    revision: 1,
    tools: namesOf('tenantScope', tools),
    parameters: { version },
    check: (request) => {
      // The tool's own schema has validated the input before any policy sees it.
      const found = tenantOf(request.call.input as Input, request)
      return found instanceof Promise ? found.then((tenant) => verdictOn(tenant, request)) : verdictOn(found, request)
    },
  })
}

function verdictOn(tenant: unknown, request: PolicyRequest): Verdict {
  if (typeof tenant === 'string' && tenant === request.tenant) return { type: 'allow' }
  return { type: 'deny', reason: 'other_tenant', message: 'there is no such data here' }
}
