import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { defaultLimits, type Json } from '../core/index.ts'
import { tool } from './define.ts'
import { anyTool, policy, world } from './world.fixture.ts'

const CARD = '4111-1111-1111-1234'
const OTHER_CARD = '5500-0000-0000-0004'
const TOKEN = `ghp_${'a1B2'.repeat(9)}`
const MARK = '[redacted:sensitive]'

type Members = { readonly [key: string]: Json }

/** A payment that is held: card and payees' accounts are sensitive, a credential stands in its note. */
async function held(more: Members = {}) {
  const ran: unknown[] = []
  const pay = tool({
    name: 'pay',
    description: 'Pays.',
    effect: 'unsafe',
    sensitive: ['/card', '/payees/*/iban'],
    input: z.looseObject({ usd: z.number() }).superRefine(({ usd, card }, { addIssue }) => {
      if (usd > 1_000) addIssue({ code: 'custom', path: ['usd'], message: `too much for ${card}` })
    }),
    run: (input) => {
      ran.push(input)
      return { paid: true }
    },
  })
  const own = { card: CARD, usd: 300, ...more }
  const around = world({
    script: [{ calls: [{ tool: 'pay', input: own }] }, 'done'],
    tools: [pay],
    policies: [policy(() => ({ type: 'require_approval', reason: 'money' }))],
  })
  const sessionId = await around.start()
  const [open] = await around.runtime.approvals.list()
  // The input of `pay` is an object.
  const shown = open?.input as Members
  const edit = async (input: unknown) => {
    const sent = await around.runtime.approvals.edit({ sessionId, approvalId: 'a1' }, 'ada', input)
    await around.env.settle()
    return sent
  }
  return { ...around, sessionId, own, shown, ran, edit, pay }
}

const refusedAt = (...pointers: readonly string[]) => ({
  type: 'refused',
  code: 'invalid_input',
  message: expect.stringMatching(new RegExp(pointers.join('.*'))),
})

