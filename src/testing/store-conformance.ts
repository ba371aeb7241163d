import { ARTIFACT_PROMISES } from './store-conformance-artifacts.ts'
import { COMMAND_PROMISES, LOCK_PROMISES } from './store-conformance-commands.ts'
import { DEATH_PROMISES } from './store-conformance-deaths.ts'
import { ERASURE_PROMISES, PRUNING_PROMISES } from './store-conformance-erasure.ts'
import type { StoreHarness, StorePromises } from './store-conformance-kit.ts'
import { CLAIM_PROMISES, WAKE_PROMISES, WORKER_PROMISES } from './store-conformance-leases.ts'
import { CHAIN_PROMISES, LOG_PROMISES } from './store-conformance-log.ts'
import { BLOB_PROMISES, VIEW_PROMISES } from './store-conformance-views.ts'

export type { StoreHarness } from './store-conformance-kit.ts'

/** What the suite needs of a test runner; those of vitest, Jest and `node:test` fit. */
export type TestRunner = {
  describe(name: string, body: () => void): unknown
  test(name: string, body: () => Promise<void>): unknown
}

const SUITE: { readonly [title: string]: StorePromises } = {
  'the log': LOG_PROMISES,
  'the chain': CHAIN_PROMISES,
  commands: COMMAND_PROMISES,
  locks: LOCK_PROMISES,
  workers: WORKER_PROMISES,
  claims: CLAIM_PROMISES,
  deaths: DEATH_PROMISES,
  wakes: WAKE_PROMISES,
  views: VIEW_PROMISES,
  blobs: BLOB_PROMISES,
  artifacts: ARTIFACT_PROMISES,
  erasure: ERASURE_PROMISES,
  pruning: PRUNING_PROMISES,
}

/**
 * The promises of `ports/store.ts`, each as a test, for people who write stores. `makeStore` gives every test a store of its own,
 * empty, with a `maxSkewMs` of 5 minutes, on a clock that only `advance` moves.
 */
export function storeConformance(
  name: string,
  makeStore: () => StoreHarness | Promise<StoreHarness>,
  { describe, test }: TestRunner,
): void {
  describe(`the store's promises: ${name}`, () => {
    for (const [title, promises] of Object.entries(SUITE))
      describe(title, () => {
        for (const [sentence, check] of Object.entries(promises)) test(sentence, () => checkOn(makeStore, check))
      })
  })
}

async function checkOn(
  makeStore: () => StoreHarness | Promise<StoreHarness>,
  check: StorePromises[string],
): Promise<void> {
  const harness = await makeStore()
  try {
    await check?.(harness)
  } finally {
    await harness.store.close()
    await harness.dispose?.()
  }
}
