import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { secret } from '../core/index.ts'
import { scripted } from '../models/scripted.ts'
import type { Store } from '../ports/index.ts'
import { memoryStore } from '../stores/memory.ts'
import { manualClock, manualEnv } from '../testing/manual-env.ts'
import { agent, tool } from './define.ts'
import { secretsFrom } from './secrets-from.ts'
import { anyTool, calls, clerk, collect, openAll, replaced, type WorldOptions, world } from './world.fixture.ts'

const KEY = 'pk-3fa9c1d7e5b2'
const secrets = secretsFrom({ PAY_KEY: KEY, OTHER: 'other-secret-value', SHORT: 'abc' })

const payWith = (run: (secretOf: (name: string) => Promise<string>) => unknown, more: object = {}) =>
  anyTool('pay', 'unsafe', (_, context) => run(context.secret), { secrets: ['PAY_KEY'], ...more })

async function outcomeOf(options: WorldOptions) {
  const { start, find, log, problems } = world({ secrets, ...options })
  const sessionId = await start()
  const [finished] = await find(sessionId, 'call_finished')
  return { outcome: finished?.outcome, text: JSON.stringify(await log(sessionId)), problems }
}

describe('a secret resolves inside a tool', () => {
  test('by its name and by a reference, and its value is in no event', async () => {
    const given: string[] = []
    const pay = payWith(async (secretOf) => {
      given.push(await secretOf('PAY_KEY'), await secretOf(secret('PAY_KEY')))
      return { paid: true, echo: `used ${KEY}`, [KEY]: Buffer.from(KEY).toString('base64') }
    })
    const { outcome, text } = await outcomeOf({ script: [calls('pay'), 'done'], tools: [pay] })
    expect(given).toEqual([KEY, KEY])
    expect(outcome).toEqual({
      type: 'ok',
      output: { paid: true, echo: 'used [redacted:PAY_KEY]', '[redacted:PAY_KEY]': '[redacted:PAY_KEY]' },
    })
    expect(text).not.toContain(KEY)
  })

  test('one that the tool does not declare is refused, inside and in its input', async () => {
    const codes: unknown[] = []
    const pay = payWith((secretOf) => secretOf('OTHER').catch((problem) => codes.push(problem.code)))
    await outcomeOf({ script: [calls('pay'), 'done'], tools: [pay] })
    expect(codes).toEqual(['secret_not_declared'])
    const input = { header: `Bearer ${secret('OTHER')}` }
    const { outcome } = await outcomeOf({ script: [{ calls: [{ tool: 'pay', input }] }, 'done'], tools: [pay] })
    expect(outcome).toMatchObject({
      type: 'blocked',
      reason: 'invalid_input',
      message: expect.stringContaining("secrets: ['OTHER']"),
    })
  })

  test.each([
    ['unknown', undefined, 'secret_unknown'],
    ['too short to be hidden', 'abc', 'secret_unusable'],
    ['a word of its own mark', 'redacted', 'secret_unusable'],
    ['no text', 7 as never, 'secret_unusable'],
  ])('one that is %s stops the call before it has begun', async (_, value, code) => {
    let hasRun = false
    const pay = payWith(() => {
      hasRun = true
    })
    const { outcome, problems } = await outcomeOf({
      script: [calls('pay'), 'done'],
      tools: [pay],
      secrets: () => value,
    })
    expect(outcome).toMatchObject({ type: 'blocked', message: expect.stringContaining(code) })
    expect(hasRun).toBe(false)
    expect(problems).toMatchObject([{ code }])
  })

  test('while the resolver is away no session is driven, and what it throws is not told to anybody', async () => {
    let isAway = true
    const vault = () => (isAway ? Promise.reject(new Error(`vault says ${KEY}`)) : KEY)
    const leak = anyTool('leak', 'read', () => `PAY_KEY=${KEY}`)
    const options = { script: [calls('leak'), 'done'], tools: [leak, payWith(() => 1)], secrets: vault }
    const { start, kinds, log, find, env, problems } = world(options)
    const sessionId = await start()
    expect(problems).toMatchObject([{ code: 'secret_unavailable' }])
    await env.advance(4_999)
    expect(await kinds(sessionId)).toEqual(['session_started', 'message_received'])
    expect(JSON.stringify([await log(sessionId), problems.map(String)])).not.toContain(KEY)
    isAway = false
    await env.advance(2_000)
    expect(await find(sessionId, 'call_finished')).toMatchObject([
      { outcome: { output: 'PAY_KEY=[redacted:PAY_KEY]' } },
    ])
  })
})

