import type { ApprovalTerms, Verdict } from '../core/index.ts'
import { problemOfTerms } from '../core/index.ts'
import { InvalidPolicyError } from './errors.ts'

/** What people are asked, and who may answer, in the words of an approval. */
export type AskOptions = ApprovalTerms & {
  /** A stable word such as `refund_threshold_exceeded`: it stands in events, traces and on the command line. */
  readonly reason: string
  /** A sentence for the person who decides. */
  readonly message?: string
}

/**
 * The verdict that asks for an approval in these terms, and nothing else of the options.
 * @throws InvalidPolicyError for terms that could not be met or mean nothing, such as a quorum of 0.
 */
export function askFor(policy: string, options: AskOptions): Extract<Verdict, { type: 'require_approval' }> {
  const { reason, message, quorum, notRequester, expiresAfterMs, ask } = options
  const isReason = typeof reason === 'string' && reason !== ''
  const problem = isReason
    ? problemOfTerms(options)
    : `expected a reason that is a word; found ${JSON.stringify(reason)}`
  if (problem !== null) throw new InvalidPolicyError(`${policy}: ${problem}`)
  return Object.freeze({
    type: 'require_approval',
    reason,
    ...(message !== undefined && { message }),
    ...(quorum !== undefined && { quorum }),
    ...(notRequester !== undefined && { notRequester }),
    ...(expiresAfterMs !== undefined && { expiresAfterMs }),
    ...(ask !== undefined && { ask }),
  })
}
