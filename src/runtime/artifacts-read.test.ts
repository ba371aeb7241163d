import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../core/index.ts'
import { scripted, scriptedTasks } from '../models/scripted.ts'
import { ruleOfTwo } from '../policies/index.ts'
import type { ModelRequest, Policy } from '../ports/index.ts'
import { manualEnv } from '../testing/manual-env.ts'
import { idOf, orders, rows, sha256Of, shown, stores } from './artifacts.fixture.ts'
import { agent } from './define.ts'
import { watching } from './memory.fixture.ts'
import { anyTool, calls, openAll, replaced, type WorldOptions, world } from './world.fixture.ts'

const READ = ['read_artifact', 'search_artifact']
const hashOfOrders = sha256Of(
  JSON.stringify((orders as readonly JsonObject[]).map(({ note, row, total }) => ({ note, row, total }))),
)
const ordersId = idOf(hashOfOrders)
const look = anyTool('look', 'read', () => orders)

const call = (tool: string, input: JsonObject) => ({ calls: [{ tool, input }] })
const read = (input: JsonObject) => call('read_artifact', input)
const search = (input: JsonObject) => call('search_artifact', input)
const names = ({ tools }: ModelRequest) => tools.map(({ name }) => name)

async function conversation(script: WorldOptions['script'], options: WorldOptions = {}) {
  const { model, requests } = watching(scripted(script ?? []))
  const around = world({ model, tools: [look], ...options })
  const sessionId = await around.start()
  return { ...around, sessionId, requests }
}

