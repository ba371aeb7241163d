import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { Json } from '../core/index.ts'
import { scripted } from '../models/scripted.ts'
import { StoreFullError, StoreUnavailableError, StoreUnclearError } from '../ports/index.ts'
import { manualEnv } from '../testing/manual-env.ts'
import { artifactsIn, idOf, noting, orders, rows, sha256Of, shown, stores, textOf } from './artifacts.fixture.ts'
import { tool } from './define.ts'
import { watching } from './memory.fixture.ts'
import { secretsFrom } from './secrets-from.ts'
import { anyTool, calls, openAll, type World, type WorldOptions, world } from './world.fixture.ts'

const MAX = 16_384

/** One call of `look`, over the store, and what the model was shown of it. */
async function looked(output: unknown, options: WorldOptions & { readonly more?: object } = {}) {
  const { model, requests } = watching(scripted([calls('look'), 'done']))
  const look = anyTool('look', 'read', () => output, options.more ?? {})
  const around = world({ model, tools: [look], ...options })
  const sessionId = await around.start()
  expect(await around.runtime.result({ sessionId })).toMatchObject({ text: 'done' })
  const [finished] = await around.find(sessionId, 'call_finished')
  const artifacts = await artifactsIn(around, sessionId)
  return { ...around, sessionId, finished, artifacts, requests, result: shown(requests, 'c1') }
}

describe.each(stores)('an output, over the %s store', (_, open) => {
  const fresh = () => {
    const env = manualEnv()
    return { env, store: open(env.now) }
  }

  // As JSON a text has two quotes around it, and "é" is two bytes.
  test.each([
    ['under', `${'é'.repeat(8_190)}a`, MAX - 1, false],
    ['at', 'é'.repeat(8_191), MAX, false],
    ['over', `${'é'.repeat(8_191)}a`, MAX + 1, true],
  ])('%s maxInlineBytes in bytes of its JSON', async (_where, text, bytes, isArtifact) => {
    expect(Buffer.byteLength(JSON.stringify(text))).toBe(bytes)
    const { artifacts, finished, result } = await looked(text, fresh())
    expect(artifacts).toHaveLength(isArtifact ? 1 : 0)
    if (!isArtifact) expect(finished?.outcome).toEqual({ type: 'ok', output: text })
    else expect(result).toMatchObject({ artifact: idOf(sha256Of(text)), bytes: bytes - 2, type: 'text' })
  })

  test('that is JSON is kept as its canonical bytes, one that is text as it is, and each is what it was when it is read', async () => {
    const json = await looked({ z: 1, a: rows(800) }, fresh())
    const canonical = JSON.stringify({ a: rows(800), z: 1 }).replaceAll(
      /\{"row":(\d+),"total":(\d+),"note":"([^"]+)"\}/g,
      '{"note":"$3","row":$1,"total":$2}',
    )
    expect(json.artifacts).toEqual([
      { hash: sha256Of(canonical), mediaType: 'application/json', bytes: canonical.length },
    ])
    expect(await textOf(json.store, sha256Of(canonical))).toBe(canonical)
    const text = `\uFEFFbegins with a mark\n${'line of it\n'.repeat(2_000)}`
    const plain = await looked(text, fresh())
    expect(plain.artifacts).toMatchObject([{ hash: sha256Of(text), mediaType: 'text/plain; charset=utf-8' }])
    expect(await textOf(plain.store, sha256Of(text))).toBe(text)
  })

  test('is in the store before the event that names it, and before anybody is told', async () => {
    const { env, store } = fresh()
    const noted = noting(store)
    const { artifacts, sessionId } = await looked(orders, { env, store: noted.store })
    const at = noted.order.indexOf(`save ${artifacts[0]?.hash}`)
    expect(at).toBeGreaterThan(noted.order.indexOf('call_started'))
    expect(at).toBeLessThan(noted.order.indexOf('call_finished'))
    // What an event names is no orphan, however old it is.
    expect(await store.sweepArtifacts({ before: env.now() + 1, limit: 10 })).toBe(0)
    expect(await textOf(store, artifacts[0]?.hash ?? '')).not.toBeNull()
    expect(sessionId).not.toBe('')
  })

  test('that comes twice, in whatever order its members stand, is one artifact', async () => {
    const { env, store } = fresh()
    let turn = 0
    const look = anyTool('look', 'read', () => {
      turn += 1
      return turn === 1 ? { a: 1, rows: orders } : { rows: orders, a: 1 }
    })
    const around = world({ env, store, tools: [look], script: [calls('look'), calls('look'), 'done'] })
    const sessionId = await around.start()
    const [first, second] = await artifactsIn(around, sessionId)
    expect(first).toBeDefined()
    expect(second).toEqual(first)
  })

  test('is shown as the tool presents it, with where the rest is; the other views see the whole of it', async () => {
    const given: number[] = []
    const count = (output: Json) => given.push(Array.isArray(output) ? output.length : -1)
    const more = {
      present: (output: Json) => {
        count(output)
        return { found: 'two thousand orders' }
      },
      summarize: (output: Json) => {
        count(output)
        return { matches: Array.isArray(output) ? output.length : -1 }
      },
      endsSession: (output: Json) => {
        count(output)
        return null
      },
    }
    const { result, finished, artifacts } = await looked(orders, { ...fresh(), more })
    expect(given).toEqual([2_000, 2_000, 2_000])
    expect(finished).toMatchObject({ presented: { found: 'two thousand orders' }, summary: { matches: 2_000 } })
    const [artifact] = artifacts
    expect(result).toEqual({
      artifact: idOf(artifact?.hash ?? ''),
      bytes: artifact?.bytes,
      shown: { found: 'two thousand orders' },
    })
  })

  test('is shown as a preview where what the tool presents is no shorter than maxInlineBytes', async () => {
    const { result, finished, requests } = await looked(orders, { ...fresh(), more: { present: (all: Json) => all } })
    expect(finished?.presented).toBeUndefined()
    expect(result).toMatchObject({ type: 'array', length: 2_000, next: expect.stringContaining('read_artifact') })
    expect(JSON.stringify(requests.at(-1))).not.toContain('as ordered 1999')
  })

  test('of any size takes no more of a prompt than a preview, and its tokens are those that are set aside', async () => {
    const { find, sessionId, requests } = await looked(rows(40_000), fresh())
    expect(JSON.stringify(requests.at(-1)?.messages).length).toBeLessThan(4_000)
    const [, second] = await find(sessionId, 'model_started')
    expect(second?.reserved.tokens).toBeLessThan(4_096 + 2_500)
  })
})

