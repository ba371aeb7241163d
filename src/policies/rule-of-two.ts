import type { Exposure, Sensitivity, Source, Trust } from '../core/index.ts'
import type { Policy, PolicyRequest } from '../ports/index.ts'
import { type AskOptions, askFor } from './approval.ts'
import { define } from './define.ts'
import { InvalidPolicyError } from './errors.ts'
import { namesOf, type ToolReference } from './tool-names.ts'

export type RuleOfTwoOptions = Omit<AskOptions, 'reason' | 'message'> & {
  /** What counts as untrusted input. `['external']` by default; add `'user'` where users do not answer for what they write. */
  readonly untrusted?: readonly Trust[]
  /** What counts as private. `['private']` by default. */
  readonly sensitive?: readonly Sensitivity[]
  /** Writes that do no harm whoever directs them, such as a ticket for a colleague: they are let through. */
  readonly except?: readonly ToolReference[]
}

/**
 * After Meta's "Agents Rule of Two" (2025): untrusted input, private data, and changing something or reaching outside are at most
 * two without a person. Asks people (`rule_of_two`) about every call that writes, or whose tool declares `egress`, once the session
 * holds both untrusted input and private data; the message names what brought them. It speaks of all tools but governs none: a
 * tool that writes still needs a policy that names it. Each such call costs one step for each message and call of the session.
 * @throws InvalidPolicyError for an empty `untrusted` or `sensitive`, or terms of the approval that could not be met.
 */
export function ruleOfTwo(options: RuleOfTwoOptions = {}): Policy {
  const { untrusted = ['external'], sensitive = ['private'], except = [], ...terms } = options
  if (untrusted.length === 0 || sensitive.length === 0) {
    throw new InvalidPolicyError(
      'ruleOfTwo expected some labels in untrusted and in sensitive, found none: it would never ask',
    )
  }
  const asked = askFor('ruleOfTwo', { ...terms, reason: 'rule_of_two' })
  const excepted = except.length === 0 ? [] : namesOf('ruleOfTwo', except)
  // With other labels it may leave out what strangers write, or what is private.
  const isWhole = untrusted.includes('external') && sensitive.includes('private')
  return define({
    rule: 'ruleOfTwo',
    revision: 1,
    tools: '*',
    parameters: { untrusted: [...untrusted].sort(), sensitive: [...sensitive].sort(), excepted, verdict: asked },
    ...(isWhole && { told: { unattended: 'rule_of_two', ruleOfTwo: { sensitive, except: excepted } } }),
    check: (request) => {
      const { tool } = request
      if (!actsOutside(tool) || excepted.includes(tool.name)) return { type: 'allow' }
      // Read only here: it is derived from the whole session.
      const { exposure } = request
      const untrustedSources = exposure.filter(({ trust }) => untrusted.includes(trust))
      const privateSources = exposure.filter(({ sensitivity }) => sensitive.includes(sensitivity))
      if (untrustedSources.length === 0 || privateSources.length === 0) return { type: 'allow' }
      const found = `untrusted: ${listed(untrustedSources)}; private: ${listed(privateSources)}`
      return { ...asked, message: `the session has read what could direct it and what it could give away (${found})` }
    },
  })
}

function actsOutside({ effect, egress }: PolicyRequest['tool']): boolean {
  return effect !== 'read' || egress
}

/** As many as a person reads. */
const MAX_LISTED = 5

/** Names and places only: nothing that was written outside stands in the question to the approver. */
function listed(sources: Exposure): string {
  const names = sources.slice(0, MAX_LISTED).map(nameOf)
  const more = sources.length - names.length
  return `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

function nameOf(source: Source): string {
  return source.type === 'call' ? `${source.tool} (${source.callId})` : `message ${source.seq} (${source.trust})`
}
