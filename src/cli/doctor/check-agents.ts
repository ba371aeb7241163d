/** The definitions: prices, scripts, tools. */
import type { Agent, Limits } from '../../index.ts'
import { toolWarnings } from '../tool-warnings.ts'
import { bad, type Check, ok, warn } from './check.ts'

export function checkAgents(agents: readonly Agent[], limits: Limits): readonly Check[] {
  if (agents.length === 0)
    return [bad('agents', 'none', 'Add one to `agents` of the configuration: agent({ name, instructions, model })')]
  return agents.flatMap((agent) => checkAgent(agent, limits))
}

function checkAgent(agent: Agent, limits: Limits): readonly Check[] {
  const { name, model, tools, terms, budget } = agent
  const about = `${tools.size} tool${tools.size === 1 ? '' : 's'}, ${model.id}`
  const script =
    model.isScripted === true
      ? [
          warn(
            `agent ${name}`,
            `${about}: a script, no model answers`,
            'Give it a model before real users speak to it.',
          ),
        ]
      : [ok(`agent ${name}`, about)]
  const price =
    terms.price === null
      ? [
          warn(
            `price of ${model.id}`,
            'unknown: costs count as nothing, and a cost cap refuses to start',
            'Give one: price: { inputMicroUsdPerMTok, outputMicroUsdPerMTok }',
          ),
        ]
      : []
  const cap =
    model.isScripted !== true && budget.maxCostMicroUsd === null && budget.maxTokens === null
      ? [
          warn(
            `budget of ${name}`,
            'neither tokens nor money have a cap',
            'Give one: budget: { maxCostMicroUsd: 500_000 }',
          ),
        ]
      : []
  const unverified = [...tools.values()]
    .filter((tool) => tool.effect === 'unsafe' && tool.verify === undefined && tool.isolation === undefined)
    .map((tool) => tool.name)
  const verify =
    unverified.length === 0
      ? []
      : [
          warn(
            `tools of ${name}`,
            `${unverified.join(', ')}: unsafe, without verify`,
            'After a crash in the middle a person must look. With verify(key) the runtime asks by itself.',
          ),
        ]
  const warnings = toolWarnings(agent, limits).map((warning) => warn(`tools of ${name}`, warning, `pawl tools ${name}`))
  return [...script, ...price, ...cap, ...verify, ...warnings]
}
