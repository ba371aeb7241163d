/** What the command line hides of an input, and what becomes of it when the input is edited. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Agent, agent, createRuntime } from 'pawl'
import { scripted } from 'pawl/models/scripted'
import { sqliteStore } from 'pawl/stores/sqlite'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { makeFolder, objects, pawl } from './pawl.ts'
import { CARD, payer, payerMarked, TOKEN } from './payer.config.ts'

const config = fileURLToPath(new URL('./payer.config.ts', import.meta.url))
const unmarkedConfig = fileURLToPath(new URL('./unmarked.config.ts', import.meta.url))
const UNMARKED = ['--config', 'unmarked.config.ts'] as const
const MARK = '[redacted:sensitive]'

const typed = vi.hoisted(() => ({ input: (shown: string) => shown }))

/** A person who edits what is held, and leaves whatever is asked next. */
vi.mock('@clack/prompts', () => {
  const left = Symbol('left')
  const choices = ['edit']
  return {
    isCancel: (answer: unknown) => answer === left,
    select: async () => choices.shift() ?? left,
    text: async ({ initialValue = '' }: { initialValue?: string }) => typed.input(initialValue),
  }
})

let folder: string
let remove: () => void
beforeEach(() => {
  ;({ folder, remove } = makeFolder(config))
  writeFileSync(join(folder, 'unmarked.config.ts'), `export { config } from ${JSON.stringify(unmarkedConfig)}\n`)
})
afterEach(() => remove())

const here = (...args: readonly string[]) => pawl(folder, ...args)

async function finished(): Promise<unknown> {
  const events = objects((await here('events', 'last', '--json', '--kind', 'call_finished')).out)
  return events.map(({ event }) => event)
}

const paid = (usd: number) => [{ outcome: { type: 'ok', output: { ending: '1234', usd } } }]

describe('an edit', () => {
  test('of what pawl approvals shows runs with the card that was hidden', async () => {
    await here('run', 'payer', 'pay')
    const [open] = objects((await here('approvals', '--json')).out)
    const { input } = open?.['body'] as { readonly input: object }
    expect(input).toMatchObject({ card: MARK, usd: 300 })
    const edited = await here('edit', 'last', '--input', JSON.stringify({ ...input, usd: 5 }), '--wait')
    expect(edited).toMatchObject({ code: 0, out: expect.not.stringContaining(CARD) })
    expect(await finished()).toMatchObject(paid(5))
  })

  test('with the mark at another place is refused, with the place', async () => {
    await here('run', 'payer', 'pay')
    const input = JSON.stringify({ card: CARD, usd: 5, note: MARK })
    expect(await here('edit', 'last', '--input', input)).toMatchObject({
      code: 1,
      notes: expect.stringContaining('"/note"'),
    })
    expect(objects((await here('approvals', '--json')).out)).toMatchObject([{ approvalId: 'a1' }])
  })

  test('of what the terminal fills in runs with the card that was hidden', async () => {
    const filled: string[] = []
    typed.input = (shown) => {
      filled.push(shown)
      return shown.replace('300', '5')
    }
    await pawl({ folder, isInteractive: true }, 'run', 'payer', 'pay')
    expect(filled).toEqual([expect.stringContaining(MARK)])
    expect(await finished()).toMatchObject(paid(5))
  })
})

test('an edit of a plan as it is shown runs with the card that was hidden', async () => {
  const plan = (input: object) => ({ goal: 'Pay', tasks: [{ id: 'pay', tool: 'pay', input }] })
  const given = join(folder, 'plan.json')
  writeFileSync(given, JSON.stringify(plan({ card: CARD, usd: 300, note: 'rent' })))
  await here('run', 'planned', 'pay', '--plan', given)
  const [shown] = objects((await here('plan', 'show', 'last', '--json')).out)
  expect(shown).toMatchObject(plan({ card: MARK, usd: 300, note: 'rent' }))
  const another = JSON.stringify(plan({ card: MARK, usd: 5, note: 'rent' }))
  const edited = await here('edit', 'last', '--input', another, '--wait')
  expect(edited).toMatchObject({ code: 0, out: expect.not.stringContaining(CARD) })
  expect(await finished()).toMatchObject(paid(5))
})

