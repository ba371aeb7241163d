/** The agent's four tools: the plain functions of `tools/`, with what Pawl and a model need to know of them. */
import { type Tool, ToolError, tool } from 'pawl'
import { z } from 'zod'
import { type Escalation, escalateToHuman, urgencies } from './tools/escalate-to-human.ts'
import { type LookupBillingAccountOutput, lookupBillingAccount } from './tools/lookup-billing-account.ts'
import { openRefundCase } from './tools/open-refund-case.ts'
import { RefundRefused } from './tools/refund-refused.ts'
import { type SearchDocsOutput, searchDocs } from './tools/search-docs.ts'
import type { World } from './world/open-world.ts'
import { findRefundCase, type RefundCase } from './world/refund-cases.ts'

const accountId = z.string().min(1).max(40).describe('An account number such as acct_1001')

const searchInput = z.object({
  query: z.string().min(1).max(400).describe('What the customer wants to know, in a few words'),
  limit: z.int().min(1).max(10).optional().describe('How many pages at most; 3 if left out'),
})

/** Full-text search over the product's billing help. */
export function searchDocsTool(world: World): Tool<z.output<typeof searchInput>, SearchDocsOutput> {
  return tool({
    name: 'search_docs',
    description: 'Searches the billing help pages. Answers with the best pages and the passage of each that fits.',
    effect: 'read',
    sensitivity: 'public',
    input: searchInput,
    run: (input) => searchDocs(world, input),
    present: ({ matches }) => ({
      matches: matches.map(({ page, title, snippet }) => ({ page, title, snippet })),
    }),
    summarize: ({ matches }) => ({ matches: matches.length }),
  })
}

const lookupInput = z.object({
  accountId: accountId.optional(),
  email: z.string().min(3).max(254).optional().describe("The account's billing email"),
})

/** An account with its charges of the last 90 days, and a duplicate among them. */
export function lookupBillingAccountTool(world: World): Tool<z.output<typeof lookupInput>, LookupBillingAccountOutput> {
  return tool({
    name: 'lookup_billing_account',
    description:
      'Looks an account up by number or billing email. Answers with its charges of the last 90 days and the duplicate charge among them, if there is one.',
    effect: 'read',
    sensitivity: 'private',
    input: lookupInput,
    run: (input) => lookupBillingAccount(world, input),
    present: presentAccount,
    summarize: (output) =>
      output.type === 'account_not_found'
        ? { account_found: false }
        : { duplicate_charge_detected: output.duplicateCharge !== null },
  })
}

/** Amounts in dollars only, so that a model cannot mistake one unit for the other. */
function presentAccount(output: LookupBillingAccountOutput) {
  if (output.type === 'account_not_found') return output
  const { account, charges, duplicateCharge } = output
  return {
    type: output.type,
    account,
    charges: charges.map(({ amountCents: _, ...charge }) => charge),
    duplicateCharge: duplicateCharge && {
      invoiceId: duplicateCharge.invoiceId,
      chargeIds: duplicateCharge.chargeIds,
      refundableChargeId: duplicateCharge.refundableChargeId,
      amountUsd: duplicateCharge.amountUsd,
    },
  }
}

/** What a refund is asked for with. The policy reads it too. */
export const refundInput = z.object({
  accountId,
  chargeId: z.string().min(1).max(40).describe('The charge to give back; of a duplicate, its refundableChargeId'),
  amountUsd: z.number().positive().max(100_000).describe('US dollars, at most the amount of the charge'),
  reason: z.string().min(1).max(300).describe("One sentence for the customer's file"),
})

/** Opens a case, once: a call that was lost with its worker is looked up by its key instead of being repeated. */
export function openRefundCaseTool(world: World): Tool<z.output<typeof refundInput>, RefundCase> {
  return tool({
    name: 'open_refund_case',
    description:
      'Opens a refund case for one charge, which gives the money back. Ends the conversation. A person decides first over more than 250 USD and over an account that is not verified.',
    effect: 'unsafe',
    sensitivity: 'private',
    timeoutMs: 10_000,
    input: refundInput,
    run: (input, { idempotencyKey, signal }) =>
      openRefundCase(world, input, { idempotencyKey, signal }).catch((problem: unknown) => {
        throw nothingWritten(problem)
      }),
    verify: (idempotencyKey) => {
      const output = findRefundCase(world, idempotencyKey)
      return output === null ? { tookEffect: false } : { tookEffect: true, output }
    },
    summarize: ({ caseId, amountUsd }) => ({ case_id: caseId, amount_usd: amountUsd }),
    endsSession: ({ caseId, amountUsd }) => ({
      type: 'case_opened',
      caseId,
      message: `Your refund of ${amountUsd.toFixed(2)} USD is under way. The case is ${caseId}; an email confirms it.`,
    }),
  })
}

/** A refusal, and an abort before the write, are certain to have changed nothing; of anything else nobody knows. */
function nothingWritten(problem: unknown): unknown {
  if (problem instanceof RefundRefused) return new ToolError(problem.message, { tookEffect: false, cause: problem })
  if (!(problem instanceof Error) || problem.name !== 'AbortError') return problem
  return new ToolError('stopped before anything was written', {
    tookEffect: false,
    retryable: true,
    cause: problem,
  })
}

const escalateInput = z.object({
  accountId: accountId.optional(),
  summary: z.string().min(1).max(2_000).describe('What the customer wants and what you found'),
  urgency: z.enum(urgencies),
})

/** A ticket for a person; one for each key, however often it is asked for. */
export function escalateToHumanTool(world: World): Tool<z.output<typeof escalateInput>, Escalation> {
  return tool({
    name: 'escalate_to_human',
    description:
      'Hands the matter to a person of the support team, who answers by email. Ends the conversation. For what you cannot settle, and for whoever asks for a person.',
    effect: 'idempotent',
    retries: 2,
    input: escalateInput,
    run: (input, { idempotencyKey, signal }) => escalateToHuman(world, input, { idempotencyKey, signal }),
    summarize: ({ ticketId, answerWithinHours }) => ({
      ticket_id: ticketId,
      answer_within_hours: answerWithinHours,
    }),
    endsSession: () => ({ type: 'handed_to_human' }),
  })
}
