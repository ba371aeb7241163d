import { describe, test } from 'vitest'
import { storeConformance } from '../testing/store-conformance.ts'
import { memoryStore } from './memory.ts'

storeConformance(
  'memory',
  () => {
    let now = 1_700_000_000_000
    const advance = (ms: number): void => {
      now += ms
    }
    return { store: memoryStore({ now: () => now }), advance }
  },
  { describe, test },
)
