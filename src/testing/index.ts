/** For people who test agents, and for those who write stores. */
export * from './simulator/index.ts'
export { type StoreHarness, storeConformance, type TestRunner } from './store-conformance.ts'
