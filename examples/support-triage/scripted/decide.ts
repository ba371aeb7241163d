/** The scripted model: what a careful model would do with the four tools, written down as rules. */
import type { ScriptedCall, ScriptedDecision } from 'pawl/models/scripted'
import type { ModelRequest } from 'pawl/ports'
import { explain, usd } from './explain.ts'
import {
  bestPage,
  type Conversation,
  type Failure,
  failureOf,
  openedCase,
  readConversation,
  type ShownAccount,
  shownAccount,
} from './read-conversation.ts'

/** The decision for what the request shows; the same request gets the same decision. */
export function decide(request: ModelRequest): ScriptedDecision {
  const conversation = readConversation(request.messages)
  const { results } = conversation
  if (failureOf(results, 'escalate_to_human') !== null) return personWillWrite
  const refund = failureOf(results, 'open_refund_case')
  if (refund !== null) return afterRefund(conversation, refund)
  if (results.length === 0) return begin(conversation)
  const caseId = openedCase(results)
  if (caseId !== null) return `Your refund is case ${caseId}. The money is on its way to your payment method.`
  const account = shownAccount(results)
  if (account?.type === 'account_found' && isAboutDoubleCharge(conversation)) return triage(conversation, account)
  return answerFromPages(conversation, account)
}

const personWillWrite = 'A person of our support team will write to you by email about this.'

function begin(conversation: Conversation): ScriptedDecision {
  const { text, accountId, email } = conversation
  if (/\b(human|person|somebody|someone|manager|lawyer)\b/i.test(text))
    return escalate(conversation, 'asks for a person')
  const search: ScriptedCall = { tool: 'search_docs', input: { query: text.slice(0, 400) } }
  if (accountId === undefined && email === undefined) return { text: 'Let me read our help pages.', calls: [search] }
  const named = accountId === undefined ? { email: email ?? '' } : { accountId }
  return {
    text: 'Let me look at our help pages and at your account.',
    calls: [search, { tool: 'lookup_billing_account', input: named }],
  }
}

function isAboutDoubleCharge({ text }: Conversation): boolean {
  return /\b(twice|double|duplicate|two times|second charge|again)\b/i.test(text)
}

type FoundAccount = Extract<ShownAccount, { readonly type: 'account_found' }>

function triage(conversation: Conversation, account: FoundAccount): ScriptedDecision {
  if (account.duplicateCharge !== null) return refund(account, account.duplicateCharge)
  const { sentence, query } = explain(account)
  const searches = conversation.results.filter(({ tool }) => tool === 'search_docs')
  if (searches.length === 1)
    return { text: 'Let me check one more page.', calls: [{ tool: 'search_docs', input: { query } }] }
  return `${sentence}${pageSentence(conversation)}`
}

type Duplicate = NonNullable<FoundAccount['duplicateCharge']>

function refund({ account }: FoundAccount, duplicate: Duplicate): ScriptedDecision {
  const { invoiceId, amountUsd } = duplicate
  const isReviewed = amountUsd > 250 || !account.verified
  const found = `You are right, and I am sorry: ${invoiceId} was charged twice, ${usd(amountUsd)} each time.`
  const next = isReviewed
    ? 'I have asked for the second charge back. A person on our billing team decides over a refund like this one, within one business day, and you get an email either way.'
    : 'I am opening a refund case for the second charge.'
  return { text: `${found} ${next}`, calls: [refundCall(account.accountId, duplicate)] }
}

/** The same input every time, so that the runtime recognizes a repeat. */
function refundCall(accountId: string, duplicate: Duplicate): ScriptedCall {
  const { invoiceId, refundableChargeId: chargeId, amountUsd } = duplicate
  const reason = `Charged twice for ${invoiceId}`
  return { tool: 'open_refund_case', input: { accountId, chargeId, amountUsd, reason } }
}

/** The refund did not come to a case: a person said no, nobody answered, or it failed. */
function afterRefund(conversation: Conversation, failure: Failure): ScriptedDecision {
  const { results } = conversation
  const account = shownAccount(results)
  const duplicate = account?.type === 'account_found' ? account.duplicateCharge : null
  const tries = results.filter(({ tool }) => tool === 'open_refund_case').length
  if (failure.blocked === 'rejected') return declined(wordsOf(failure))
  if (failure.blocked === 'answered') return `The billing team says: ${wordsOf(failure)}.`
  if (failure.mayRetry === true && tries < 3 && account?.type === 'account_found' && duplicate !== null) {
    const text = 'The first try did not go through, and nothing was refunded by it. I am trying again.'
    return { text, calls: [refundCall(account.account.accountId, duplicate)] }
  }
  const why = failure.message ?? failure.error ?? 'unknown'
  return escalate(conversation, `the refund could not be opened: ${why}`)
}

function declined(reason: string): string {
  const given = reason === '' ? '' : ` The reason they gave: ${reason}.`
  const told = 'The billing team has looked at the refund and declined it.'
  return `${told}${given} Reply to this message if you want a second look; another person decides then.`
}

/** What a person said. */
function wordsOf({ message = '' }: Failure): string {
  return message.replace(/^a person (?:rejected it|answered instead)(?:: )?/, '')
}

function escalate({ text, accountId }: Conversation, why: string): ScriptedDecision {
  const summary = `The customer wrote: ${text.slice(0, 1_500)}. Handed over because: ${why.slice(0, 400)}`
  const input = { summary, urgency: 'normal', ...(accountId !== undefined && { accountId }) }
  return {
    text: 'I am handing this to a person of our support team, who will write to you by email within 24 hours on business days.',
    calls: [{ tool: 'escalate_to_human', input }],
  }
}

function answerFromPages(conversation: Conversation, account: ShownAccount | null): ScriptedDecision {
  const page = pageSentence(conversation)
  if (account?.type === 'account_found') return `This is what I found.${page}`
  const ask =
    'Please send me your account number (it begins with acct_) or your billing email, so that I can look at your charges.'
  const notFound = account?.type === 'account_not_found' ? 'I could not find that account. ' : ''
  return `${notFound}${ask}${page}`
}

function pageSentence({ results }: Conversation): string {
  const page = bestPage(results)
  return page === null ? '' : ` Our page “${page.title}” says: ${page.snippet}`
}
