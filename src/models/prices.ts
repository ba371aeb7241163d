/** What a model costs, from `@pydantic/genai-prices` where it is installed. */
import type { ModelPrice } from '@pydantic/genai-prices'
import type { Price } from '../core/index.ts'

export type PricedModel = {
  readonly provider: string
  readonly modelId: string
  /** Tells whose prices hold for a `compatible` model. */
  readonly baseURL?: string | undefined
}

const MICRO = 1_000_000

/** Null where the package is not installed, or does not know the model: an unknown price is never a price of nothing. */
export async function findPrice({ provider, modelId, baseURL }: PricedModel): Promise<Price | null> {
  const prices = await import('@pydantic/genai-prices').catch(() => null)
  if (prices === null) return null
  const whose = provider === 'compatible' ? { providerApiUrl: baseURL ?? '' } : { providerId: provider }
  try {
    const found = prices.calcPrice({ input_tokens: 0, output_tokens: 0 }, modelId, whose)
    return found === null ? null : toPrice(found.model_price)
  } catch {
    return null
  }
}

function toPrice({ input_mtok, output_mtok, cache_read_mtok }: ModelPrice): Price | null {
  const input = microUsd(input_mtok)
  const output = microUsd(output_mtok)
  const cached = microUsd(cache_read_mtok)
  if (input === null || output === null) return null
  return {
    inputMicroUsdPerMTok: input,
    outputMicroUsdPerMTok: output,
    ...(cached !== null && { cachedInputMicroUsdPerMTok: cached }),
  }
}

function microUsd(price: ModelPrice[string]): number | null {
  const usd = typeof price === 'object' ? price.base : price
  return usd === undefined || !Number.isFinite(usd) || usd < 0 ? null : Math.ceil(usd * MICRO - 1e-6)
}
