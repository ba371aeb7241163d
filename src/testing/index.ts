/** For people who test agents, and for those who write stores and models. */
export * from './given.ts'
export * from './manual-env.ts'
export { type ModelHarness, modelConformance, type ProviderAnswer } from './model-conformance.ts'
export * from './simulator/index.ts'
export { type StoreHarness, storeConformance, type TestRunner } from './store-conformance.ts'
