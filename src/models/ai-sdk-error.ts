/** Whatever a provider's client throws, as one of our errors: with a stable code, and whether another attempt may help. */
import { ModelRequestError } from '../ports/index.ts'
import { retryAfterMs } from './retry-after.ts'

/** Whether the answer had begun: from then on a broken connection is a cut stream. */
export type RequestMoment = { readonly signal: AbortSignal; readonly isAnswering: boolean }

/** The errors of the AI SDK carry these fields; its classes are not loaded to look at them. */
type Fields = {
  readonly name: string
  readonly message: string
  readonly code: unknown
  readonly type: unknown
  readonly cause: unknown
  readonly statusCode: unknown
  readonly isRetryable: unknown
  readonly responseHeaders: unknown
  readonly responseBody: unknown
}

const MAX_MESSAGE_CHARACTERS = 500
const RETRYABLE_STATUSES: ReadonlySet<number> = new Set([408, 409, 429])
const FINAL_WORDS = /invalid|bad_request|authentication|permission|not_found|quota|context_length|too_large|unsupported/
const NETWORK_CODES = /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOST|ENETUNREACH|UND_ERR|HPE_|CERT_|ERR_TLS)/
const TIMEOUT_CODES: ReadonlySet<string> = new Set([
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_CONNECT_TIMEOUT',
])

/** Never throws. An abort of the caller comes before everything else that went wrong with it. */
export function toRequestError(error: unknown, moment: RequestMoment): ModelRequestError {
  try {
    return asRequestError(error, moment)
  } catch {
    return new ModelRequestError('adapter_error', 'something was thrown that cannot be read', { retryable: false })
  }
}

function asRequestError(error: unknown, moment: RequestMoment): ModelRequestError {
  if (moment.signal.aborted) return aborted(moment.signal)
  if (error instanceof ModelRequestError) return error
  const fields = fieldsOf(error)
  return (
    byName(fields, error) ??
    byStatus(fields) ??
    byConnection(fields, moment) ??
    byContent(fields, error) ??
    byFrame(fields, error) ??
    make('adapter_error', fields, { retryable: false, cause: error })
  )
}

function aborted(signal: AbortSignal): ModelRequestError {
  const isTimeout = fieldsOf(signal.reason).name === 'TimeoutError'
  if (isTimeout) return new ModelRequestError('timeout', 'no answer within the time allowed', { retryable: true })
  return new ModelRequestError('aborted', 'the request was aborted', { retryable: false })
}

/** What no attempt can mend, because nothing was sent. */
function byName(fields: Fields, cause: unknown): ModelRequestError | null {
  if (/^AI_Load(APIKey|Setting)Error$/.test(fields.name))
    return make('configuration', fields, { retryable: false, cause })
  const isRequest =
    /^AI_(InvalidPrompt|InvalidArgument|UnsupportedFunctionality|NoSuchModel|NoSuchProviderReference)Error$/
  return isRequest.test(fields.name) ? make('invalid_request', fields, { retryable: false, cause }) : null
}

/** What the provider answered with: a status of HTTP, or an error inside the stream that stands for one. */
function byStatus(fields: Fields): ModelRequestError | null {
  const { statusCode: status, responseHeaders, responseBody } = fields
  if (typeof status !== 'number' || !Number.isInteger(status) || (status >= 200 && status < 300)) return null
  const wait = retryAfterMs(responseHeaders, responseBody)
  return make(`http_${status}`, fields, {
    retryable: status >= 500 || RETRYABLE_STATUSES.has(status),
    status,
    ...(wait !== null && { retryAfterMs: wait }),
    cause: fields.cause,
  })
}

function byConnection(fields: Fields, { isAnswering }: RequestMoment): ModelRequestError | null {
  const chain = causes(fields)
  const codes = chain.map(({ code }) => (typeof code === 'string' ? code : ''))
  const { cause } = fields
  if (codes.some((code) => TIMEOUT_CODES.has(code)) || chain.some(({ name }) => name === 'TimeoutError')) {
    return make('timeout', fields, { retryable: true, cause })
  }
  const isBroken =
    codes.some((code) => NETWORK_CODES.test(code)) ||
    chain.some(
      ({ name, message }) => name === 'AbortError' || /^(terminated|fetch failed|failed to fetch)$/i.test(message),
    ) ||
    (fields.name === 'AI_APICallError' && fields.statusCode === undefined)
  if (!isBroken) return null
  return make(isAnswering || fields.statusCode !== undefined ? 'cut_stream' : 'network', fields, {
    retryable: true,
    cause,
  })
}

/** Bytes that are no answer. Garbled ones may come whole the next time; a shape that the client does not know will not. */
function byContent(fields: Fields, cause: unknown): ModelRequestError | null {
  const names = causes(fields).map(({ name }) => name)
  if (/ended without a finish reason/.test(fields.message))
    return make('cut_stream', fields, { retryable: true, cause })
  if (names.includes('AI_TypeValidationError')) return make('invalid_response', fields, { retryable: false, cause })
  const isGarbled = /^AI_(JSONParse|InvalidResponseData|EmptyResponseBody|NoContentGenerated|APICall)Error$/
  if (
    names.some((name) => isGarbled.test(name)) ||
    /Expected a normalized Anthropic stream error/.test(fields.message)
  ) {
    return make('invalid_response', fields, { retryable: true, cause: fields.cause })
  }
  return null
}

/** An error frame in a stream, as the provider wrote it: `{ message, type?, code? }`. */
function byFrame(fields: Fields, error: unknown): ModelRequestError | null {
  if (error instanceof Error || fields.message === '') return null
  const { code, type, isRetryable } = fields
  if (typeof code === 'number' && code >= 400 && code <= 599) return byStatus({ ...fields, statusCode: code })
  const isFinal = FINAL_WORDS.test(`${String(code)} ${String(type)}`.toLowerCase())
  return make('provider_error', fields, {
    retryable: typeof isRetryable === 'boolean' ? isRetryable : !isFinal,
  })
}

function causes(fields: Fields): readonly Fields[] {
  const chain = [fields]
  for (let at = fields; at.cause !== undefined && chain.length < 6; ) {
    at = fieldsOf(at.cause)
    chain.push(at)
  }
  return chain
}

function fieldsOf(error: unknown): Fields {
  const value: Partial<Record<keyof Fields, unknown>> =
    typeof error === 'object' && error !== null ? error : { message: error }
  const { name, message, code, type, cause, statusCode, isRetryable, responseHeaders, responseBody } = value
  const text = (one: unknown) => (typeof one === 'string' ? one : '')
  return {
    name: text(name),
    message: text(message),
    code,
    type,
    cause,
    statusCode,
    isRetryable,
    responseHeaders,
    responseBody,
  }
}

function make(
  code: string,
  fields: Fields,
  options: ConstructorParameters<typeof ModelRequestError>[2],
): ModelRequestError {
  const message = fields.message === '' ? `the request failed (${fields.name || 'no message'})` : fields.message
  return new ModelRequestError(code, message.slice(0, MAX_MESSAGE_CHARACTERS).toWellFormed(), options)
}
