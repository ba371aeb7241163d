/** What requests are estimated at: of a long list of tools a prompt shows some, and with them those of the runtime. */
import { CHARACTERS_PER_TOKEN, type Limits, type ModelTerms, type State, tokensOf } from '../core/index.ts'
import type { ToolSpec } from '../ports/index.ts'
import { builtinSpecs } from './builtin-tools.ts'
import type { Agent } from './define.ts'

type Terms = {
  readonly terms: ModelTerms
  readonly otherTerms: ReadonlyMap<string, ModelTerms>
}

type Bounds = Pick<Limits, 'maxInlineBytes' | 'maxSearchMatches' | 'maxToolsShown'>

const known = new WeakMap<Agent, WeakMap<Bounds, Map<boolean, Terms>>>()

/** Of an agent and its specialists, for the next request of the session. */
export function shownTerms(agent: Agent, { index }: State, limits: Bounds): Terms {
  const hasArtifacts = index.artifacts.size > 0
  const ofAgent = known.get(agent) ?? new WeakMap<Bounds, Map<boolean, Terms>>()
  const ofLimits = ofAgent.get(limits) ?? new Map<boolean, Terms>()
  const terms = ofLimits.get(hasArtifacts) ?? termsFor(agent, { limits, hasArtifacts })
  known.set(agent, ofAgent.set(limits, ofLimits.set(hasArtifacts, terms)))
  return terms
}

type Prompting = { readonly limits: Bounds; readonly hasArtifacts: boolean }

function termsFor(agent: Agent, prompting: Prompting): Terms {
  const { terms, otherTerms, specialists, toolSpecs } = agent
  const others = [...otherTerms].map(([name, own]) => {
    const role = specialists.get(name)
    const specs = toolSpecs.filter((spec) => role?.tools.has(spec.name))
    return [name, role === undefined ? own : adjusted(own, specs, prompting)] as const
  })
  return { terms: adjusted(terms, toolSpecs, prompting), otherTerms: new Map(others) }
}

/** Whichever are shown: no more than the longest of them take. */
function adjusted(terms: ModelTerms, specs: readonly ToolSpec[], { limits, hasArtifacts }: Prompting): ModelTerms {
  const lengths = specs.map((spec) => JSON.stringify(spec).length).sort((one, other) => other - one)
  const left = sum(lengths.slice(limits.maxToolsShown))
  const builtins = builtinSpecs({ own: specs.length, hasArtifacts }, limits)
  const added = sum(builtins.map((spec) => JSON.stringify(spec).length))
  return {
    ...terms,
    staticTokens: Math.max(0, terms.staticTokens - Math.floor(left / CHARACTERS_PER_TOKEN)) + tokensOf(added),
  }
}

function sum(lengths: readonly number[]): number {
  return lengths.reduce((total, length) => total + length, 0)
}
