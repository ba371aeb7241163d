import type { Verdict } from './vocabulary.ts'

type RequireApproval = Extract<Verdict, { readonly type: 'require_approval' }>

export type CombineOptions = {
  /** What an absent `expiresAfterMs` means, so that a longer one beside it does not win. */
  readonly approvalExpiryMs?: number
}

/**
 * The verdict of several policies on one call: deny beats require_approval beats allow, and the first denial stands as it is.
 * Approvals that are asked for become one that satisfies each: the largest quorum, `notRequester` where any wants it, the
 * earliest expiry, all reasons, messages and askings in order. No verdicts at all allow.
 */
export function combine(verdicts: readonly Verdict[], options: CombineOptions = {}): Verdict {
  const denied = verdicts.find(({ type }) => type === 'deny')
  if (denied !== undefined) return denied
  const asked = verdicts.filter((verdict) => verdict.type === 'require_approval')
  if (asked.length <= 1) return asked[0] ?? { type: 'allow' }
  return merged(asked, options)
}

function merged(asked: readonly RequireApproval[], { approvalExpiryMs }: CombineOptions): Verdict {
  const message = joined(
    asked.map((verdict) => verdict.message),
    '; ',
  )
  const ask = joined(
    asked.map((verdict) => verdict.ask),
    ' and ',
  )
  const expiresAfterMs = earliest(asked, approvalExpiryMs)
  return {
    type: 'require_approval',
    reason:
      joined(
        asked.map(({ reason }) => reason),
        ', ',
      ) ?? '',
    quorum: Math.max(...asked.map(({ quorum }) => quorum ?? 1)),
    notRequester: asked.some(({ notRequester }) => notRequester === true),
    ...(message !== undefined && { message }),
    ...(ask !== undefined && { ask }),
    ...(expiresAfterMs !== undefined && { expiresAfterMs }),
  }
}

function earliest(asked: readonly RequireApproval[], approvalExpiryMs: number | undefined): number | undefined {
  const named = asked.flatMap(({ expiresAfterMs }) => expiresAfterMs ?? [])
  if (named.length === 0) return undefined
  if (named.length < asked.length && approvalExpiryMs !== undefined) named.push(approvalExpiryMs)
  return Math.min(...named)
}

/** Each text once, in the order given. */
function joined(texts: readonly (string | undefined)[], separator: string): string | undefined {
  const distinct = new Set(texts.filter((text) => text !== undefined))
  return distinct.size === 0 ? undefined : [...distinct].join(separator)
}
