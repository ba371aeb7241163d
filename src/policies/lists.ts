/** Policies that know only the names of tools. */
import { builtinNames } from '../core/builtin-names.ts'
import type { Policy } from '../ports/index.ts'
import { define } from './define.ts'
import { namesOf, type ToolReference } from './tool-names.ts'

/**
 * Denies every tool that is not listed (`tool_not_allowed`); an empty list denies all. Being listed is no approval: a listed
 * tool that writes still needs a policy that speaks of it by name, such as `threshold` or `open`. The tools that come with the
 * runtime read what listed ones have answered, and need not be listed; `denyTools` switches them off.
 */
export function allowTools(tools: readonly ToolReference[]): Policy {
  const allowed = tools.length === 0 ? [] : namesOf('allowTools', tools)
  return define({
    rule: 'allowTools',
    revision: 2,
    tools: '*',
    parameters: { allowed },
    check: ({ call }) =>
      allowed.includes(call.tool) || (allowed.length > 0 && builtinNames.includes(call.tool))
        ? { type: 'allow' }
        : {
            type: 'deny',
            reason: 'tool_not_allowed',
            message: `${call.tool} is not among the tools that this agent may use`,
          },
  })
}

/** Denies the listed tools (`tool_denied`), whatever other policies say of them. */
export function denyTools(tools: readonly ToolReference[]): Policy {
  return define({
    rule: 'denyTools',
    revision: 1,
    tools: namesOf('denyTools', tools),
    told: { unattended: 'never' },
    check: ({ call }) => ({
      type: 'deny',
      reason: 'tool_denied',
      message: `${call.tool} is switched off for this agent`,
    }),
  })
}

/** Says aloud that these tools write and need no approval. Other policies may still deny them, or ask. */
export function open(first: ToolReference, ...others: readonly ToolReference[]): Policy {
  return define({
    rule: 'open',
    revision: 1,
    tools: namesOf('open', [first, ...others]),
    check: () => ({ type: 'allow' }),
  })
}
