/** Models by name: `openai/…`, `anthropic/…`, `google/…`, or `compatible/…` for any server that speaks OpenAI's chat API. */
import type { LanguageModelV4 } from '@ai-sdk/provider'
import type { JsonObject, Price } from '../core/index.ts'
import { type Model, PawlError } from '../ports/index.ts'
import { aiSdk } from './ai-sdk.ts'
import { loadPeer } from './peer.ts'
import { findPrice } from './prices.ts'
import { mergeSettings } from './settings.ts'

export type ProviderOptions = {
  /** Sent to the provider and nowhere else. Only `compatible/…` may have an empty one, which sends none. */
  readonly apiKey: string
  /** Where the API is, version included (`https://…/v1`). Needed for `compatible/…`; elsewhere the provider's own. */
  readonly baseURL?: string
  /**
   * Absent: looked up in `@pydantic/genai-prices` where that is installed; its price for short prompts, where longer ones cost
   * more. Null: unknown, and a cost cap refuses to start.
   */
  readonly price?: Price | null
  readonly fetch?: typeof globalThis.fetch
  /** Settings of the AI SDK's call, for every request (`reasoning`, `providerOptions`, …). */
  readonly settings?: JsonObject
  /** False where the model refuses a temperature: the runtime then sends none. */
  readonly takesTemperature?: boolean
  /** False where the model refuses to be told which tool to call: the runtime then does not. */
  readonly takesToolChoice?: boolean
  /**
   * Whether the provider takes a JSON schema for an answer (`json_schema` in OpenAI's chat API); where it does not, the model is told of
   * it in words. False for `compatible/…` unless it is said, true elsewhere.
   */
  readonly takesOutputSchema?: boolean
}

type Client = { readonly modelId: string; readonly options: ProviderOptions }
type Provider = {
  readonly load: (client: Client) => Promise<LanguageModelV4>
  readonly settings?: JsonObject
}

/**
 * Makes the model named `provider/model`, loading the provider's package when it is first asked for. Throws a `PawlError` with
 * the code `unknown_provider`, `api_key_missing`, `base_url_missing`, or `peer_missing` and the command that installs it.
 */
export async function model(id: string, options: ProviderOptions): Promise<Model> {
  const [name = ''] = id.split('/', 1)
  const modelId = id.slice(name.length + 1)
  const provider = Object.hasOwn(providers, name) ? providers[name] : undefined
  if (provider === undefined || modelId === '') throw unknownProvider(id)
  check(id, name, options)
  const client = await provider.load({ modelId, options })
  const { baseURL, takesTemperature, takesToolChoice, takesOutputSchema = takesSchemaUnsaid(name) } = options
  const price = options.price === undefined ? await findPrice({ provider: name, modelId, baseURL }) : options.price
  const settings = mergeSettings(provider.settings ?? {}, options.settings)
  return aiSdk(client, {
    id,
    price,
    settings,
    takesOutputSchema,
    ...(takesTemperature === false && { takesTemperature }),
    ...(takesToolChoice === false && { takesToolChoice }),
  })
}

/** Any server may stand behind `compatible/…`; what it does not know it often drops without a word. */
function takesSchemaUnsaid(name: string): boolean {
  return name !== 'compatible'
}

const providers: { readonly [name: string]: Provider } = {
  openai: {
    // The provider keeps nothing: a session that goes on after months must hold its own reasoning, encrypted.
    settings: { providerOptions: { openai: { store: false } } },
    load: async ({ modelId, options }) => {
      const { createOpenAI } = await loadPeer('@ai-sdk/openai', () => import('@ai-sdk/openai'))
      return createOpenAI(clientOptions(options)).responses(modelId)
    },
  },
  anthropic: {
    load: async ({ modelId, options }) => {
      const { createAnthropic } = await loadPeer('@ai-sdk/anthropic', () => import('@ai-sdk/anthropic'))
      return createAnthropic(clientOptions(options)).languageModel(modelId)
    },
  },
  google: {
    load: async ({ modelId, options }) => {
      const { createGoogle } = await loadPeer('@ai-sdk/google', () => import('@ai-sdk/google'))
      return createGoogle(clientOptions(options)).languageModel(modelId)
    },
  },
  compatible: {
    load: async ({ modelId, options }) => {
      const { createOpenAICompatible } = await loadPeer(
        '@ai-sdk/openai-compatible',
        () => import('@ai-sdk/openai-compatible'),
      )
      const { baseURL = '' } = options
      return createOpenAICompatible({
        ...clientOptions(options),
        name: 'compatible',
        baseURL,
        includeUsage: true,
        supportsStructuredOutputs: options.takesOutputSchema ?? false,
      })(modelId)
    },
  },
}

type ClientOptions = {
  readonly apiKey?: string
  readonly baseURL?: string
  readonly fetch?: typeof globalThis.fetch
}

function clientOptions({ apiKey, baseURL, fetch }: ProviderOptions): ClientOptions {
  return {
    ...(apiKey !== '' && { apiKey }),
    ...(baseURL !== undefined && { baseURL }),
    ...(fetch !== undefined && { fetch }),
  }
}

function check(id: string, name: string, { apiKey, baseURL }: ProviderOptions): void {
  if (name === 'compatible') {
    if (baseURL !== undefined && URL.canParse(baseURL)) return
    const found = baseURL === undefined ? 'none' : JSON.stringify(baseURL)
    throw new PawlError(
      'base_url_missing',
      `${id}: expected baseURL, such as 'http://localhost:11434/v1'; found ${found}`,
    )
  }
  if (apiKey === '')
    throw new PawlError('api_key_missing', `${id}: expected an apiKey, found an empty text; no request was made`)
}

function unknownProvider(id: string): PawlError {
  const names = Object.keys(providers).map((name) => `${name}/…`)
  const expected = `expected a model as ${names.slice(0, -1).join(', ')} or ${names.at(-1)}`
  return new PawlError(
    'unknown_provider',
    `${expected}; found ${JSON.stringify(id)}. For another AI SDK provider use aiSdk(model).`,
  )
}
