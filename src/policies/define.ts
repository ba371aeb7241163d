import type { Json, Verdict } from '../core/index.ts'
import type { Policy, PolicyRequest } from '../ports/index.ts'

/** A policy of this folder before it has a version. */
export type Definition = {
  /** The rule's name; that of its tools is added. */
  readonly rule: string
  /** Rises when the rule itself changes, so that approvals given under the old one no longer count. */
  readonly revision: number
  readonly tools: readonly string[] | '*'
  /** Everything that decides besides the tools. Functions are named by the `version` that their author gives them. */
  readonly parameters?: { readonly [name: string]: Json | undefined }
  /** What is told of it besides: see `Policy`. */
  readonly told?: Pick<Policy, 'unattended' | 'ruleOfTwo'>
  readonly check: (request: PolicyRequest) => Verdict | Promise<Verdict>
}

/** The policy, named after its rule and tools, with a version that changes with every parameter. */
export function define({ rule, revision, tools, parameters = {}, told, check }: Definition): Policy {
  const name = `${rule}(${tools === '*' ? '*' : tools.join(', ')})`
  return Object.freeze({
    name,
    version: `${revision} ${JSON.stringify({ tools, ...parameters })}`,
    tools,
    ...told,
    check,
  })
}
