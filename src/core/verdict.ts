import type { ApprovalTerms, Verdict } from './vocabulary.ts'

/** Whether an answer of a user's function is a verdict, approval terms included: a quorum of 0 or NaN is none. */
export function isVerdict(answer: unknown): answer is Verdict {
  if (typeof answer !== 'object' || answer === null || !('type' in answer)) return false
  if (answer.type === 'allow') return true
  if (answer.type !== 'deny' && answer.type !== 'require_approval') return false
  const hasReason = 'reason' in answer && typeof answer.reason === 'string' && answer.reason !== ''
  const isSaid = !('message' in answer) || isTextOrAbsent(answer.message)
  return hasReason && isSaid && (answer.type === 'deny' || problemOfTerms(answer) === null)
}

/** What is wrong with the terms of an approval, or null. */
export function problemOfTerms(terms: object): string | null {
  const { quorum, notRequester, expiresAfterMs, ask }: { readonly [term in keyof ApprovalTerms]?: unknown } = terms
  if (quorum !== undefined && !isWholeFrom1(quorum)) return `a quorum is a whole number from 1, found ${String(quorum)}`
  if (expiresAfterMs !== undefined && !isWholeFrom1(expiresAfterMs)) {
    return `expiresAfterMs is a whole number of milliseconds from 1, found ${String(expiresAfterMs)}`
  }
  if (notRequester !== undefined && typeof notRequester !== 'boolean') return 'notRequester is true or false'
  return isTextOrAbsent(ask) ? null : 'ask is text'
}

function isWholeFrom1(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 1
}

function isTextOrAbsent(value: unknown): boolean {
  return value === undefined || typeof value === 'string'
}
