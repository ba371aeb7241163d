import type { Verdict } from '../core/index.ts'
import { combine, isVerdict } from '../core/index.ts'
import type { Policy, PolicyRequest } from '../ports/index.ts'
import { InvalidPolicyError } from './errors.ts'

/** Several policies as one. `policies` are its parts, for whoever lists what governs a tool. */
export type AllOf = Policy & { readonly policies: readonly Policy[] }

/**
 * Every policy that speaks of the call's tool is asked, and `combine` joins what they say. It answers at once where all of them
 * do; where one throws, or answers no verdict, it throws, which denies.
 */
export function allOf(first: Policy, ...others: readonly Policy[]): AllOf {
  const policies = [first, ...others]
  return Object.freeze({
    name: `allOf(${policies.map(({ name }) => name).join(', ')})`,
    version: JSON.stringify(policies.map(({ name, version }) => [name, version])),
    tools: toolsOf(policies),
    policies: Object.freeze(policies),
    check: (request: PolicyRequest) => checkAll(policies, request),
  })
}

function toolsOf(policies: readonly Policy[]): Policy['tools'] {
  const names = new Set<string>()
  for (const { tools } of policies) {
    if (tools === '*') return '*'
    for (const name of tools) names.add(name)
  }
  return [...names].sort()
}

function checkAll(policies: readonly Policy[], request: PolicyRequest): Verdict | Promise<Verdict> {
  const { approvalExpiryMs } = request.state.limits
  const speaking = policies.filter(({ tools }) => tools === '*' || tools.includes(request.call.tool))
  const answers = answersOf(speaking, request)
  const atOnce = answers.filter((answer): answer is Verdict => !(answer instanceof Promise))
  if (atOnce.length === answers.length) return combine(atOnce, { approvalExpiryMs })
  return Promise.all(answers).then((verdicts) => combine(verdicts, { approvalExpiryMs }))
}

/** One that throws must not leave the promises of those before it unheard. */
function answersOf(policies: readonly Policy[], request: PolicyRequest): readonly (Verdict | Promise<Verdict>)[] {
  const answers: (Verdict | Promise<Verdict>)[] = []
  try {
    for (const policy of policies) answers.push(answerOf(policy, request))
  } catch (error) {
    for (const answer of answers) if (answer instanceof Promise) answer.catch(() => undefined)
    throw error
  }
  return answers
}

function answerOf(policy: Policy, request: PolicyRequest): Verdict | Promise<Verdict> {
  const answer: unknown = policy.check(request)
  return answer instanceof Promise ? answer.then((later) => asVerdict(policy, later)) : asVerdict(policy, answer)
}

function asVerdict({ name }: Policy, answer: unknown): Verdict {
  if (isVerdict(answer)) return answer
  throw new InvalidPolicyError(`${name} answered something that is no verdict`)
}
