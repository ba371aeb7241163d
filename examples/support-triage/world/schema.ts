/** The format that `openWorld` writes and expects, kept in SQLite's `user_version`. */
export const worldFormat = 1

/**
 * The statements that create an empty world, in order. Money is integer US cents, time is epoch milliseconds.
 *
 * `refund_attempts` gets a row each time that the refund tool begins, before it writes anything else: it is how
 * a test or the demo sees that a refund was begun once, even though the case itself is unique by its key.
 */
export const schemaStatements: readonly string[] = [
  `CREATE TABLE accounts (
    account_id TEXT PRIMARY KEY,
    email TEXT NOT NULL UNIQUE CHECK (email = lower(email)),
    company TEXT NOT NULL,
    plan TEXT NOT NULL CHECK (plan IN ('solo', 'team', 'business')),
    seats INTEGER NOT NULL CHECK (seats > 0),
    verified INTEGER NOT NULL CHECK (verified IN (0, 1))
  ) STRICT`,
  `CREATE TABLE charges (
    charge_id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (account_id),
    invoice_id TEXT NOT NULL,
    description TEXT NOT NULL,
    amount_cents INTEGER NOT NULL CHECK (amount_cents > 0),
    status TEXT NOT NULL CHECK (status IN ('authorized', 'settled', 'failed', 'refunded')),
    charged_at_ms INTEGER NOT NULL
  ) STRICT`,
  'CREATE INDEX charges_of_account ON charges (account_id, charged_at_ms)',
  `CREATE TABLE refund_cases (
    case_number INTEGER PRIMARY KEY AUTOINCREMENT,
    idempotency_key TEXT NOT NULL UNIQUE,
    account_id TEXT NOT NULL REFERENCES accounts (account_id),
    charge_id TEXT NOT NULL UNIQUE REFERENCES charges (charge_id),
    amount_cents INTEGER NOT NULL CHECK (amount_cents > 0),
    reason TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('open', 'refunded')),
    opened_at_ms INTEGER NOT NULL
  ) STRICT`,
  `CREATE TABLE refund_attempts (
    attempt_number INTEGER PRIMARY KEY AUTOINCREMENT,
    idempotency_key TEXT NOT NULL,
    begun_at_ms INTEGER NOT NULL
  ) STRICT`,
  `CREATE TABLE escalations (
    ticket_number INTEGER PRIMARY KEY AUTOINCREMENT,
    idempotency_key TEXT NOT NULL UNIQUE,
    account_id TEXT,
    summary TEXT NOT NULL,
    urgency TEXT NOT NULL CHECK (urgency IN ('low', 'normal', 'high')),
    opened_at_ms INTEGER NOT NULL
  ) STRICT`,
  // The Porter stemmer lets "refunded" find "refund". A row is a passage and not a page: BM25 gives no weight to a
  // word that is in most rows, and words like "refund" are on most pages.
  `CREATE VIRTUAL TABLE passages USING fts5 (
    page UNINDEXED, title, heading, body, tokenize = 'porter unicode61'
  )`,
]
