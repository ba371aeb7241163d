import assert from 'node:assert/strict'
import { test } from 'vitest'
import { ModelRequestError } from '../ports/index.ts'
import { type RequestMoment, toRequestError } from './ai-sdk-error.ts'
import { retryAfterMs } from './retry-after.ts'

const before: RequestMoment = { signal: new AbortController().signal, isAnswering: false }
const during: RequestMoment = { ...before, isAnswering: true }

function named(name: string, fields: object = {}): Error {
  return Object.assign(new Error('it went wrong'), { name, ...fields })
}

function summary(error: unknown, moment = before): readonly unknown[] {
  const { code, retryable, status } = toRequestError(error, moment)
  return [code, retryable, status]
}

test('a status of HTTP is its own code, and tells whether another attempt may help', () => {
  for (const status of [408, 409, 429, 500, 502, 529])
    assert.deepEqual(summary(named('AI_APICallError', { statusCode: status })), [`http_${status}`, true, status])
  for (const status of [400, 401, 403, 404, 413, 422])
    assert.deepEqual(summary(named('AI_APICallError', { statusCode: status })), [`http_${status}`, false, status])
})

test('a broken connection is a network error before the answer, and a cut stream within it', () => {
  const reset = named('AI_APICallError', { cause: named('Error', { code: 'ECONNRESET' }) })
  assert.deepEqual(summary(reset), ['network', true, null])
  assert.deepEqual(summary(reset, during), ['cut_stream', true, null])
  assert.deepEqual(summary(named('AI_APICallError', { statusCode: 200, cause: new TypeError('terminated') }), during), [
    'cut_stream',
    true,
    null,
  ])
  assert.deepEqual(summary(named('TypeError', { message: 'fetch failed' })), ['network', true, null])
  assert.deepEqual(summary(named('Error', { cause: named('Error', { code: 'UND_ERR_BODY_TIMEOUT' }) }), during), [
    'timeout',
    true,
    null,
  ])
})

test('what is no answer may come whole the next time, unless the client does not know its shape', () => {
  assert.deepEqual(summary(named('AI_JSONParseError'), during), ['invalid_response', true, null])
  assert.deepEqual(summary(named('AI_EmptyResponseBodyError')), ['invalid_response', true, null])
  assert.deepEqual(summary(named('AI_TypeValidationError'), during), ['invalid_response', false, null])
})

test('what was never sent cannot be mended by sending it again', () => {
  assert.deepEqual(summary(named('AI_LoadAPIKeyError')), ['configuration', false, null])
  assert.deepEqual(summary(named('AI_UnsupportedFunctionalityError')), ['invalid_request', false, null])
  assert.deepEqual(summary(named('AI_InvalidPromptError')), ['invalid_request', false, null])
})

test('an error inside a stream counts as what it says it is', () => {
  assert.deepEqual(summary({ message: 'overloaded', statusCode: 529, type: 'overloaded_error' }, during), [
    'http_529',
    true,
    529,
  ])
  assert.deepEqual(summary({ message: 'slow down', code: 429 }, during), ['http_429', true, 429])
  assert.deepEqual(summary({ message: 'hm', type: 'server_error' }, during), ['provider_error', true, null])
  assert.deepEqual(summary({ message: 'too long', code: 'context_length_exceeded' }, during), [
    'provider_error',
    false,
    null,
  ])
  assert.deepEqual(summary({ message: 'no', isRetryable: false }, during), ['provider_error', false, null])
  assert.deepEqual(summary('went wrong', during), ['provider_error', true, null])
})

test('an abort comes before whatever it broke, and a timeout of the caller may be tried again', () => {
  const aborted = { signal: AbortSignal.abort(), isAnswering: true }
  assert.deepEqual(summary(named('AI_APICallError', { statusCode: 500 }), aborted), ['aborted', false, null])
  const timedOut = { signal: AbortSignal.abort(new DOMException('', 'TimeoutError')), isAnswering: false }
  assert.deepEqual(summary(new Error('x'), timedOut), ['timeout', true, null])
})

test('nothing that is thrown gets by, and no message is longer than it may be', () => {
  for (const thrown of [undefined, null, 0, {}, [], new Error(), Symbol('s'), () => {}]) {
    const error = toRequestError(thrown, before)
    assert(error instanceof ModelRequestError && !error.retryable && error.message.length > 0, String(thrown))
  }
  const own = new ModelRequestError('cut_stream', 'own', { retryable: true })
  assert.equal(toRequestError(own, during), own)
  assert.equal(toRequestError(new Error('x'.repeat(10_000)), before).message.length, 500)
})

test('no error carries the request with it: prompts do not leak into logs', () => {
  const error = toRequestError(
    named('AI_APICallError', { statusCode: 400, requestBodyValues: { messages: ['secret words'] } }),
    before,
  )
  assert.equal(error.cause, undefined)
})

test('a wait is read from milliseconds, seconds, a date against the date of the answer, or the body of Google', () => {
  const date = 'Fri, 21 Nov 2025 10:00:00 GMT'
  assert.equal(retryAfterMs({ 'retry-after-ms': '1500.2', 'retry-after': '9' }), 1501)
  assert.equal(retryAfterMs({ 'Retry-After': '2' }), 2000)
  assert.equal(retryAfterMs({ 'retry-after': 'Fri, 21 Nov 2025 10:00:30 GMT', date }), 30_000)
  assert.equal(retryAfterMs({ 'retry-after': 'Fri, 21 Nov 2025 09:00:00 GMT', date }), 0)
  assert.equal(retryAfterMs({}, '{"error":{"details":[{"retryDelay": "34.4s"}]}}'), 34_400)
  assert.equal(retryAfterMs({ 'retry-after': '9'.repeat(400) }), 86_400_000)
  for (const none of [undefined, null, 'x', {}, { 'retry-after': 'soon' }, { 'retry-after': '-1' }])
    assert.equal(retryAfterMs(none), null)
})
