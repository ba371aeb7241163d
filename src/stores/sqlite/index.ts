/** The embedded store. */
export { StoreFileError } from './errors.ts'
export type { CommitStats, Defer } from './group-commit.ts'
export { type SqliteStore, type SqliteStoreOptions, type StoreDisk, sqliteStore } from './store.ts'
