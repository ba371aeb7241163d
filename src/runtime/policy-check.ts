/** All policies of a call, strictest first: deny beats approval beats allow; what throws or takes too long denies. */
import { admit, combine, isVerdict, type Verdict } from '../core/index.ts'
import type { Env, Policy, PolicyRequest } from '../ports/index.ts'
import type { RuntimeLimits } from './options.ts'
import { problemText } from './problem-text.ts'
import { withinTime } from './within-time.ts'

/** The verdict that counts, and the policy that it came from. */
export type Checked = { readonly verdict: Verdict; readonly policy?: string }

type Context = { readonly env: Env; readonly limits: RuntimeLimits }

export function checkPolicies(
  policies: readonly Policy[],
  request: PolicyRequest,
  context: Context,
): Checked | Promise<Checked> {
  const checks = policies.map((policy) => checkPolicy(policy, request, context))
  if (checks.some((check) => check instanceof Promise))
    return Promise.all(checks).then((all) => strictest(all, context))
  // No promise is among them.
  return strictest(checks as readonly Checked[], context)
}

function checkPolicy(policy: Policy, request: PolicyRequest, context: Context): Checked | Promise<Checked> {
  try {
    const verdict: unknown = policy.check(request)
    if (!isThenable(verdict)) return asChecked(policy, verdict)
    const bounds = { env: context.env, timeoutMs: context.limits.policyTimeoutMs, what: 'its verdict' }
    return withinTime(verdict, bounds)
      .then((value) => asChecked(policy, value))
      .catch((problem: unknown) => failed(policy, problem))
  } catch (problem) {
    return failed(policy, problem)
  }
}

/** The strictest verdict, and the policies that it came from. */
function strictest(checks: readonly Checked[], { limits }: Context): Checked {
  const verdict = combine(
    checks.map((check) => check.verdict),
    { approvalExpiryMs: limits.approvalExpiryMs },
  )
  const policies = checks.filter((check) => check.verdict.type === verdict.type).flatMap(({ policy }) => policy ?? [])
  return verdict.type === 'allow' ? { verdict } : { verdict, policy: policies.join(', ') }
}

/** More than a verdict says, and so little that it fits into an event many times. */
const VERDICT_LIMITS = { maxDepth: 8, maxBytes: 65_536 }

/** It comes out of the user's code, and will stand in the log. */
function asChecked(policy: Policy, value: unknown): Checked {
  const admitted = admit(value, VERDICT_LIMITS, 'repair')
  if (admitted.type === 'ok' && isVerdict(admitted.value))
    return { verdict: knownOf(admitted.value), policy: policy.name }
  const why = admitted.type === 'ok' ? '' : `: ${admitted.problem}`
  return failed(policy, new Error(`it answered with something that is no verdict${why}`))
}

/** What else it holds is nobody's: it would be stored as it is. */
function knownOf(verdict: Verdict): Verdict {
  if (verdict.type === 'allow') return { type: 'allow' }
  const { type, reason, message } = verdict
  const said = { reason, ...(message !== undefined && { message }) }
  if (type === 'deny') return { type, ...said }
  const { quorum, notRequester, expiresAfterMs, ask } = verdict
  return {
    type,
    ...said,
    ...(quorum !== undefined && { quorum }),
    ...(notRequester !== undefined && { notRequester }),
    ...(expiresAfterMs !== undefined && { expiresAfterMs }),
    ...(ask !== undefined && { ask }),
  }
}

function failed(policy: Policy, problem: unknown): Checked {
  const message = problemText(problem)
  return {
    verdict: {
      type: 'deny',
      reason: 'policy_failed',
      message: `policy ${policy.name} failed, which denies: ${message}`,
    },
    policy: policy.name,
  }
}

export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}