describe('an edit of an input as it was shown', () => {
  test('runs with what was hidden in it, and with what was changed', async () => {
    const { own, shown, ran, edit } = await held()
    expect(shown).toEqual({ card: MARK, usd: 300 })
    expect(await edit({ ...shown, usd: 5 })).toMatchObject({ type: 'accepted' })
    expect(ran).toEqual([{ ...own, usd: 5 }])
  })

  test('sent as a command keeps what was hidden too', async () => {
    const { own, shown, ran, runtime, env, sessionId } = await held()
    const command = { type: 'edit', approvalId: 'a1', by: 'ada', input: { ...shown, usd: 5 } } as const
    expect(await runtime.send({ sessionId }, command)).toMatchObject({ type: 'accepted' })
    await env.settle()
    expect(ran).toEqual([{ ...own, usd: 5 }])
  })

  test('is validated also where it looks like a reference: a call that is held refers to nothing', async () => {
    const { edit, shown, ran } = await held()
    expect(await edit({ ...shown, usd: { $from: 'T1' } })).toMatchObject(refusedAt('usd'))
    expect(ran).toEqual([])
  })

  test('takes another value for what was hidden, and no value', async () => {
    const changed = await held()
    await changed.edit({ card: OTHER_CARD, usd: 5 })
    expect(changed.ran).toEqual([{ card: OTHER_CARD, usd: 5 }])
    const left = await held()
    await left.edit({ usd: 5 })
    expect(left.ran).toEqual([{ usd: 5 }])
  })

  test('is refused with a mark where the call had nothing that was hidden', async () => {
    const { shown, ran, edit, runtime } = await held({ note: 'as agreed', before: null })
    expect(await edit({ ...shown, spare: MARK })).toMatchObject(refusedAt('/spare'))
    expect(await edit({ ...shown, usd: 5, note: MARK, before: MARK })).toMatchObject(refusedAt('/before', '/note'))
    expect(await edit({ ...shown, [MARK]: 1 })).toMatchObject(refusedAt('/.redacted:sensitive.'))
    expect(await edit({ ...shown, note: `card ${MARK}` })).toMatchObject(refusedAt('/note'))
    expect(await edit(MARK)).toMatchObject({ type: 'refused', code: 'invalid_input' })
    expect(ran).toEqual([])
    expect(await runtime.approvals.list()).toMatchObject([{ approvalId: 'a1' }])
  })

  test('keeps a credential that was hidden by its form; in a text that was changed around it, it is refused', async () => {
    const { own, shown, ran, edit } = await held({ note: `use ${TOKEN} for ada` })
    expect(shown['note']).toBe('use [redacted:github_token] for ada')
    expect(await edit({ ...shown, note: 'use [redacted:github_token] for bo' })).toMatchObject(refusedAt('/note'))
    expect(ran).toEqual([])
    expect(await edit({ ...shown, usd: 5 })).toMatchObject({ type: 'accepted' })
    expect(ran).toEqual([{ ...own, usd: 5 }])
  })

  test('takes a mark that the call itself had, since nothing was hidden there', async () => {
    const { own, shown, ran, edit } = await held({ note: 'it said [redacted:PAY_KEY]' })
    await edit({ ...shown, note: 'it told us [redacted:PAY_KEY]' })
    expect(ran).toEqual([{ ...own, note: 'it told us [redacted:PAY_KEY]' }])
    const doubled = await held({ note: `[redacted:github_token] or ${TOKEN}` })
    expect(await doubled.edit({ ...doubled.shown, note: `or ${doubled.shown['note']}` })).toMatchObject(
      refusedAt('/note'),
    )
  })

  test('refuses a credential hidden behind the shortest mark, which is told by nothing else', async () => {
    // Marks may make an input 2,048 characters longer; each of these is 18 longer than what it hides.
    const short = Array.from({ length: 150 }, (_, index) => `https://a:${index}@b.example/`)
    const { own, shown, ran, edit } = await held({ links: short })
    const links = shown['links'] as readonly string[]
    expect(links.at(-1)).toBe('https://a:***@b.example/')
    expect(await edit({ ...shown, links: [...links.slice(0, -1), `${links.at(-1)}x`] })).toMatchObject(
      refusedAt('/links/149'),
    )
    await edit({ ...shown, usd: 5 })
    expect(ran).toEqual([{ ...own, usd: 5 }])
  })

  describe('with a list of hidden values', () => {
    const payees = [
      { to: 'ada', iban: 'DE1', usd: 1 },
      { to: 'bo', iban: 'DE2', usd: 2 },
    ]
    const [ada, bo] = payees.map((payee) => ({ ...payee, iban: MARK }))

    test('keeps each at its place', async () => {
      const { own, shown, ran, edit } = await held({ payees })
      await edit({ ...shown, payees: [ada, { ...bo, usd: 7 }] })
      expect(ran).toEqual([{ ...own, payees: [payees[0], { ...payees[1], usd: 7 }] }])
    })

    test.each<[string, readonly unknown[], string]>([
      ['shorter', [bo], '/payees/0/iban'],
      ['longer', [ada, bo, bo], '/payees/2/iban'],
      ['turned round', [bo, ada], '/payees/0/iban.*/payees/1/iban'],
      [
        'of other items at both places',
        [
          { ...bo, usd: 7 },
          { to: 'cy', iban: 'DE3', usd: 3 },
        ],
        '/payees/0/iban',
      ],
      [
        'turned round and changed',
        [
          { ...bo, usd: 7 },
          { ...ada, usd: 8 },
        ],
        '/payees/0/iban.*/payees/1/iban',
      ],
      [
        'changed at both places',
        [
          { ...ada, usd: 7 },
          { ...bo, usd: 8 },
        ],
        '/payees/0/iban.*/payees/1/iban',
      ],
      ['of one item twice', [bo, bo], '/payees/0/iban'],
      ['with another one in front', [{ to: 'cy', iban: 'DE3', usd: 3 }, ada], '/payees/1/iban'],
    ])('is refused where the list is %s: a mark does not say whose value it hides', async (_, edited, pointer) => {
      const { shown, ran, edit } = await held({ payees })
      expect(await edit({ ...shown, payees: edited })).toMatchObject(refusedAt(pointer))
      expect(ran).toEqual([])
    })
  })

  test('keeps the other members of an object at their place, also where one that names them has changed', async () => {
    const { own, shown, ran, edit } = await held({ payees: [{ to: 'ada', iban: 'DE1' }] })
    const edited = [{ to: 'Ada L.', iban: MARK }]
    await edit({ ...shown, payees: edited })
    expect(ran).toEqual([{ ...own, payees: [{ to: 'Ada L.', iban: 'DE1' }] }])
  })

  describe('whose tool has a schema of its own', () => {
    /** Holds the call; whatever it says then, a card that is hidden is no part of it. */
    async function asked(second: (card: string) => unknown) {
      let asks = 0
      const validate = (value: unknown) => {
        asks += 1
        // What the test gives as its input.
        return asks === 1 ? { value } : second((value as Members)['card'] as string)
      }
      const pay = anyTool('pay', 'unsafe', () => 1, { sensitive: ['/card'] })
      const input = { '~standard': { ...pay.input['~standard'], validate } }
      const around = world({
        script: [{ calls: [{ tool: 'pay', input: { card: CARD, usd: 300 } }] }, 'done'],
        // A schema may answer anything.
        tools: [{ ...pay, input: input as never }],
        policies: [policy(() => ({ type: 'require_approval', reason: 'money' }))],
      })
      const sessionId = await around.start()
      const edited = around.runtime.approvals.edit({ sessionId, approvalId: 'a1' }, 'ada', { card: MARK, usd: 5 })
      return { ...around, edited }
    }

    test.each<[string, (problem: Error) => unknown]>([
      [
        'throws',
        (problem) => {
          throw problem
        },
      ],
      ['rejects', (problem) => Promise.reject(problem)],
    ])('that %s is refused, without what was hidden', async (_, fail) => {
      const { edited, runtime } = await asked((card) => fail(new Error(`no account for ${card}`)))
      expect(await edited).toMatchObject({
        type: 'refused',
        code: 'invalid_input',
        message: `the tool's schema failed: no account for ${MARK}`,
      })
      expect(await runtime.approvals.list()).toMatchObject([{ approvalId: 'a1' }])
    })

    test('that never answers is refused when its time is over', async () => {
      const { edited, env } = await asked(() => new Promise(() => {}))
      await env.settle()
      await env.advance(defaultLimits.policyTimeoutMs)
      expect(await edited).toMatchObject({
        type: 'refused',
        code: 'invalid_input',
        message: `the tool's schema failed: validating the input took longer than ${defaultLimits.policyTimeoutMs} ms`,
      })
    })
  })

  test('that its tool does not take is refused without telling what was hidden', async () => {
    const { shown, ran, edit } = await held()
    const sent = await edit({ ...shown, usd: 5_000 })
    expect(sent).toMatchObject(refusedAt('usd'))
    expect(JSON.stringify(sent)).not.toContain(CARD)
    expect(ran).toEqual([])
  })

  test('of an approval that somebody else has answered is told so, whatever it holds', async () => {
    const { sessionId, runtime, edit } = await held()
    await runtime.approvals.reject({ sessionId, approvalId: 'a1' }, 'bo')
    expect(await edit({ spare: MARK })).toMatchObject({ type: 'refused', code: 'already_resolved' })
  })

  test('by a runtime without the agent keeps what was hidden', async () => {
    const { own, shown, ran, runtime, store, env, sessionId, find } = await held()
    const other = world({ store, env, agents: [], isDriving: false })
    const sent = await other.runtime.approvals.edit({ sessionId, approvalId: 'a1' }, 'ada', { ...shown, usd: 5 })
    expect(sent).toMatchObject({ type: 'accepted' })
    expect(await find(sessionId, 'approval_resolved')).toMatchObject([{ input: { ...own, usd: 5 } }])
    await runtime.stop()
    expect(ran).not.toContainEqual({ card: MARK, usd: 5 })
  })

  test('by a runtime whose tool marks less keeps what was hidden, and tells nothing of it', async () => {
    const { own, shown, runtime, store, env, sessionId, find, pay } = await held()
    await runtime.stop()
    const unmarked = tool({ ...pay, sensitive: [] })
    const other = world({
      store,
      env,
      tools: [unmarked],
      policies: [policy(() => ({ type: 'allow' }))],
      isDriving: false,
    })
    expect((await other.runtime.approvals.list())[0]?.input).toEqual(shown)
    const edit = (input: unknown) => other.runtime.approvals.edit({ sessionId, approvalId: 'a1' }, 'ada', input)
    const sent = await edit({ ...shown, usd: 5_000 })
    expect(sent).toMatchObject(refusedAt('usd'))
    expect(JSON.stringify(sent)).not.toContain(CARD)
    expect(await edit({ ...shown, usd: 5 })).toMatchObject({ type: 'accepted' })
    expect(await find(sessionId, 'approval_resolved')).toMatchObject([{ input: { ...own, usd: 5 } }])
  })
})
