/** What the cases are run against: the shipped parts, where a planted bug has not replaced one. */
import { admit, parseJson } from '../../src/core/border.ts'
import type { Store } from '../../src/ports/index.ts'
import { canonicalJson } from '../../src/runtime/hash.ts'
import { type Wiring, wiring } from '../../src/runtime/wiring.ts'

export type Subject = {
  readonly parseJson: typeof parseJson
  readonly admit: typeof admit
  readonly canonicalJson: typeof canonicalJson
  readonly wiring: Wiring
  /** Around the second of the two stores. */
  readonly wrapStore: (store: Store) => Store
}

export const shipped: Subject = { parseJson, admit, canonicalJson, wiring, wrapStore: (store) => store }
