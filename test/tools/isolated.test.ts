/** Tools beside the runtime, in real threads and processes: whatever they do, only their own call fails. */
import { agent, DefinitionError, tool } from 'pawl'
import type { Limits } from 'pawl/core'
import { scripted } from 'pawl/models/scripted'
import { describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { type Isolation, isolated, isolations, moduleOf, outcomesOf, runOnce } from './isolated-run.ts'

// Processes start slowly on a machine under load.
vi.setConfig({ testTimeout: 60_000 })

type Deed = {
  readonly deed: string
  readonly says: RegExp
  readonly only?: Isolation
  readonly limits?: Partial<Limits>
}

describe.concurrent.each(isolations)('in a %s of its own, a tool', (isolation) => {
  const ending: readonly Deed[] = [
    { deed: 'throws', says: /^no connection$/ },
    { deed: 'nothing', says: /^undefined$/ },
    { deed: 'exits', says: /ended with (exit )?code 3 before it answered/ },
    { deed: 'dies', says: /^its process was ended by SIGSEGV before it answered/, only: 'process' },
    { deed: 'aborts', says: /^its process was ended by SIGABRT before it answered/, only: 'process' },
    { deed: 'disconnects', says: /^it closed the channel to its runtime/, only: 'process' },
    { deed: 'garbles', says: /^it wrote into the channel to its runtime/, only: 'process' },
    { deed: 'boasts', says: /^it wrote into the channel to its runtime/, only: 'process' },
    { deed: 'leaks', says: /^it crashed by a rejection that nobody handled: leaked/ },
    { deed: 'throws_later', says: /^it crashed by an error that nobody caught: thrown by a timer/ },
    {
      deed: 'hoards',
      says: /isolatedMemoryBytes allows 64 MiB/,
      limits: { isolatedMemoryBytes: 67_108_864 },
      only: 'process',
    },
  ]
  test.each(
    ending.filter(({ only = isolation }) => only === isolation),
  )('that $deed fails its call alone', async (each) => {
    const [read, unsafe] = await outcomesOf({ deed: each.deed, ms: 30_000 }, { isolation }, each.limits)
    expect(read).toEqual({ type: 'retryable_error', message: expect.stringMatching(each.says) })
    expect(unsafe).toEqual({ type: 'unknown', message: expect.stringMatching(each.says) })
  })

  // On a machine under load it begins late, and takes its time to end.
  const overdue = { timeoutMs: 4_000 }
  const limits = { graceMs: 2_000 }
  test.each(['spins', 'never'])('that %s is killed after the grace', async (deed) => {
    const message = 'it took longer than 4000 ms, and it did not stop within 2000 ms: it was killed'
    const outcomes = await outcomesOf({ deed }, { isolation, ...overdue }, limits)
    expect(outcomes).toEqual([
      { type: 'retryable_error', message },
      { type: 'unknown', message },
    ])
  })

  test('hears its signal, and may say that nothing happened', async () => {
    const message = 'stopped: it took longer than 4000 ms'
    const outcomes = await outcomesOf({ deed: 'obeys' }, { isolation, ...overdue }, { graceMs: 20_000 })
    expect(outcomes).toEqual([
      { type: 'terminal_error', message },
      { type: 'terminal_error', message },
    ])
  })

  test('whose abort listener throws fails its call alone', async () => {
    const [read] = await outcomesOf({ deed: 'bad_listener' }, { isolation, ...overdue }, { graceMs: 20_000 })
    const message = 'it crashed by an error that nobody caught: thrown by a listener'
    expect(read).toEqual({ type: 'retryable_error', message })
  })

  // What else is no JSON is told on that side too, by code that needs neither: see `isolated-parts.test.ts`.
  test('that answers a function is told what and where', async () => {
    const says = '$.f: a function is not JSON'
    const [read, unsafe] = await outcomesOf({ deed: 'function' }, { isolation })
    expect(read).toMatchObject({ type: 'terminal_error', message: expect.stringContaining(says) })
    expect(unsafe).toMatchObject({ type: 'ok', output: { warning: expect.stringContaining(says) } })
  })

  // Alone: it keeps this loop busy for longer than the others may be late.
  test('that answers 50 MB leaves a preview', { concurrent: false }, async () => {
    const outcomes = await outcomesOf({ deed: 'large', megabytes: 50 }, { isolation })
    const preview = { type: 'ok', output: { artifact: expect.any(String), bytes: 50_000_000 } }
    expect(outcomes).toMatchObject([preview, preview])
  })

  test('that forges half an answer is heard when it answers', async () => {
    const honest = { type: 'ok', output: 'honest' }
    expect(await outcomesOf({ deed: 'forges' }, { isolation })).toEqual([honest, honest])
  })

  test('is ended when it has answered, whatever it left running', async () => {
    const answered = { type: 'ok', output: 'answered' }
    expect(await outcomesOf({ deed: 'answers_and_stays' }, { isolation })).toEqual([answered, answered])
  })

  test('knows of its call what a tool in the runtime knows', async () => {
    const [read] = await outcomesOf({ deed: 'echo' }, { isolation })
    const members = ['attempt', 'callId', 'context', 'idempotencyKey', 'sessionId', 'startBy', 'tenant']
    expect(read).toMatchObject({ type: 'ok', output: { isAborted: false, members: expect.arrayContaining(members) } })
    // What `echo` answers.
    const pid = (read as { readonly output?: { readonly pid?: number } }).output?.pid
    expect(pid === process.pid).toBe(isolation === 'worker')
  })

  test('throws a ToolError across, with what it says of the effect', async () => {
    const refused = { type: 'retryable_error', message: 'refused at the door' }
    expect(await outcomesOf({ deed: 'refuses' }, { isolation })).toEqual([refused, refused])
    expect((await outcomesOf({ deed: 'final' }, { isolation })).map(({ type }) => type)).toEqual([
      'terminal_error',
      'unknown',
    ])
  })

  test.each([
    ['worker-empty-tool', /expected file:.*worker-empty-tool\.ts to export a function `run`, found undefined/],
    ['worker-broken-tool', /file:.*worker-broken-tool\.ts cannot be loaded: cannot be loaded/],
  ])('whose module is %s fails for good, and certainly did nothing', async (name, says) => {
    const outcomes = await outcomesOf({ deed: 'echo' }, { isolation, module: moduleOf(name) })
    const final = { type: 'terminal_error', message: expect.stringMatching(says) }
    expect(outcomes).toEqual([final, final])
  })

  test('resolves the secrets that it declares, and what it says of them is redacted', async () => {
    const tools = [{ ...isolated('look', { isolation }), secrets: ['PAY_KEY'] }]
    const ask = (name: string) => ({ tool: 'look', input: { deed: 'secret', name } })
    const model = scripted([{ calls: [ask('PAY_KEY'), ask('OTHER_KEY')] }, 'done'])
    const clerk = agent({ name: 'clerk', instructions: '', model, tools })
    const outcomes = await runOnce(clerk, {}, { secrets: () => 'canary-in-a-coal-mine' })
    expect(outcomes).toMatchObject([
      { type: 'ok', output: { letters: 21 } },
      { type: 'terminal_error', message: expect.stringContaining('OTHER_KEY') },
    ])
    expect(JSON.stringify(outcomes)).not.toContain('canary')
  })

  test('calls the functions of its context on the side of the runtime', async () => {
    const definition = isolated('look', { isolation })
    const context = { signal: AbortSignal.timeout(30_000), context: {}, twice: async (n: number) => 2 * n }
    // A context with one function more than the runtime gives.
    expect(await definition.run({ deed: 'asks' } as never, context as never)).toBe(42)
  })
})

describe('where a tool runs has to be said, and said once', () => {
  const base = { name: 'pay', description: 'Pays.', effect: 'read', input: z.object({}) } as const
  const module = moduleOf('worker-tool')
  const refused: readonly (readonly [string, object, RegExp])[] = [
    [
      'nothing',
      {},
      /pay: expected run, or isolation: 'process', module: new URL\('\.\/pay\.ts', import\.meta\.url\); found neither/,
    ],
    ['both', { run: () => 1, isolation: 'worker', module }, /take run out of the definition, or write no isolation/],
    ['run and module', { run: () => 1, module }, /take run out of the definition/],
    ['verify beside a module', { verify: () => 1, isolation: 'worker', module }, /take verify out of the definition/],
    ['no module', { isolation: 'worker' }, /names the module that has its run/],
    ['a module that is text', { isolation: 'worker', module: './pay.ts' }, /names the module that has its run/],
    [
      'a module that is no file',
      { isolation: 'worker', module: new URL('data:text/javascript,1') },
      /has to be a file.*found data:/,
    ],
    [
      'a module that does not exist',
      { isolation: 'process', module: moduleOf('nowhere') },
      /nowhere\.ts does not exist/,
    ],
    ['another isolation', { isolation: 'container', module }, /isolation is 'worker' or 'process', found "container"/],
  ]
  test.each(refused)('%s is refused', (_, more, says) => {
    // What the compiler refuses too, as an author without it would write it.
    const define = () => tool({ ...base, ...more } as never)
    expect(define).toThrow(DefinitionError)
    expect(define).toThrow(says)
  })

  test('also where a tool was made by hand', () => {
    const made = { ...tool({ ...base, run: () => 1 }), isolation: 'process', module: moduleOf('nowhere') } as const
    const define = () => agent({ name: 'clerk', instructions: '', model: scripted([]), tools: [made] })
    expect(define).toThrow(/pay: its module .*nowhere\.ts does not exist/)
  })
})