describe.each(stores)('a model over the %s store', (_, open) => {
  const fresh = () => {
    const env = manualEnv()
    return { env, store: open(env.now) }
  }

  test('is offered the tools that read once there is something to read, and reads and searches it', async () => {
    const script = [
      calls('look'),
      read({ artifact: ordersId, offset: 1_500, limit: 2 }),
      search({ query: 'ordered 1234' }),
      read({ artifact: ordersId, pointer: '/1234' }),
      'done',
    ]
    const { requests, sessionId, runtime, find } = await conversation(script, fresh())
    expect(await runtime.result({ sessionId })).toMatchObject({ text: 'done' })
    expect(requests.map(names)).toEqual([['look'], ...Array(4).fill(['look', ...READ])])
    expect(shown(requests, 'c2')).toMatchObject({
      artifact: ordersId,
      length: 2_000,
      rows: [{ note: 'as ordered 1500', row: 1_500, total: 3_000 }, { row: 1_501 }],
      nextOffset: 1_502,
    })
    expect(shown(requests, 'c3')).toMatchObject({
      matches: expect.arrayContaining([
        expect.objectContaining({ artifact: ordersId, snippet: expect.stringContaining('1234') }),
      ]),
    })
    expect(JSON.stringify(shown(requests, 'c4'))).toContain('as ordered 1234')
    const finished = await find(sessionId, 'call_finished')
    expect(finished.filter(({ artifact }) => artifact !== undefined)).toHaveLength(1)
  })

  test('that asks to read before there is anything is refused, and told of its own tools', async () => {
    const { find, sessionId } = await conversation([read({ artifact: ordersId }), 'done'], fresh())
    expect(await find(sessionId, 'call_started')).toEqual([])
    expect((await find(sessionId, 'call_finished'))[0]?.outcome).toMatchObject({
      type: 'blocked',
      message: expect.stringMatching(/no tool "read_artifact"; the tools are: look$/),
    })
  })

  test.each([
    ['another session', 'default'],
    ['another tenant', 'acme'],
  ])('reads nothing of %s, by no name of it, and is told the same as of what is nowhere', async (_where, tenant) => {
    const { env, store } = fresh()
    const nowhere = sha256Of('nowhere')
    const asked = [ordersId, hashOfOrders, idOf(nowhere), nowhere]
    const script = [
      calls('own'),
      ...asked.map((artifact) => read({ artifact })),
      ...asked.map((artifact) => search({ artifact, query: 'ordered' })),
      'done',
    ]
    const own = anyTool('own', 'read', () => rows(900))
    const { model, requests } = watching(
      scripted(({ turn, messages }) => {
        const isOther = JSON.stringify(messages).includes('of the other')
        return isOther ? (turn === 1 ? calls('look') : 'done') : (script[turn - 1] ?? 'done')
      }),
    )
    const around = world({ env, store, model, tools: [look, own] })
    await around.start({ tenant, message: 'of the other' })
    expect((await store.artifact(tenant, hashOfOrders))?.hash).toBe(hashOfOrders)
    await around.start({ message: 'of mine' })
    const told = asked.flatMap((artifact, at) =>
      [`c${at + 2}`, `c${at + 6}`].map((callId) => JSON.stringify(shown(requests, callId)).replaceAll(artifact, 'ID')),
    )
    expect(new Set(told.map((text) => text.replaceAll(/ Did you mean[^?]*\?/g, ''))).size).toBe(1)
    expect(told[0]).toContain('this session has no artifact')
    expect(told[0]).toContain('of own')
    expect(told.join()).not.toContain('as ordered 1999')
  })

  test('is told that a content was erased, and goes on with what there is', async () => {
    const { env, store } = fresh()
    let isErased = false
    const forgetful = replaced(store, {
      artifact: async (tenant, hash) => (isErased ? null : store.artifact(tenant, hash)),
    })
    const forget = anyTool('forget', 'read', () => {
      isErased = true
      return 'forgotten'
    })
    const script = [
      calls('look', 'forget'),
      read({ artifact: ordersId }),
      search({ artifact: ordersId, query: 'ordered' }),
      search({ query: 'ordered' }),
      'done',
    ]
    const { requests, runtime, sessionId } = await conversation(script, {
      env,
      store: forgetful,
      tools: [look, forget],
    })
    expect(await runtime.result({ sessionId })).toMatchObject({ text: 'done' })
    const gone = { error: expect.stringContaining('was erased by retention'), mayRetry: false }
    expect(shown(requests, 'c3')).toEqual(gone)
    expect(shown(requests, 'c4')).toEqual(gone)
    expect(shown(requests, 'c5')).toEqual(gone)
    expect(shown(requests, 'c1'), 'the preview stands in the log').toMatchObject({ length: 2_000 })
  })

  test('reads on when another session that put out the same is erased, and when a tenant is', async () => {
    const { env, store } = fresh()
    const script = [calls('look'), 'looked', read({ artifact: ordersId, pointer: '/7' }), 'read']
    const { model, requests } = watching(scripted(script))
    const around = world({ env, store, model, tools: [look] })
    const mine = await around.start()
    const others = [
      { tenant: 'default', sessionId: await around.start() },
      { tenant: 'acme', sessionId: await around.start({ tenant: 'acme' }) },
    ]
    for (const ref of others) {
      const erased = await store.erase(ref, { evenIfOpen: true })
      expect(erased.type).toBe('erased')
    }
    expect(await store.artifact('acme', hashOfOrders)).toBeNull()
    await around.runtime.send(
      { sessionId: mine },
      { type: 'send_message', text: 'and the seventh?', trust: 'user', origin: { type: 'user' } },
    )
    await env.settle()
    expect(JSON.stringify(shown(requests, 'c2'))).toContain('as ordered 7')
  })

  test('is asked again where the store cannot be read for a moment', async () => {
    const { env, store } = fresh()
    const away = replaced(store, { artifact: () => Promise.reject(new Error('away')) })
    const { requests } = await conversation([calls('look'), read({ artifact: ordersId }), 'done'], { env, store: away })
    expect(shown(requests, 'c2')).toEqual({ error: expect.stringContaining('cannot be read now'), mayRetry: true })
  })
})

