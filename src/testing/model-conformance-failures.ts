/** How a model adapter has to fail: the second half of the suite in model-conformance.ts. */
import assert from 'node:assert/strict'
import { ModelRequestError } from '../ports/index.ts'
import { ask, type ModelCase, type OpenModel, question, requestOf } from './model-conformance-kit.ts'

type Expected = {
  readonly code: string | RegExp
  readonly retryable: boolean
  readonly retryAfterMs?: number
}

async function fails({ model }: OpenModel, { code, retryable, retryAfterMs = undefined }: Expected): Promise<void> {
  await assert.rejects(ask(model, requestOf([question])), (error) => {
    assert(error instanceof ModelRequestError, `expected a ModelRequestError, found ${error}`)
    if (typeof code === 'string') assert.equal(error.code, code)
    else assert.match(error.code, code)
    assert.equal(error.retryable, retryable)
    if (retryAfterMs !== undefined) assert.equal(error.retryAfterMs, retryAfterMs)
    return true
  })
}

function refuses(status: number, retryable: boolean): ModelCase {
  return {
    name: `status ${status} is http_${status}, and ${retryable ? 'may be retried' : 'is final'}`,
    answers: [{ type: 'status', status }],
    run: (open) => fails(open, { code: `http_${status}`, retryable }),
  }
}

export const failureCases: readonly ModelCase[] = [
  ...[408, 409, 429, 500, 503].map((status) => refuses(status, true)),
  ...[400, 401, 403, 404].map((status) => refuses(status, false)),
  {
    name: 'a provider that asks to wait is quoted',
    answers: [{ type: 'status', status: 429, retryAfterMs: 7000 }],
    run: (open) => fails(open, { code: 'http_429', retryable: true, retryAfterMs: 7000 }),
  },
  {
    name: 'a stream that ends before its answer is whole may be retried, and is never an answer',
    answers: [{ type: 'cut' }],
    run: (open) => fails(open, { code: /^(cut_stream|network)$/, retryable: true }),
  },
  {
    name: 'one call makes one request: a failure is not retried behind the back of the runtime',
    needsPrompts: true,
    answers: [{ type: 'status', status: 503 }],
    async run(open) {
      await fails(open, { code: 'http_503', retryable: true })
      assert.equal(open.sent().length, 1)
    },
  },
  {
    name: 'an abort ends the request at once, and is final',
    answers: [{ type: 'hang' }],
    async run({ model }) {
      const controller = new AbortController()
      const pending = model.generate(requestOf([question]), { signal: controller.signal, onDelta: () => {} })
      setImmediate(() => controller.abort())
      await assert.rejects(
        pending,
        (error) => error instanceof ModelRequestError && error.code === 'aborted' && !error.retryable,
      )
    },
  },
  {
    name: 'a request that was aborted before it began is never sent',
    answers: [{ type: 'hang' }],
    async run({ model, sent }) {
      const pending = model.generate(requestOf([question]), {
        signal: AbortSignal.abort(),
        onDelta: () => {},
      })
      await assert.rejects(pending, (error) => error instanceof ModelRequestError && error.code === 'aborted')
      assert.equal(sent().length, 0)
    },
  },
]
