/** The desk's policies, as a team would put the shipped ones together; each plant of `planted.ts` spoils one of them. */
import type { Policy } from 'pawl'
import {
  allowTools,
  confirmationToken,
  denyTools,
  open,
  requireApproval,
  retryBudget,
  ruleOfTwo,
  sessionThreshold,
  tenantScope,
  threshold,
} from 'pawl/policies'
import type { Schema } from 'pawl/ports'
import { accountById, CONFIRMATION_KEY } from './desk.ts'
import type { creditInput, refundInput } from './desk-tools.ts'

type Refund = Validated<typeof refundInput>
type Credit = Validated<typeof creditInput>
type Validated<S> = S extends Schema<infer Input> ? Input : never

export const MAX_REFUND_USD = 50
export const MAX_CREDIT_USD = 20
export const MAX_SESSION_USD = 100

/** By name, so that a plant can replace one. */
export type DeskPolicies = Readonly<
  Record<
    | 'lists'
    | 'switchedOff'
    | 'tenants'
    | 'refunds'
    | 'credits'
    | 'sum'
    | 'mails'
    | 'tokens'
    | 'retries'
    | 'harmless'
    | 'ruleOfTwo',
    Policy
  >
>

const writes = ['open_refund_case', 'apply_credit', 'change_email', 'close_account', 'add_note'] as const
const harmless = ['add_note', 'escalate_to_human'] as const
/** Tools whose input names an account. */
export const ofAccounts: readonly string[] = [...writes, 'lookup_account']

/** The control: everything is open. */
export const noPolicies: readonly Policy[] = [open('send_email', 'ask_partner', 'escalate_to_human', ...writes)]

export function deskPolicies(): DeskPolicies {
  return {
    lists: allowTools([
      ...['read_ticket', 'list_attachments', 'lookup_account', 'fetch_url', 'ask_human', 'ask_partner', 'send_email'],
      ...['escalate_to_human', ...writes],
    ]),
    switchedOff: denyTools(['close_account']),
    tenants: tenantScope<{ readonly accountId: string }>({
      tools: ofAccounts,
      tenantOf: ({ accountId }) => accountById(accountId)?.tenant ?? null,
    }),
    refunds: threshold<Refund>({
      tool: 'open_refund_case',
      amount: ({ amountUsd }) => amountUsd,
      max: MAX_REFUND_USD,
    }),
    credits: threshold<Credit>({
      tool: 'apply_credit',
      amount: ({ amountUsd }) => Math.abs(amountUsd),
      max: MAX_CREDIT_USD,
    }),
    sum: sessionThreshold<[Refund, Credit]>({
      counted: [
        { tool: 'open_refund_case', amount: ({ amountUsd }) => amountUsd },
        { tool: 'apply_credit', amount: ({ amountUsd }) => Math.abs(amountUsd) },
      ],
      max: MAX_SESSION_USD,
    }),
    mails: requireApproval({ tools: ['send_email'], reason: 'mail_leaves_the_house' }),
    tokens: confirmationToken({ tools: ['change_email'], key: CONFIRMATION_KEY }),
    retries: retryBudget({ tools: ['open_refund_case'], max: 3 }),
    harmless: open('ask_partner', ...harmless),
    ruleOfTwo: ruleOfTwo({ except: [...harmless] }),
  }
}