describe('values stay out of the log', () => {
  test('a call whose input holds one does not run; the model is told how to name it', async () => {
    let hasRun = false
    const pay = payWith(() => {
      hasRun = true
    })
    const script = [{ calls: [{ tool: 'pay', input: { key: KEY } }] }, 'done']
    const { outcome, text } = await outcomeOf({ script, tools: [pay] })
    expect(hasRun).toBe(false)
    expect(outcome).toMatchObject({ type: 'blocked', message: expect.stringContaining('secret://PAY_KEY') })
    expect(text).toContain('[redacted:PAY_KEY]')
    expect(text).not.toContain(KEY)
  })

  test('after a restart too: the secrets of its tools are resolved before a session is driven', async () => {
    const env = manualEnv()
    const store = memoryStore({ now: env.now })
    const leak = anyTool('leak', 'read', () => `somebody else says ${KEY}`)
    const options = { env, store, tools: [leak, payWith(() => 1)], script: [calls('leak'), 'done'] }
    const first = world({ ...options, isDriving: false, secrets: () => undefined })
    const sessionId = await first.start()
    await first.runtime.stop()
    const second = world({ ...options, secrets })
    await env.settle()
    expect(JSON.stringify(await second.find(sessionId, 'call_finished'))).toContain('says [redacted:PAY_KEY]')
  })

  test('what verify finds out about a lost call is redacted, and it may ask for the secret', async () => {
    const clock = manualClock()
    const dead = new Set<string>()
    const store = memoryStore({ now: clock.now })
    const pay = anyTool('pay', 'unsafe', () => new Promise(() => {}), {
      timeoutMs: 1_000,
      secrets: ['PAY_KEY'],
      verify: async (_, context) => ({ tookEffect: true, output: `found with ${await context.secret('PAY_KEY')}` }),
    })
    const launch = (holder: string) => {
      const env = manualEnv({ clock, holder, dead })
      return world({ store, env, tools: [pay], script: [calls('pay'), 'done'], secrets })
    }
    const sessionId = await launch('p1').start()
    dead.add('p1')
    const next = launch('p2')
    await clock.advance(20_000)
    expect(await next.find(sessionId, 'call_finished')).toMatchObject([
      { verified: true, outcome: { output: 'found with [redacted:PAY_KEY]' } },
    ])
  })

  test('a session does not begin with one in its context, its names or its agent', async () => {
    const options = { tools: [payWith(() => 1)], secrets }
    const begin = (start: object) => world(options).start(start)
    await expect(begin({ context: { key: KEY } })).rejects.toMatchObject({ code: 'holds_secret' })
    await expect(begin({ commandId: `x-${KEY}` })).rejects.toMatchObject({ code: 'holds_secret' })
    const leaky = { ...clerk(options), definition: `{"instructions":"use ${KEY}"}` }
    await expect(world({ ...options, agents: [leaky] }).start()).rejects.toMatchObject({ code: 'holds_secret' })
    const { start, find } = world(options)
    const sessionId = await start({ message: `my key is ${KEY}`, context: { key: secret('PAY_KEY') } })
    expect(await find(sessionId, 'message_received')).toMatchObject([{ text: 'my key is [redacted:PAY_KEY]' }])
    expect(await find(sessionId, 'session_started')).toMatchObject([{ context: { key: 'secret://PAY_KEY' } }])
  })

  test('a session whose agent has come to hold one is not driven, and looked at every five seconds', async () => {
    const options = { tools: [payWith(() => 1)], secrets }
    const env = manualEnv()
    const store = memoryStore({ now: env.now })
    const sessionId = await world({ ...options, env, store, isDriving: false }).start()
    const leaky = agent({
      name: 'clerk',
      instructions: `Use ${KEY}.`,
      model: scripted(['done']),
      tools: options.tools,
      policies: [openAll(options.tools)],
    })
    const after = world({ ...options, env, store, agents: [leaky] })
    await env.advance(14_000)
    // At 0, 5 and 10 seconds.
    expect(after.problems).toMatchObject(Array.from({ length: 3 }, () => ({ code: 'secret_in_definition' })))
    expect(await after.kinds(sessionId)).toEqual(['session_started', 'message_received'])
  })

  test('nor does a call run of whose input its schema has made one', async () => {
    const ran: unknown[] = []
    const joined = tool({
      name: 'pay',
      description: 'Pays.',
      effect: 'unsafe',
      secrets: ['PAY_KEY'],
      input: z.object({ card: z.string().overwrite((text) => text.replaceAll(' ', '')) }),
      run: (input) => ran.push(input),
    })
    const outcomes: unknown[] = []
    for (const card of [`${KEY.slice(0, 7)} ${KEY.slice(7)}`, 'secret:/ /OTHER']) {
      const script = [{ calls: [{ tool: 'pay', input: { card } }] }, 'done']
      const { outcome, text } = await outcomeOf({ script, tools: [joined] })
      outcomes.push(outcome)
      expect(text).not.toContain(KEY)
    }
    expect(outcomes).toMatchObject([
      { type: 'blocked', message: expect.stringContaining('secret://PAY_KEY') },
      { type: 'blocked', message: expect.stringContaining("secrets: ['OTHER']") },
    ])
    expect(ran).toEqual([])
  })

  test('what a verdict has beside its own members is not stored', async () => {
    // What a policy in JavaScript may answer.
    const answer = { type: 'require_approval', reason: 'money', note: `key ${KEY}`, quorum: 2 } as const
    const { start, find } = world({
      secrets,
      script: [calls('pay'), 'done'],
      tools: [payWith(() => 1)],
      policies: [{ name: 'p', version: '1', tools: ['pay'], check: () => answer }],
    })
    const [judged] = await find(await start(), 'call_judged')
    const verdict = judged?.judgement.type === 'verdict' ? judged.judgement.verdict : null
    expect(verdict).toMatchObject({ type: 'require_approval', reason: 'money', quorum: 2 })
    expect(verdict).not.toHaveProperty('note')
  })

  test('a word that a value begins with by chance is left as it is: names of tools, outputs, answers', async () => {
    const query = anyTool('query_postgres', 'read', () => ({ engine: 'postgres' }), { secrets: ['DATABASE_URL'] })
    const { start, find } = world({
      secrets: () => 'postgres://app:pAssw0rd99@db/main',
      script: [calls('query_postgres'), 'it runs on postgres'],
      tools: [query],
    })
    const sessionId = await start()
    expect(await find(sessionId, 'call_finished')).toMatchObject([
      { outcome: { type: 'ok', output: { engine: 'postgres' } } },
    ])
    expect(JSON.stringify(await find(sessionId, 'model_responded'))).not.toContain('[redacted')
  })

  test('an error that is cut in the middle of one ends with a mark', async () => {
    const pay = payWith(() => Promise.reject(new Error(`${'x'.repeat(3_993)}${KEY}${'x'.repeat(1_200_000)}`)))
    const { outcome } = await outcomeOf({ script: [calls('pay'), 'done'], tools: [pay] })
    expect(JSON.stringify(outcome)).toContain('x[redacted:cut]"')
    expect(JSON.stringify(outcome)).not.toContain(KEY.slice(0, 6))
  })

  test('who votes and who asks is refused with one in the name, never renamed: two people would be one', async () => {
    const { start, runtime } = world({
      secrets,
      script: [calls('pay'), 'done'],
      tools: [payWith(() => 1)],
      policies: [
        {
          name: 'p',
          version: '1',
          tools: ['pay'],
          check: () => ({ type: 'require_approval', reason: 'r', quorum: 2 }),
        },
      ],
    })
    const sessionId = await start()
    const approve = (by: string) => runtime.approvals.approve({ sessionId, approvalId: 'a1' }, by)
    expect(await approve(`ada-${KEY}`)).toMatchObject({ type: 'refused', message: expect.stringContaining('PAY_KEY') })
    expect(await approve(`ghp_${'a1B2'.repeat(9)}`)).toMatchObject({ type: 'refused' })
    expect(await approve('team-pk-3fa')).toMatchObject({ type: 'accepted' })
    expect(await approve('team-pk-3fa9')).toMatchObject({ type: 'accepted' })
    await expect(start({ requester: { type: 'user', id: KEY } })).rejects.toMatchObject({ code: 'holds_secret' })
  })

  test('a signed block of reasoning is left out, an unsigned one is redacted', async () => {
    const model = {
      ...clerk().model,
      generate: async () => ({
        parts: [
          { type: 'reasoning' as const, text: `think ${KEY}`, providerData: { signature: 's' } },
          { type: 'reasoning' as const, text: `think ${KEY}` },
          { type: 'reasoning' as const, text: 'fine', providerData: { signature: 't' } },
          { type: 'text' as const, text: 'done' },
        ],
        finish: 'stop' as const,
        usage: null,
      }),
    }
    const { start, find } = world({ model, tools: [payWith(() => 1)], secrets })
    const [responded] = await find(await start(), 'model_responded')
    expect(responded?.response.parts).toEqual([
      { type: 'reasoning', text: 'think [redacted:PAY_KEY]' },
      { type: 'reasoning', text: 'fine', providerData: { signature: 't' } },
      { type: 'text', text: 'done' },
    ])
  })

  test('one tenant’s values are not looked for in another’s sessions', async () => {
    const perTenant = (_: string, asked: { tenant: string }) => `key-of-${asked.tenant}-0001`
    const say = anyTool('say', 'read', () => 'key-of-one-0001 key-of-two-0001', { secrets: ['PAY_KEY'] })
    const { start, runtime, env, store } = world({ script: [calls('say'), 'done'], tools: [say], secrets: perTenant })
    await start({ tenant: 'one' })
    const { sessionId } = await runtime.start('clerk', { message: 'x', tenant: 'two' })
    await env.settle()
    const stored = JSON.stringify(await store.read({ tenant: 'two', sessionId }, 0, 100))
    expect(stored).toContain('key-of-one-0001 [redacted:PAY_KEY]')
  })

  test('the number of values is limited, and the one too many is refused by name', async () => {
    let count = 0
    const { problems } = await outcomeOf({
      tools: ['a', 'b', 'c'].map((name) => anyTool(name, 'read', () => 1, { secrets: [name.toUpperCase()] })),
      secrets: () => {
        count += 1
        return `value-number-${count}`
      },
      limits: { maxSecretValues: 2 },
    })
    expect(problems).toMatchObject([{ code: 'secret_limit', message: expect.stringContaining('maxSecretValues') }])
  })
})

