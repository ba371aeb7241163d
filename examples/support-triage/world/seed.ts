import type { DatabaseSync } from 'node:sqlite'
import { readPages } from './read-pages.ts'
import { sampleAccounts, sampleCases, sampleCharges } from './sample.ts'

const insertAccount = `INSERT INTO accounts (account_id, email, company, plan, seats, verified)
  VALUES (?, ?, ?, ?, ?, ?)`

const insertCharge = `INSERT INTO charges
  (charge_id, account_id, invoice_id, description, amount_cents, status, charged_at_ms)
  VALUES (?, ?, ?, ?, ?, ?, ?)`

const insertCase = `INSERT INTO refund_cases
  (case_number, account_id, charge_id, amount_cents, reason, opened_at_ms, idempotency_key, status)
  VALUES (?, ?, ?, ?, ?, ?, ?, 'refunded')`

const insertPassage = 'INSERT INTO passages (page, title, heading, body) VALUES (?, ?, ?, ?)'

/** Fills an empty world with the sample's accounts, charges and cases, and indexes the help pages. */
export function seed(database: DatabaseSync): void {
  const account = database.prepare(insertAccount)
  for (const [accountId, email, company, plan, seats, standing] of sampleAccounts) {
    account.run(accountId, email, company, plan, seats, standing === 'verified' ? 1 : 0)
  }
  const charge = database.prepare(insertCharge)
  for (const [chargeId, accountId, invoiceId, description, amountCents, status, chargedAt] of sampleCharges) {
    charge.run(chargeId, accountId, invoiceId, description, amountCents, status, Date.parse(chargedAt))
  }
  const refundCase = database.prepare(insertCase)
  for (const [caseNumber, accountId, chargeId, amountCents, reason, openedAt] of sampleCases) {
    const key = `sample/${caseNumber}`
    refundCase.run(caseNumber, accountId, chargeId, amountCents, reason, Date.parse(openedAt), key)
  }
  const passage = database.prepare(insertPassage)
  for (const { name, title, passages } of readPages()) {
    for (const { heading, body } of passages) passage.run(name, title, heading, body)
  }
}