describe.each(stores)('where the %s store does not take an output', (_, open) => {
  const limits = { artifactAttempts: 3 }
  const problems = {
    full: () => new StoreFullError('no room'),
    away: () => new StoreUnavailableError('gone'),
    unclear: () => new StoreUnclearError('no answer'),
  }

  async function paid(refuse: (save: number) => void) {
    const env = manualEnv()
    const noted = noting(open(env.now), refuse)
    let paid = 0
    const pay = anyTool('pay', 'unsafe', () => {
      paid += 1
      return orders
    })
    const { model, requests } = watching(scripted([calls('pay'), 'done']))
    const around = world({ env, store: noted.store, model, tools: [pay], limits })
    const sessionId = await around.start()
    await env.advance(10_000)
    expect(await around.runtime.result({ sessionId })).toMatchObject({ text: 'done' })
    const finished = await around.find(sessionId, 'call_finished')
    return { ...around, sessionId, finished, requests, paid, saves: noted.saves() }
  }

  test.each(
    Object.entries(problems),
  )('%s, however often it is asked: its beginning is recorded, and nothing is done twice', async (_name, problem) => {
    const {
      finished,
      paid: count,
      saves,
      requests,
    } = await paid(() => {
      throw problem()
    })
    expect({ count, saves }).toEqual({ count: 1, saves: 3 })
    expect(finished).toHaveLength(1)
    expect(finished[0]).toMatchObject({
      outputTruncated: true,
      outcome: {
        type: 'ok',
        output: {
          output_truncated: true,
          bytes: JSON.stringify(orders).length,
          preview: expect.stringMatching(/^\[\{/),
        },
      },
    })
    expect(finished[0]?.artifact).toBeUndefined()
    expect(JSON.stringify(requests.at(-1)).length).toBeLessThan(6_000)
    // There is nothing to read, and nothing to read it with.
    expect(requests.at(-1)?.tools.map(({ name }) => name)).toEqual(['pay'])
  })

  test.each(
    Object.entries(problems),
  )('%s at first: it is asked again, and the output is whole', async (_name, problem) => {
    const {
      finished,
      paid: count,
      saves,
    } = await paid((save) => {
      if (save < 3) throw problem()
    })
    expect({ count, saves }).toEqual({ count: 1, saves: 3 })
    expect(finished[0]).toMatchObject({ artifact: { mediaType: 'application/json' } })
    expect(finished[0]?.outputTruncated).toBeUndefined()
  })
})

describe('what must not be stored', () => {
  const KEY = 'pk-3fa9c1d7e5b28460a1f3'
  const secrets = secretsFrom({ PAY_KEY: KEY })

  async function bytesOf({
    store,
    artifacts,
  }: Pick<World, 'store'> & { readonly artifacts: readonly { readonly hash: string }[] }) {
    const [artifact] = artifacts
    const text = await textOf(store, artifact?.hash ?? '')
    expect(artifact?.hash).toBe(sha256Of(text ?? ''))
    return text ?? ''
  }

  test('the value of a secret is neither in the bytes nor in the preview nor in what is presented', async () => {
    const output = [{ key: KEY }, ...Array.from({ length: 1_500 }, (_, row) => ({ row, auth: `Bearer ${KEY}` })), KEY]
    const look = anyTool(
      'look',
      'read',
      async (_input, { secret }) => {
        await secret('PAY_KEY')
        return output
      },
      { secrets: ['PAY_KEY'], present: () => `all with ${KEY}` },
    )
    const around = world({ secrets, tools: [look], script: [calls('look'), 'done'] })
    const sessionId = await around.start()
    const text = await bytesOf({ ...around, artifacts: await artifactsIn(around, sessionId) })
    expect(text).not.toContain(KEY)
    expect(text).toContain('[redacted:PAY_KEY]')
    const log = JSON.stringify(await around.log(sessionId))
    expect(log).not.toContain(KEY)
    expect(log).toContain('all with [redacted:PAY_KEY]')
  })

  test('fields that are marked sensitive, of the input and of the output, are in neither', async () => {
    const look = tool({
      name: 'look',
      description: 'looks',
      effect: 'read',
      input: z.object({ card: z.string().meta({ sensitive: true }) }),
      sensitive: ['/*/iban'],
      run: ({ card }) =>
        Array.from({ length: 1_000 }, (_, row) => ({ row, iban: `DE${row}8937040044`, echo: `of ${card}` })),
    })
    const script = [{ calls: [{ tool: 'look', input: { card: '4242-4242-4242-4242' } }] }, 'done']
    const around = world({ tools: [look], script, policies: [openAll([look])] })
    const sessionId = await around.start()
    const text = await bytesOf({ ...around, artifacts: await artifactsIn(around, sessionId) })
    expect(text).not.toContain('4242-4242')
    expect(text).not.toContain('8937040044')
    const [finished] = await around.find(sessionId, 'call_finished')
    expect(JSON.stringify(finished)).not.toMatch(/4242-4242|8937040044/)
  })
})

describe('a large output that is not what its tool promises', () => {
  const promised = (effect: 'read' | 'unsafe', output: Json) =>
    tool({
      name: 'look',
      description: 'looks',
      effect,
      input: z.object({}),
      output: z.object({ total: z.number() }),
      run: () => output as never,
    })

  test('ends a read', async () => {
    const { find, start } = world({ tools: [promised('read', orders)], script: [calls('look'), 'done'] })
    const [finished] = await find(await start(), 'call_finished')
    expect(finished?.outcome).toMatchObject({ type: 'terminal_error', message: expect.stringContaining('promises') })
    expect(finished?.artifact).toBeUndefined()
  })

  test.each([
    ['the default', undefined],
    ['the smallest', { maxInlineBytes: 1_024 }],
  ])('of a write is kept, and the model is told, at %s maxInlineBytes', async (_, limits) => {
    // Every character of it takes three bytes, so that what is shown of it does, too.
    const output = Array.from({ length: 3_000 }, () => '漢字漢字')
    const { model, requests } = watching(scripted([calls('look'), 'done']))
    const around = world({ model, tools: [promised('unsafe', output)], ...(limits && { limits }) })
    const sessionId = await around.start()
    expect(await artifactsIn(around, sessionId)).toHaveLength(1)
    expect(JSON.stringify(shown(requests, 'c1'))).toContain('it took effect, but its output is not what it promises')
  })
})

test.each([
  ['maxInlineBytes', 1_023],
  ['maxInlineBytes', 2_000.5],
  ['artifactAttempts', 0],
  ['orphanArtifactMs', 0],
  ['maxSearchMatches', 0],
  ['maxToolsShown', Number.NaN],
])('a runtime with %s of %d is refused, with what there may be', (name, value) => {
  expect(() => world({ limits: { [name]: value } })).toThrow(`expected ${name} as a whole number of at least`)
})
