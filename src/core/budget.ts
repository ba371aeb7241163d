/** Money and tokens: what a request may cost at most, and whether it still fits. One ledger, a fold of the model events. */
import type { Reservation } from './event.ts'
import type { Usage } from './message.ts'
import { promptTokens } from './prompt.ts'
import type { State } from './state.ts'
import type { StopReason } from './vocabulary.ts'

/** Integer micro-dollars for a million tokens. */
export type Price = {
  readonly inputMicroUsdPerMTok: number
  readonly outputMicroUsdPerMTok: number
  /** Absent: cached tokens cost what other input costs. */
  readonly cachedInputMicroUsdPerMTok?: number
}

/** What an intent needs to know of the model and of the static part of its prompt. */
export type ModelTerms = {
  readonly model: string
  readonly definitionHash: string
  readonly staticTokens: number
  readonly maxOutputTokens: number
  /** Null: free, or unknown; a cost cap refuses to start without one. */
  readonly price: Price | null
}

const TOKENS_PER_MTOK = 1_000_000

/** Rounded up, so that a sum of costs never understates. */
export function costOf(usage: Usage, price: Price | null): number {
  if (price === null) return 0
  const cached = Math.min(usage.cachedInputTokens ?? 0, usage.inputTokens)
  const cachedPrice = price.cachedInputMicroUsdPerMTok ?? price.inputMicroUsdPerMTok
  const fresh = usage.inputTokens - cached
  const sum =
    fresh * price.inputMicroUsdPerMTok + cached * cachedPrice + usage.outputTokens * price.outputMicroUsdPerMTok
  return Math.ceil(sum / TOKENS_PER_MTOK)
}

export type Reserved =
  | { readonly type: 'reserved'; readonly reservation: Reservation }
  | { readonly type: 'exhausted'; readonly reason: Extract<StopReason, 'token_budget' | 'cost_cap'> }

/** Sets aside the worst case of one request; the output limit is lowered to what is left. */
export function reserve(state: State, terms: ModelTerms): Reserved {
  const { budget, ledger, limits } = state
  const inputTokens = terms.staticTokens + promptTokens(state)
  const least = Math.min(limits.minOutputTokens, terms.maxOutputTokens)
  const tokensLeft = (budget.maxTokens ?? Number.MAX_SAFE_INTEGER) - ledger.tokens - ledger.reservedTokens - inputTokens
  if (tokensLeft < least) return { type: 'exhausted', reason: 'token_budget' }
  const costLeft =
    (budget.maxCostMicroUsd ?? Number.MAX_SAFE_INTEGER) - ledger.costMicroUsd - ledger.reservedCostMicroUsd
  const affordable = affordableOutput(costLeft, inputTokens, terms.price)
  if (affordable < least) return { type: 'exhausted', reason: 'cost_cap' }
  const maxOutputTokens = Math.min(terms.maxOutputTokens, tokensLeft, affordable)
  const costMicroUsd = costOf({ inputTokens, outputTokens: maxOutputTokens }, terms.price)
  return { type: 'reserved', reservation: { tokens: inputTokens + maxOutputTokens, costMicroUsd, maxOutputTokens } }
}

/** How many output tokens a rest of money buys once the input is paid. */
function affordableOutput(costLeft: number, inputTokens: number, price: Price | null): number {
  if (price === null) return Number.MAX_SAFE_INTEGER
  const rest = costLeft * TOKENS_PER_MTOK - inputTokens * price.inputMicroUsdPerMTok
  if (rest < 0) return -1
  return price.outputMicroUsdPerMTok === 0 ? Number.MAX_SAFE_INTEGER : Math.floor(rest / price.outputMicroUsdPerMTok)
}
