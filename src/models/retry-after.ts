/** Nobody waits longer than a day because a header says so. */
const MAX_WAIT_MS = 86_400_000

/**
 * How long a provider asks to be left alone, in milliseconds: `retry-after-ms`, or `Retry-After` in seconds or as a date (RFC 9110,
 * 10.2.3), or Google's `RetryInfo` in the body. A date is measured against the answer's own `Date`, so that a wrong clock here does not
 * matter. Null: it did not say.
 */
export function retryAfterMs(headers: unknown, body: unknown = ''): number | null {
  const wait = waitMs(headers, body)
  return wait === null ? null : Math.min(wait, MAX_WAIT_MS)
}

function waitMs(headers: unknown, body: unknown): number | null {
  const exact = Number(headerOf(headers, 'retry-after-ms') ?? Number.NaN)
  if (Number.isFinite(exact) && exact >= 0) return Math.ceil(exact)
  const value = headerOf(headers, 'retry-after')?.trim() ?? ''
  if (/^\d+(\.\d+)?$/.test(value)) return Math.ceil(Number(value) * 1000)
  const until = /^[a-z]/i.test(value) ? Date.parse(value) : Number.NaN
  const sentAt = Date.parse(headerOf(headers, 'date') ?? '')
  if (Number.isNaN(until)) return retryDelayMs(body)
  return Math.max(0, until - (Number.isNaN(sentAt) ? Date.now() : sentAt))
}

function retryDelayMs(body: unknown): number | null {
  const seconds = typeof body === 'string' ? /"retryDelay":\s*"(\d{1,6}(?:\.\d+)?)s"/.exec(body)?.[1] : undefined
  return seconds === undefined ? null : Math.ceil(Number(seconds) * 1000)
}

function headerOf(headers: unknown, name: string): string | null {
  if (typeof headers !== 'object' || headers === null) return null
  const found: unknown = Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1]
  return typeof found === 'string' ? found : null
}
