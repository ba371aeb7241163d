import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'vitest'
import { type StoreHarness, storeConformance } from '../../testing/store-conformance.ts'
import { sqliteStore } from './index.ts'

function harness(path: string, dispose: () => void): StoreHarness {
  let now = 1_700_000_000_000
  const advance = (ms: number): void => {
    now += ms
  }
  return { store: sqliteStore({ path, now: () => now }), advance, dispose }
}

storeConformance('SQLite in memory', () => harness(':memory:', () => {}), { describe, test })

storeConformance(
  'SQLite on disk',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'pawl-'))
    return harness(join(folder, 'pawl.db'), () => rmSync(folder, { recursive: true }))
  },
  { describe, test },
)
