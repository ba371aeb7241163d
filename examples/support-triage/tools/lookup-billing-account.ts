import { usdOfCents } from '../world/money.ts'
import type { World } from '../world/open-world.ts'
import { caseIdOf } from '../world/refund-cases.ts'
import { member, number, type Row, text } from '../world/row.ts'
import { chargeStatuses, type Plan, plans } from '../world/sample.ts'
import { type Charge, type DuplicateCharge, findDuplicateCharge } from './find-duplicate-charge.ts'

export type LookupBillingAccountInput = {
  /** An account number such as `acct_1001`. */
  readonly accountId?: string | undefined
  /** The account's billing email, in any case. When both are given, both must fit. */
  readonly email?: string | undefined
}

export type BillingAccount = {
  readonly accountId: string
  readonly email: string
  readonly company: string
  readonly plan: Plan
  readonly seats: number
  readonly verified: boolean
}

export type LookupBillingAccountOutput =
  | {
      readonly type: 'account_found'
      readonly account: BillingAccount
      /** The charges of the last 90 days, oldest first. */
      readonly charges: readonly Charge[]
      readonly duplicateCharge: DuplicateCharge | null
    }
  | { readonly type: 'account_not_found'; readonly message: string }

const selectAccount = `SELECT account_id, email, company, plan, seats, verified FROM accounts
  WHERE (?1 IS NOT NULL OR ?2 IS NOT NULL)
    AND (?1 IS NULL OR account_id = ?1) AND (?2 IS NULL OR email = ?2)`

const selectCharges = `SELECT charge_id, invoice_id, description, charges.amount_cents, charges.status,
    charged_at_ms, case_number
  FROM charges LEFT JOIN refund_cases USING (charge_id)
  WHERE charges.account_id = ? AND charged_at_ms BETWEEN ? AND ?
  ORDER BY charged_at_ms, charge_id`

const lookBackMs = 90 * 24 * 60 * 60 * 1_000

/** Finds one account by number or email, with its charges of the last 90 days and a duplicate among them. */
export function lookupBillingAccount(world: World, input: LookupBillingAccountInput): LookupBillingAccountOutput {
  const account = findAccount(world, input)
  if (account === null) return { type: 'account_not_found', message: notFoundMessage(input) }
  const charges = findCharges(world, account.accountId)
  return { type: 'account_found', account, charges, duplicateCharge: findDuplicateCharge(charges) }
}

/** Whether the account exists and its billing contact was checked. An unknown account is not verified. */
export function isAccountVerified(world: World, accountId: string): boolean {
  return findAccount(world, { accountId })?.verified ?? false
}

function findAccount(world: World, input: LookupBillingAccountInput): BillingAccount | null {
  const email = input.email?.trim().toLowerCase() ?? null
  const row = world.database.prepare(selectAccount).get(input.accountId?.trim() ?? null, email)
  return row === undefined ? null : parseAccount(row)
}

function findCharges(world: World, accountId: string): readonly Charge[] {
  const nowMs = world.now()
  return world.database
    .prepare(selectCharges)
    .all(accountId, nowMs - lookBackMs, nowMs)
    .map(parseCharge)
}

function parseAccount(row: Row): BillingAccount {
  return {
    accountId: text(row, 'account_id'),
    email: text(row, 'email'),
    company: text(row, 'company'),
    plan: member(row, 'plan', plans),
    seats: number(row, 'seats'),
    verified: number(row, 'verified') === 1,
  }
}

function parseCharge(row: Row): Charge {
  const amountCents = number(row, 'amount_cents')
  return {
    chargeId: text(row, 'charge_id'),
    invoiceId: text(row, 'invoice_id'),
    description: text(row, 'description'),
    amountCents,
    amountUsd: usdOfCents(amountCents),
    status: member(row, 'status', chargeStatuses),
    chargedAt: new Date(number(row, 'charged_at_ms')).toISOString(),
    refundCaseId: row['case_number'] === null ? null : caseIdOf(number(row, 'case_number')),
  }
}

function notFoundMessage(input: LookupBillingAccountInput): string {
  const given = [input.accountId, input.email].filter((value) => value !== undefined)
  if (given.length === 0) return 'Give an account number or a billing email.'
  return `No account fits ${given.join(' and ')}. Ask the customer for the account number or billing email.`
}
