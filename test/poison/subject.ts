/** What the cases are run against: the shipped parts, where a planted bug has not replaced one. */
import type { LanguageModelV4 } from '@ai-sdk/provider'
import { admit, parseJson } from '../../src/core/border.ts'
import type { JsonObject } from '../../src/core/index.ts'
import { aiSdk } from '../../src/models/ai-sdk.ts'
import type { Model, Store } from '../../src/ports/index.ts'
import { canonicalResponse } from '../../src/runtime/canonical-response.ts'
import { canonicalJson } from '../../src/runtime/hash.ts'
import { type Wiring, wiring } from '../../src/runtime/wiring.ts'
import { type JsonSchema, jsonSchema } from '../../src/tools/index.ts'
import type { Kind } from './share.ts'

export type Subject = {
  readonly parseJson: typeof parseJson
  readonly admit: typeof admit
  readonly canonicalJson: typeof canonicalJson
  readonly canonicalResponse: typeof canonicalResponse
  /** The adapter over a provider's client. */
  readonly adapt: (model: LanguageModelV4) => Model
  readonly jsonSchema: (schema: JsonObject) => JsonSchema<unknown>
  readonly wiring: Wiring
  /** Around the second of the two stores. */
  readonly wrapStore: (store: Store) => Store
}

export const shipped: Subject = {
  parseJson,
  admit,
  canonicalJson,
  canonicalResponse,
  adapt: (model) => aiSdk(model),
  jsonSchema: (schema) => jsonSchema(schema),
  wiring,
  wrapStore: (store) => store,
}

export type PlantedBug = {
  readonly name: string
  /** Which cases have to notice it, and within how many. */
  readonly kind: Kind
  readonly within: number
  /** The complaint that must notice it. */
  readonly caughtBy: RegExp
  readonly subject: Subject
  /** It ends its worker without a word: it has one of its own, which runs its cases as it runs those of the shipped parts. */
  readonly hasOwnWorker?: true
}