test('what came with a later deploy is hidden like what a session began with', async () => {
  mkdirSync(join(folder, '.pawl'))
  const store = sqliteStore(join(folder, '.pawl/pawl.db'))
  const before = agent({ name: 'payer', instructions: 'Wait.', model: scripted(['Later.']) })
  const first = createRuntime({ store, agents: [before] })
  const { sessionId } = await first.start('payer', { message: 'pay' })
  await first.result({ sessionId })
  await first.stop()
  const later = { ...payer, model: scripted(['Later.', { calls: [payCall] }, 'Paid.']) }
  const second = createRuntime({ store, agents: [later] })
  await second.send({ sessionId }, { type: 'send_message', text: 'now', trust: 'user', origin: { type: 'user' } })
  expect(await second.result({ sessionId })).toMatchObject({ openApprovals: [{ approvalId: 'a1' }] })
  await second.stop()
  await store.close()
  for (const args of [['approvals'], ['approvals', '--json'], ['show', 'last'], ['events', 'last', '--json']]) {
    const { out } = await here(...args)
    expect(out).toContain(MARK)
    expect(out).not.toContain(CARD)
  }
})

/** The input as the command line lists it, and as a runtime does that has the agents of the same configuration. */
async function listed(agents: readonly Agent[], ...args: readonly string[]): Promise<Listed> {
  const [open] = objects((await here('approvals', '--json', ...args)).out)
  const store = sqliteStore(join(folder, '.pawl/pawl.db'))
  const runtime = createRuntime({ store, agents, engine: null, keptPatterns: ['github_token'] })
  const [other] = await runtime.approvals.list()
  await runtime.stop()
  await store.close()
  // As the command writes it.
  return { here: (open?.['body'] as { readonly input: object }).input, there: other?.input }
}

type Listed = { readonly here: object; readonly there: unknown }

const VIEWS = [['approvals'], ['approvals', '--json'], ['show', 'last'], ['events', 'last', '--json'], ['why', 'last']]

describe('a call that was held', () => {
  const shown = { card: MARK, usd: 300, note: `with ${TOKEN}` }

  test('before its field was marked is hidden since then, and an edit of that view runs with the card', async () => {
    await here('run', 'payer', 'pay', ...UNMARKED)
    expect((await here('approvals', '--json', ...UNMARKED)).out).toContain(CARD)
    expect(await listed([payer])).toEqual({ here: shown, there: shown })
    for (const args of VIEWS) expect((await here(...args)).out).not.toContain(CARD)
    expect(await here('edit', 'last', '--input', JSON.stringify({ ...shown, usd: 5 }), '--wait')).toMatchObject({
      code: 0,
      out: expect.not.stringContaining(CARD),
    })
    expect(await finished()).toMatchObject(paid(5))
  })

  test('while its field was marked stays hidden when it no longer is, and an edit of that view runs with the card', async () => {
    await here('run', 'payer', 'pay')
    expect(await listed([payerMarked([])], ...UNMARKED)).toEqual({ here: shown, there: shown })
    for (const args of VIEWS) expect((await here(...args, ...UNMARKED)).out).not.toContain(CARD)
    const input = JSON.stringify({ ...shown, usd: 5 })
    expect(await here('edit', 'last', '--input', input, '--wait', ...UNMARKED)).toMatchObject({
      code: 0,
      out: expect.not.stringContaining(CARD),
    })
    expect(await finished()).toMatchObject(paid(5))
  })
})

const payCall = { tool: 'pay', input: { card: CARD, usd: 300, note: 'x' } }

test('credentials that the configuration keeps are stored and shown; others are not', async () => {
  const other = `npm_${'a1B2'.repeat(9)}`
  await here('run', 'payer', `use ${TOKEN} and ${other}`)
  expect((await here('approvals', '--json')).out).toContain(`with ${TOKEN}`)
  const events = await here('events', 'last', '--json')
  expect(events.out).toContain(`use ${TOKEN} and [redacted:npm_token]`)
  expect(events.out).toContain(`with ${TOKEN}`)
  // A runtime follows; a session that waits is followed until it has ended.
  await here('cancel', 'last', '--wait')
  expect((await here('events', 'last', '--json', '--follow')).out).toContain(`with ${TOKEN}`)
})
