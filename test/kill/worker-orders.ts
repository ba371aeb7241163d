import type { Limits } from 'pawl'

/** What a worker is started with. */
export type WorkerOrders = {
  readonly storePath: string
  readonly ledgerPort: number
  readonly deathsAreHidden: boolean
  readonly bug: string | null
}

/** Short, so that what a lost worker held is soon taken over. The same in every process of a round. */
export const limits: Partial<Limits> = {
  leaseMs: 400,
  noticeMs: 25,
  graceMs: 100,
  transportBackoffMs: 10,
  callBackoffMs: 10,
  modelTimeoutMs: 2_000,
}