describe('what is read of an artifact', () => {
  test('never becomes one, however much is asked for and however much longer it is without its secrets', async () => {
    const KEY = 'k3y-7f'
    const page = Array.from({ length: 9_000 }, (_, n) => `\u0001"${n}" ${KEY} 漢字`)
    const fetch = anyTool('fetch', 'read', () => page)
    const unlock = anyTool('unlock', 'read', async (_, { secret }) => (await secret('A_KEY_WITH_A_LONG_NAME')).length, {
      secrets: ['A_KEY_WITH_A_LONG_NAME'],
    })
    for (const maxInlineBytes of [1_024, 2_048, 16_384]) {
      const script = [
        calls('fetch'),
        calls('unlock'),
        (request: ModelRequest) => {
          const id = (shown([request], 'c1') as { readonly artifact: string }).artifact
          return { calls: [read({ artifact: id }), search({ query: '漢字', k: 10 })].flatMap((each) => each.calls) }
        },
      ]
      const model = scripted((request, { turn }) => {
        const said = script[turn - 1]
        return typeof said === 'function' ? said(request) : (said ?? 'done')
      })
      // Not yet this one when it was fetched: what is stored holds it, and what is read of it may not.
      let asked = 0
      const secrets = () => {
        asked += 1
        return asked === 1 ? 'another-before' : KEY
      }
      const around = world({ model, secrets, tools: [fetch, unlock], limits: { maxInlineBytes } })
      const sessionId = await around.start()
      expect(await around.runtime.result({ sessionId })).toMatchObject({ text: 'done' })
      const finished = await around.find(sessionId, 'call_finished')
      expect(finished.map(({ outcome }) => outcome.type)).toEqual(['ok', 'ok', 'ok', 'ok'])
      expect(finished.map(({ artifact }) => artifact !== undefined)).toEqual([true, false, false, false])
      const text = JSON.stringify(finished.slice(2))
      expect(text).toContain('[redacted:A_KEY_WITH_A_LONG_NAME]')
      expect(text).not.toContain(KEY)
    }
  })

  const mail = anyTool('mail', 'read', () => rows(1_000), { trust: 'external' })
  const mailId = idOf(
    sha256Of(
      JSON.stringify((rows(1_000) as readonly JsonObject[]).map(({ note, row, total }) => ({ note, row, total }))),
    ),
  )
  const card = anyTool('card', 'read', () => rows(1_100), { sensitivity: 'private' })
  const cardId = idOf(
    sha256Of(
      JSON.stringify((rows(1_100) as readonly JsonObject[]).map(({ note, row, total }) => ({ note, row, total }))),
    ),
  )

  test('is as little to be trusted, and as private, as the answer that it was; searching all is as all', async () => {
    const script = [
      calls('look', 'mail', 'card'),
      {
        calls: [
          read({ artifact: ordersId, limit: 1 }),
          read({ artifact: mailId, limit: 1 }),
          read({ artifact: cardId, limit: 1 }),
          search({ query: 'ordered' }),
          search({ query: 'ordered', artifact: ordersId }),
        ].flatMap((each) => each.calls),
      },
      'done',
    ]
    const { find, sessionId, requests } = await conversation(script, { tools: [look, mail, card] })
    const terms = (await find(sessionId, 'call_judged')).flatMap(({ judgement }) =>
      judgement.type === 'verdict' ? [[judgement.terms.trust, judgement.terms.sensitivity]] : [],
    )
    expect(terms.slice(3)).toEqual([
      [undefined, undefined],
      ['external', undefined],
      [undefined, 'private'],
      ['external', 'private'],
      [undefined, undefined],
    ])
    expect((await find(sessionId, 'call_finished')).map(({ trust }) => trust).slice(3)).toEqual([
      'tool',
      'external',
      'tool',
      'external',
      'tool',
    ])
    const marked = ['c4', 'c5', 'c6', 'c7', 'c8'].map((callId) =>
      JSON.stringify(shown(requests, callId)).includes('{"external":'),
    )
    expect(marked).toEqual([false, true, false, true, false])
  })

  test('that came while its search waited is not in it: it was judged by what there was', async () => {
    const script = [
      calls('look'),
      {
        calls: [call('mail', {}), search({ query: 'ordered 77' }), read({ artifact: mailId })].flatMap(
          (each) => each.calls,
        ),
      },
      search({ query: 'ordered 77' }),
      'done',
    ]
    const limits = { maxConcurrentCalls: 1 }
    const { requests, find, sessionId } = await conversation(script, { tools: [look, mail], limits })
    const order = (await find(sessionId, 'call_finished')).map(({ callId }) => callId)
    expect(order).toEqual(['c1', 'c2', 'c3', 'c4', 'c5'])
    const early = JSON.stringify(shown(requests, 'c3'))
    expect(early).toContain(ordersId)
    expect(early).not.toContain(mailId)
    expect(JSON.stringify(shown(requests, 'c4'))).toContain('this session has no artifact')
    const late = JSON.stringify(shown(requests, 'c5'))
    expect(late).toContain(mailId)
    expect(late).toContain('{"external":')
  })

  test('counts for the rule of two, also where only the artifact is read again by another task', async () => {
    const pay = anyTool('pay', 'unsafe', () => 'paid')
    const tools = [mail, card, pay]
    const script = [calls('mail', 'card'), read({ artifact: mailId, limit: 1 }), calls('pay'), 'done']
    const policies = [openAll(tools), ruleOfTwo()]
    const { find, sessionId, runtime } = await conversation(script, { tools, policies })
    expect(await runtime.result({ sessionId })).toMatchObject({ status: { type: 'blocked', reason: 'approval' } })
    const [requested] = await find(sessionId, 'approval_requested')
    expect(requested).toMatchObject({ callId: 'c4', reason: 'rule_of_two' })
    expect(JSON.stringify(requested)).toContain('read_artifact (c3)')
  })

  test('can be denied by a policy that names the tool', async () => {
    const closed: Policy = {
      name: 'closed',
      version: '1',
      tools: ['read_artifact'],
      check: () => ({ type: 'deny', reason: 'no_reading' }),
    }
    const script = [calls('look'), read({ artifact: ordersId }), search({ query: 'ordered' }), 'done']
    const { find, sessionId } = await conversation(script, { policies: [openAll([look]), closed] })
    expect((await find(sessionId, 'call_finished')).map(({ outcome }) => outcome.type)).toEqual(['ok', 'blocked', 'ok'])
  })
})

