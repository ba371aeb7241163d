/** All policies of a call, strictest first: deny beats approval beats allow; what throws or takes too long denies. */
import type { Verdict } from '../core/index.ts'
import type { Env, Policy, PolicyRequest } from '../ports/index.ts'
import type { RuntimeLimits } from './options.ts'

/** The verdict that counts, and the policy that it came from. */
export type Checked = { readonly verdict: Verdict; readonly policy?: string }

type Context = { readonly env: Env; readonly limits: RuntimeLimits }

export function checkPolicies(policies: readonly Policy[], request: PolicyRequest, context: Context): Checked | Promise<Checked> {
  const checks = policies.map((policy) => checkPolicy(policy, request, context))
  if (checks.some((check) => check instanceof Promise)) return Promise.all(checks).then(strictest)
  // No promise is among them.
  return strictest(checks as readonly Checked[])
}

function checkPolicy(policy: Policy, request: PolicyRequest, context: Context): Checked | Promise<Checked> {
  try {
    const verdict: unknown = policy.check(request)
    if (!isThenable(verdict)) return asChecked(policy, verdict)
    return withinTime(policy, verdict, context).catch((problem: unknown) => failed(policy, problem))
  } catch (problem) {
    return failed(policy, problem)
  }
}

function withinTime(policy: Policy, verdict: PromiseLike<unknown>, { env, limits }: Context): Promise<Checked> {
  return new Promise((resolve, reject) => {
    const { policyTimeoutMs } = limits
    const cancel = env.setTimer(policyTimeoutMs, () => reject(new Error(`no verdict within ${policyTimeoutMs} ms`)))
    Promise.resolve(verdict)
      .then((value) => resolve(asChecked(policy, value)), reject)
      .finally(cancel)
  })
}

/** The strictest verdict; the terms of several approvals are joined, so that each policy gets at least what it asks for. */
function strictest(checks: readonly Checked[]): Checked {
  const denied = checks.find(({ verdict }) => verdict.type === 'deny')
  if (denied !== undefined) return denied
  const held = checks.filter((check): check is Held => check.verdict.type === 'require_approval')
  const [first] = held
  if (first === undefined) return { verdict: { type: 'allow' } }
  const expiries = held.flatMap(({ verdict }) => verdict.expiresAfterMs ?? [])
  const verdict: Verdict = {
    ...first.verdict,
    reason: held.map((check) => check.verdict.reason).join(', '),
    quorum: Math.max(...held.map((check) => check.verdict.quorum ?? 1)),
    notRequester: held.some((check) => check.verdict.notRequester === true),
    ...(expiries.length > 0 && { expiresAfterMs: Math.min(...expiries) }),
  }
  return { verdict, policy: held.map(({ policy }) => policy).join(', ') }
}

type Held = { readonly verdict: Extract<Verdict, { type: 'require_approval' }>; readonly policy?: string }

function asChecked(policy: Policy, value: unknown): Checked {
  return isVerdict(value) ? { verdict: value, policy: policy.name } : failed(policy, new Error('it answered with something that is no verdict'))
}

function isVerdict(value: unknown): value is Verdict {
  if (typeof value !== 'object' || value === null || !('type' in value)) return false
  if (value.type === 'allow') return true
  const hasReason = 'reason' in value && typeof value.reason === 'string'
  return (value.type === 'deny' || value.type === 'require_approval') && hasReason
}

function failed(policy: Policy, problem: unknown): Checked {
  const message = problem instanceof Error ? problem.message : String(problem)
  return { verdict: { type: 'deny', reason: 'policy_failed', message: `policy ${policy.name} failed, which denies: ${message}` }, policy: policy.name }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}
