/** The rule of two with a wrong view of what was read. */
import type { Policy, PolicyRequest } from 'pawl'
import { deskPolicies } from './desk-policies.ts'
import type { Plant } from './planted.ts'

export const plantsOfExposure: readonly Plant[] = [
  {
    bug: 'ruleOfTwo forgets what was read before a restart',
    hasRuleOfTwo: true,
    script: 'waits until the worker has died and another has taken the session over',
    shows: { uncovered: ['refund acct_1 45'] },
    policies: () => {
      const judgedHere = new Set<string>()
      return {
        ruleOfTwo: ruleOfTwoOf((request) => {
          judgedHere.add(request.call.callId)
          return request.exposure.filter((source) => source.type === 'message' || judgedHere.has(source.callId))
        }),
      }
    },
  },
  {
    bug: 'ruleOfTwo does not count what came as an error',
    hasRuleOfTwo: true,
    script: 'stands in the message of an error',
    shows: { uncovered: ['refund acct_1 45'] },
    policies: () => ({
      ruleOfTwo: ruleOfTwoOf(({ exposure, state }) =>
        exposure.filter(
          (source) => source.type === 'message' || state.calls.get(source.callId)?.outcome?.type === 'ok',
        ),
      ),
    }),
  },
  {
    bug: 'ruleOfTwo does not count messages',
    hasRuleOfTwo: true,
    script: 'comes as a mail, and brings the model to look up private data first',
    shows: { uncovered: ['refund acct_1 45'] },
    policies: () => ({ ruleOfTwo: ruleOfTwoOf(({ exposure }) => exposure.filter(({ type }) => type === 'call')) }),
  },
  {
    bug: 'ruleOfTwo asks no more once anything was approved',
    hasRuleOfTwo: true,
    script: 'has 60 approved and then takes 30, which is small',
    shows: { uncovered: ['refund acct_1 30'] },
    policies: () => ({
      ruleOfTwo: ruleOfTwoOf(({ exposure, state }) =>
        [...state.approvals.values()].some(({ resolution }) => resolution === 'approved') ? [] : exposure,
      ),
    }),
  },
  {
    bug: 'ruleOfTwo takes what only reads for harmless, wherever it reads',
    hasRuleOfTwo: true,
    script: 'carries the record out in the address of a page',
    shows: { uncovered: ['fetch evil.example'] },
    policies: () => ({ ruleOfTwo: ruleOfTwoOf(({ exposure, tool }) => (tool.effect === 'read' ? [] : exposure)) }),
  },
  {
    bug: 'ruleOfTwo counts what models have called, and not what tasks of a plan are',
    hasRuleOfTwo: true,
    script: 'has the planner plan a small refund behind a look at the account',
    shows: { uncovered: ['refund acct_1 45'] },
    policies: () => ({
      ruleOfTwo: ruleOfTwoOf(({ exposure, state }) =>
        exposure.filter((source) => {
          if (source.type === 'message') return true
          return state.tasks.get(state.calls.get(source.callId)?.taskId ?? '')?.isCall !== true
        }),
      ),
    }),
  },
]

/** The shipped rule, given a wrong view of what was read. */
function ruleOfTwoOf(exposureOf: (request: PolicyRequest) => PolicyRequest['exposure']): Policy {
  const { ruleOfTwo } = deskPolicies()
  return { ...ruleOfTwo, check: (request) => ruleOfTwo.check({ ...request, exposure: exposureOf(request) }) }
}