describe('who may read', () => {
  test('a tool of the user’s, by its context: ids, whole hashes and nothing of other sessions', async () => {
    const seen: Json[] = []
    const count = anyTool('count', 'read', async (_, { artifact, artifacts }) => {
      const entries = await artifacts()
      const { content, mediaType } = await artifact(entries[0]?.id ?? '')
      const whole = await artifact(hashOfOrders)
      const strange = await artifact('0123456789abcdef').then(
        () => 'read',
        (problem: unknown) => (problem instanceof Error ? problem.message : ''),
      )
      seen.push([...entries], mediaType, Array.isArray(content) ? content.length : -1, whole.id, strange)
      return 'counted'
    })
    await conversation([calls('look'), calls('count'), 'done'], { tools: [look, count] })
    expect(seen).toEqual([
      [{ id: ordersId, tool: 'look', callId: 'c1', bytes: expect.any(Number) }],
      'application/json',
      2_000,
      ordersId,
      expect.stringContaining('this session has no artifact'),
    ])
  })

  test('not a model that has to plan first', async () => {
    const { model, requests } = watching(
      scriptedTasks({
        route: ({ messages }) =>
          JSON.stringify({
            route: JSON.stringify(messages).includes('steps') ? 'plan' : 'direct',
            confidence: 0.9,
            reason: 'said',
          }),
        tasks: { root: [calls('look'), 'first', read({ artifact: ordersId, limit: 1 }), 'second', 'third', 'fourth'] },
      }),
    )
    const { runtime, start, env, find } = world({
      agents: [
        agent({
          name: 'clerk',
          instructions: 'You look.',
          model,
          tools: [look],
          policies: [openAll([look])],
          planning: {},
        }),
      ],
    })
    const sessionId = await start({ message: 'look once' })
    await runtime.send({ sessionId }, {
      type: 'send_message',
      text: 'Now do it all in many steps across the entire project',
      trust: 'user',
      origin: { type: 'user' },
    } as never)
    await env.settle()
    const routed = await find(sessionId, 'route_chosen')
    expect(routed.map(({ route }) => route)).toEqual(['direct', 'plan'])
    const first = requests.find(({ mustCall }) => mustCall === 'plan')
    expect(first && names(first)).toEqual(['plan'])
    const third = (await find(sessionId, 'call_finished')).find(({ callId }) => callId === 'c2')
    expect(third?.outcome).toMatchObject({ type: 'blocked', message: expect.stringContaining('needs a plan first') })
  })
})