describe('fields marked sensitive', () => {
  const CARD = '4111-1111-1111-1234'
  const IBAN = 'DE89370400440532013000'
  const charge = tool({
    name: 'charge',
    description: 'Charges a card.',
    effect: 'unsafe',
    input: z.object({ card: z.object({ number: z.string().meta({ sensitive: true }) }), amount: z.number() }),
    output: z.object({ iban: z.string(), ok: z.boolean(), echo: z.string() }),
    sensitive: ['/iban'],
    run: ({ card }) => ({ iban: IBAN, ok: true, echo: `charged ${card.number} for ${IBAN}` }),
    present: ({ iban }) => `into ${iban}`,
  })
  const script = [{ calls: [{ tool: 'charge', input: { card: { number: CARD }, amount: 5 } }] }, 'done']

  test('are kept in an input as it runs, masked in what watches, and redacted in an output before it is stored', async () => {
    const { start, find, runtime } = world({ script, tools: [charge] })
    const sessionId = await start()
    const [finished] = await find(sessionId, 'call_finished')
    expect(finished).toMatchObject({
      outcome: {
        output: {
          iban: '[redacted:sensitive]',
          ok: true,
          echo: 'charged [redacted:sensitive] for [redacted:sensitive]',
        },
      },
      presented: 'into [redacted:sensitive]',
    })
    expect(JSON.stringify(await find(sessionId, 'model_responded'))).toContain(CARD)
    const watched: unknown[] = []
    for await (const item of runtime.watch({ sessionId })) watched.push(item)
    expect(JSON.stringify(watched)).not.toContain(CARD)
    expect(JSON.stringify(watched)).toContain('"number":"[redacted:sensitive]"')
  })

  test('are masked where this runtime lacks the agent, or has the tool no longer', async () => {
    const policies = [
      {
        name: 'ask',
        version: '1',
        tools: ['charge'],
        check: () => ({ type: 'require_approval', reason: 'r' }) as const,
      },
    ]
    const first = world({ script, tools: [charge], policies })
    const sessionId = await first.start()
    const { store, env } = first
    const shown = async (reader: WorldOptions, from: Store = store) => {
      const { runtime } = world({ ...reader, store: from, env, isDriving: false })
      const watched = await collect(runtime.watch({ sessionId }, { until: 'rest' }))
      return JSON.stringify([await runtime.approvals.list(), watched])
    }
    const forgetful = replaced(store, { definition: async () => null })
    for (const seen of [
      await shown({ agents: [{ ...clerk(), name: 'other' }] }),
      await shown({ tools: [] }),
      await shown({ tools: [] }, forgetful),
    ]) {
      expect(seen).not.toContain(CARD)
      expect(seen).toContain('[redacted:sensitive]')
    }
  })

  test('are masked for who approves, edited inputs too, and for a reader who comes late', async () => {
    const policies = [
      {
        name: 'ask',
        version: '1',
        tools: ['charge'],
        check: () => ({ type: 'require_approval', reason: `card ${CARD}` }) as const,
      },
    ]
    const { start, runtime, env, log } = world({ script, tools: [charge], policies })
    const sessionId = await start()
    const [open] = await runtime.approvals.list()
    expect(JSON.stringify(open)).not.toContain(CARD)
    expect(open).toMatchObject({
      input: { card: { number: '[redacted:sensitive]' }, amount: 5 },
      reason: 'card [redacted:sensitive]',
    })
    await runtime.approvals.edit({ sessionId, approvalId: 'a1' }, 'ada', {
      card: { number: '5500-0000-0000-0004' },
      amount: 4,
    })
    const after = (await log(sessionId)).findIndex(({ event }) => event.type === 'approval_requested') + 1
    const late: unknown[] = []
    for await (const item of runtime.watch({ sessionId }, { after, until: 'rest' })) late.push(item)
    expect(JSON.stringify(late)).not.toContain('5500-0000')
    await env.settle()
  })
})
