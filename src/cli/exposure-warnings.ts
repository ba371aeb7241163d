/** Agents whose tools bring untrusted text and private data together with a way to act: whoever writes the text directs the agent. */
import type { Agent, AnyTool, Policy } from '../index.ts'

export function exposureWarnings({ name, tools, policies }: Agent): readonly string[] {
  const all = [...tools.values()]
  const untrusted = named(all.filter(({ trust }) => trust === 'external'))
  const sensitive = named(all.filter(({ sensitivity }) => sensitivity === 'private'))
  const parts = policies.flatMap(partsOf)
  const idle =
    sensitive === '' && parts.some(looksForPrivateAlone)
      ? [
          `${name} has ruleOfTwo, which cannot ask: none of its tools is declared private. Say sensitivity: 'private' where it is.`,
        ]
      : []
  const acting = named(all.filter((tool) => actsOutside(tool) && mayRunUnattended(tool, parts)))
  if (untrusted === '' || sensitive === '' || acting === '') return idle
  return [
    `${name} reads what strangers write (${untrusted}), sees private data (${sensitive}) and acts without a person (${acting}): whoever writes such a text can direct it. Let people decide: import { ruleOfTwo } from 'pawl/policies', then policies: [ruleOfTwo(), …].`,
  ]
}

function actsOutside({ effect, egress }: AnyTool): boolean {
  return effect !== 'read' || egress === true
}

function mayRunUnattended({ name }: AnyTool, policies: readonly Policy[]): boolean {
  return !policies.some(
    ({ unattended, tools, ruleOfTwo }) =>
      unattended !== undefined &&
      (tools === '*' || tools.includes(name)) &&
      !(unattended === 'rule_of_two' && ruleOfTwo?.except.includes(name)),
  )
}

function looksForPrivateAlone({ unattended, ruleOfTwo }: Policy): boolean {
  return unattended === 'rule_of_two' && (ruleOfTwo?.sensitive ?? []).every((each) => each === 'private')
}

function partsOf(policy: Policy): readonly Policy[] {
  return policy.policies === undefined ? [policy] : policy.policies.flatMap(partsOf)
}

function named(tools: readonly AnyTool[]): string {
  return tools.map(({ name }) => name).join(', ')
}
