/** The plans of the made-up product, Fernpost. */
export const plans = ['solo', 'team', 'business'] as const
export type Plan = (typeof plans)[number]

/** `authorized` is money that a bank holds and never paid; only `settled` money was collected. */
export const chargeStatuses = ['authorized', 'settled', 'failed', 'refunded'] as const
export type ChargeStatus = (typeof chargeStatuses)[number]

/**
 * The moment at which the sample is set. It is the world's default clock, so that the charges never grow older
 * than the 90 days that the agent looks back, and recorded sessions stay true.
 */
export const sampleNowMs: number = Date.UTC(2026, 10, 17, 12)

type AccountRow = readonly [
  accountId: string,
  email: string,
  company: string,
  plan: Plan,
  seats: number,
  standing: 'verified' | 'unverified',
]

/** One account for each story that the agent must tell apart. */
export const sampleAccounts: readonly AccountRow[] = [
  // Charged 49.00 USD twice, verified: support may refund it right away.
  ['acct_1001', 'billing@mapleandrye.example', 'Maple & Rye Bakery', 'team', 5, 'verified'],
  // Charged 480.00 USD twice, verified: above the limit, a person decides.
  ['acct_1002', 'accounts@northgate.example', 'Northgate Logistics', 'business', 55, 'verified'],
  // Charged 12.00 USD twice, not verified: a person decides, small as it is.
  ['acct_1003', 'juno@junopark.example', 'Juno Park', 'solo', 1, 'unverified'],
  // One settled charge and one hold of the same amount: nothing to refund.
  ['acct_1004', 'office@brightharbor.example', 'Bright Harbor Dental', 'team', 7, 'verified'],
  // Two seats of the same price on one day, on two invoices: nothing to refund.
  ['acct_1005', 'studio@oakline.example', 'Oakline Studio', 'team', 7, 'verified'],
  // A duplicate that has been refunded already, and a failed payment that was tried again.
  ['acct_1006', 'desk@sableandfinch.example', 'Sable & Finch Press', 'team', 5, 'verified'],
]

type ChargeRow = readonly [
  chargeId: string,
  accountId: string,
  invoiceId: string,
  description: string,
  amountCents: number,
  status: ChargeStatus,
  chargedAt: string,
]

/** Charges in US cents, oldest first within an account. */
export const sampleCharges: readonly ChargeRow[] = [
  // The first is older than the 90 days that the agent looks back.
  ['ch_5001', 'acct_1001', 'INV-20388', 'Team, August 2026', 4900, 'settled', '2026-08-03T09:04:00Z'],
  ['ch_5002', 'acct_1001', 'INV-20461', 'Team, September 2026', 4900, 'settled', '2026-09-03T09:04:00Z'],
  ['ch_5003', 'acct_1001', 'INV-20537', 'Team, October 2026', 4900, 'settled', '2026-10-03T09:04:00Z'],
  ['ch_5004', 'acct_1001', 'INV-20611', 'Team, November 2026', 4900, 'settled', '2026-11-03T09:04:00Z'],
  ['ch_5005', 'acct_1001', 'INV-20611', 'Team, November 2026', 4900, 'settled', '2026-11-03T09:11:00Z'],

  ['ch_5101', 'acct_1002', 'INV-20544', 'Business, October 2026', 48000, 'settled', '2026-10-09T09:02:00Z'],
  ['ch_5102', 'acct_1002', 'INV-20629', 'Business, November 2026', 48000, 'settled', '2026-11-09T09:02:00Z'],
  ['ch_5103', 'acct_1002', 'INV-20629', 'Business, November 2026', 48000, 'settled', '2026-11-10T06:40:00Z'],

  ['ch_5201', 'acct_1003', 'INV-20640', 'Solo, November 2026', 1200, 'settled', '2026-11-12T09:07:00Z'],
  ['ch_5202', 'acct_1003', 'INV-20640', 'Solo, November 2026', 1200, 'settled', '2026-11-12T09:31:00Z'],

  ['ch_5301', 'acct_1004', 'INV-20562', 'Team, October 2026', 6700, 'settled', '2026-10-14T09:03:00Z'],
  ['ch_5302', 'acct_1004', 'INV-20651', 'Team, November 2026', 6700, 'authorized', '2026-11-14T09:03:00Z'],
  ['ch_5303', 'acct_1004', 'INV-20651', 'Team, November 2026', 6700, 'settled', '2026-11-14T09:20:00Z'],

  ['ch_5401', 'acct_1005', 'INV-20618', 'Team, November 2026', 4900, 'settled', '2026-11-05T09:01:00Z'],
  ['ch_5402', 'acct_1005', 'INV-20620', 'Added seat', 900, 'settled', '2026-11-05T10:12:00Z'],
  ['ch_5403', 'acct_1005', 'INV-20622', 'Added seat', 900, 'settled', '2026-11-05T15:48:00Z'],

  ['ch_5501', 'acct_1006', 'INV-20549', 'Team, October 2026', 4900, 'settled', '2026-10-11T09:02:00Z'],
  ['ch_5502', 'acct_1006', 'INV-20549', 'Team, October 2026', 4900, 'refunded', '2026-10-11T09:15:00Z'],
  ['ch_5503', 'acct_1006', 'INV-20636', 'Team, November 2026', 4900, 'failed', '2026-11-11T09:02:00Z'],
  ['ch_5504', 'acct_1006', 'INV-20636', 'Team, November 2026', 4900, 'settled', '2026-11-12T09:02:00Z'],
]

type CaseRow = readonly [
  caseNumber: number,
  accountId: string,
  chargeId: string,
  amountCents: number,
  reason: string,
  openedAt: string,
]

/** Cases of earlier days, refunded since; the first that the agent opens gets the next number. */
export const sampleCases: readonly CaseRow[] = [
  [1001, 'acct_1006', 'ch_5502', 4900, 'Charged twice for INV-20549', '2026-10-12T08:30:00Z'],
]
