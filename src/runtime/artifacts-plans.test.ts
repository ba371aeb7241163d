import { describe, expect, test } from 'vitest'
import type { Json } from '../core/index.ts'
import { scriptedTasks } from '../models/scripted.ts'
import { StoreUnavailableError, ToolError } from '../ports/index.ts'
import { manualEnv } from '../testing/manual-env.ts'
import { artifactsIn, idOf, orders, rows, stores } from './artifacts.fixture.ts'
import { watching } from './memory.fixture.ts'
import { direct, loop, type PlanningWorld, planningWorld, planOf } from './planning.fixture.ts'
import { anyTool, replaced } from './world.fixture.ts'

const from = (id: string, path: string) => ({ $from: id, path })

/** What each call of `note` was given, and what `look` puts out. */
function noting(output: unknown) {
  const noted: Json[] = []
  const tools = [
    anyTool('look', 'read', () => output),
    anyTool('note', 'idempotent', (input) => {
      noted.push(input as Json)
      return { noted: noted.length }
    }),
  ]
  return { tools, noted }
}

async function carriedOut(options: PlanningWorld, plan: ReturnType<typeof planOf>) {
  const env = options.env ?? manualEnv()
  const planning = { planner: null, router: null, ...options.planning }
  const around = planningWorld({ env, scripts: { others: ['It is told.'] }, ...options, planning })
  const sessionId = await around.start({ plan })
  await env.advance(30_000)
  const failed = await around.find(sessionId, 'task_failed')
  const { status, text } = await around.runtime.result({ sessionId })
  return { ...around, sessionId, failed, status, text }
}

describe.each(stores)('a plan over the %s store', (_, open) => {
  const fresh = () => {
    const env = manualEnv()
    return { env, store: open(env.now) }
  }

  test.each<[string, Json, Json]>([
    ['a place in it', from('a', '/1500/note'), 'as ordered 1500'],
    ['a part of it', from('a', '/7'), { note: 'as ordered 7', row: 7, total: 14 }],
    ['all of it', from('a', ''), orders],
  ])('reads %s, and not of its preview, where an input refers to a result that is an artifact', async (_where, reference, expected) => {
    const { tools, noted } = noting(orders)
    const plan = planOf(direct('a', 'look'), direct('b', 'note', { it: reference }))
    const { status, failed } = await carriedOut({ ...fresh(), tools }, plan)
    expect(failed).toEqual([])
    expect(status).toMatchObject({ type: 'done', reason: 'final_answer' })
    expect(noted).toEqual([{ it: expected }])
  })

  test('reads a text as it was put out, to its first and last letter', async () => {
    const text = `\uFEFF${'line é\r\n'.repeat(4_000)}\u2028`
    const { tools, noted } = noting(text)
    await carriedOut({ ...fresh(), tools }, planOf(direct('a', 'look'), direct('b', 'note', { it: from('a', '') })))
    expect(noted).toEqual([{ it: text }])
  })

  test.each<[string, Json, Json, RegExp]>([
    ['is not there', orders, from('a', '/2000/note'), /2000/],
    ['is in a text', 'x'.repeat(20_000), from('a', '/0'), /"\/0"|\/0/],
    ['is more than an input may be', rows(8_000), from('a', ''), /its input: .*262144|its input: .*262,144/],
  ])('fails a task whose part of an artifact %s, and says so', async (_what, output, reference, message) => {
    const { tools, noted } = noting(output)
    const plan = planOf(direct('a', 'look'), direct('b', 'note', { it: reference }))
    const { failed } = await carriedOut({ ...fresh(), tools }, plan)
    expect(failed[0]).toMatchObject({ taskId: 'b', failure: 'missing_input', message: expect.stringMatching(message) })
    expect(noted).toEqual([])
  })

  test('never runs a call whose input holds what has become a secret since, nor with something else in its place', async () => {
    const key = 'sk-live-0123456789abcdef'
    let value: string | undefined
    const { tools, noted } = noting(null)
    const look = anyTool('look', 'read', () => {
      value = key
      return Array.from({ length: 2_000 }, (_each, row) => ({ note: row === 1_500 ? key : 'as ordered' }))
    })
    const unlock = anyTool('unlock', 'idempotent', () => 'unlocked', { secrets: ['PAY_KEY'] })
    const plan = planOf(
      direct('a', 'look'),
      direct('b', 'unlock', {}, ['a']),
      direct('c', 'note', { it: from('a', '/1500/note') }, ['b']),
    )
    const world = { ...fresh(), tools: [look, unlock, ...tools.slice(1)], secrets: () => value }
    const { failed } = await carriedOut(world, plan)
    expect(noted).toEqual([])
    expect(failed[0]).toMatchObject({
      taskId: 'c',
      failure: 'missing_input',
      message: expect.stringContaining('secret://PAY_KEY'),
    })
  })

  const eachOf = (forEach: { readonly $from: string; readonly path: string }) =>
    planOf(
      direct('a', 'look'),
      { id: 'b', name: 'b', dependsOn: [], tool: 'note', input: { it: from('$item', '/note') }, forEach },
      direct('c', 'note', { all: from('b', '') }),
    )

  test('has a child for each of 100 elements of an artifact, and joins what they came to', async () => {
    const { tools, noted } = noting({ found: rows(100), rest: rows(1_000) })
    const { status } = await carriedOut({ ...fresh(), tools }, eachOf(from('a', '/found')))
    expect(status).toMatchObject({ type: 'done', reason: 'final_answer' })
    expect(noted).toHaveLength(101)
    const each = noted.slice(0, 100).map((input) => (input as { readonly it: string }).it)
    expect([...each].sort()).toEqual(Array.from({ length: 100 }, (_each, row) => `as ordered ${row}`).sort())
    const { all } = noted[100] as { readonly all: readonly { readonly noted: number }[] }
    expect(all.map(({ noted: nth }) => nth).sort((one, other) => one - other)).toEqual(
      Array.from({ length: 100 }, (_each, row) => row + 1),
    )
  })

  test.each([101, 1_500])('has none for %i, and says how many there may be', async (count) => {
    const { tools, noted } = noting({ found: rows(count), rest: rows(1_000) })
    const { failed, log, sessionId } = await carriedOut({ ...fresh(), tools }, eachOf(from('a', '/found')))
    expect(failed[0]).toMatchObject({
      taskId: 'b',
      failure: 'missing_input',
      message: `${count} elements; at most 100 children are allowed`,
    })
    expect(noted).toEqual([])
    expect(JSON.stringify(await log(sessionId)).length).toBeLessThan(60_000)
  })

  test('has as many as its plan allows, each with its own element', { timeout: 60_000 }, async () => {
    const { tools, noted } = noting({ found: rows(1_002), rest: [] })
    const planning = { maxFanOut: 1_100, maxParallelTasks: 50 }
    const plan = planOf(direct('a', 'look'), {
      id: 'b',
      name: 'b',
      dependsOn: [],
      tool: 'note',
      input: { it: from('$item', '/note') },
      forEach: from('a', '/found'),
    })
    const { failed } = await carriedOut({ ...fresh(), tools, planning, limits: { maxConcurrentCalls: 50 } }, plan)
    expect(failed).toEqual([])
    expect(noted.map((input) => (input as { readonly it: string }).it).sort()).toEqual(
      Array.from({ length: 1_002 }, (_each, row) => `as ordered ${row}`).sort(),
    )
  })

  test('joins what its children came to, also where each of that is an artifact', async () => {
    const noted: Json[] = []
    const tools = [
      anyTool('look', 'read', () => ['x', 'y']),
      anyTool('fetch', 'read', ({ of }) => ({ of: of as string, pages: rows(700) })),
      anyTool('note', 'idempotent', (input) => {
        noted.push(input as Json)
        return 'noted'
      }),
    ]
    const plan = planOf(
      direct('a', 'look'),
      { id: 'b', name: 'b', dependsOn: [], tool: 'fetch', input: { of: from('$item', '') }, forEach: from('a', '') },
      direct('c', 'note', { first: from('b', '/0/of'), last: from('b', '/1/pages/699/note') }),
    )
    const { status, failed } = await carriedOut({ ...fresh(), tools }, plan)
    expect(failed).toEqual([])
    expect(status).toMatchObject({ type: 'done', reason: 'final_answer' })
    expect(noted).toEqual([{ first: 'x', last: 'as ordered 699' }])
  })

  test.each([
    [2_000, 'completed'],
    [2_001, 'failed'],
  ])('looks at the whole of a result of %i rows, where its task says what is accepted', async (count, status) => {
    const { tools } = noting(rows(count))
    const task = { ...direct('a', 'look'), accept: { schema: { type: 'array', maxItems: 2_000 } } }
    const around = await carriedOut({ ...fresh(), tools }, planOf(task))
    const finished = await around.find(around.sessionId, 'task_finished')
    expect(finished.map((each) => each.status)).toEqual(status === 'failed' ? [] : ['completed'])
    expect(around.failed.every(({ failure }) => failure === 'invalid_output')).toBe(true)
    expect(around.failed.length > 0).toBe(status === 'failed')
  })

  test('tells the loop of a task what another came to by its preview, and with what to read on', async () => {
    const { tools } = noting(orders)
    const seen: string[] = []
    const { model, requests } = watching(
      scriptedTasks({
        tasks: {
          b: ({ messages, turn }) => {
            const text = JSON.stringify(messages[0])
            seen.push(text)
            const id = /\\"artifact\\":\\"([0-9a-f]{16})\\"/.exec(text)?.[1] ?? ''
            return turn === 1
              ? { calls: [{ tool: 'read_artifact', input: { artifact: id, pointer: '/1999' } }] }
              : 'It was read.'
          },
        },
      }),
    )
    const around = await carriedOut(
      { ...fresh(), tools, model },
      planOf(direct('a', 'look'), loop('b', { dependsOn: ['a'] })),
    )
    const [artifact] = await artifactsIn(around, around.sessionId)
    expect(seen[0]).toContain(idOf(artifact?.hash ?? ''))
    expect(seen[0]?.length).toBeLessThan(6_000)
    expect(requests.map(({ tools: shown }) => shown.map(({ name }) => name))).toEqual(
      Array(2).fill(['look', 'read_artifact', 'search_artifact', 'fail_task']),
    )
    expect(JSON.stringify(requests.at(-1)?.messages)).toContain('as ordered 1999')
    expect(around.text).toContain('It was read.')
  })

  test('asks again while the store cannot be read for a moment, and fails nothing for it', async () => {
    const { env, store } = fresh()
    let asked = 0
    const away = replaced(store, {
      artifact: async (tenant, hash) => {
        asked += 1
        if (asked % 3 !== 0) throw new StoreUnavailableError('away')
        return store.artifact(tenant, hash)
      },
    })
    const { tools, noted } = noting(orders)
    const accept = { schema: { type: 'array' } }
    const plan = planOf({ ...direct('a', 'look'), accept }, direct('b', 'note', { it: from('a', '/3/row') }))
    const { failed, status } = await carriedOut({ env, store: away, tools }, plan)
    expect(failed).toEqual([])
    expect(status).toMatchObject({ type: 'done', reason: 'final_answer' })
    expect(noted).toEqual([{ it: 3 }])
  })

  test('says which result was erased, and goes on as its recovery says', async () => {
    const { env, store } = fresh()
    const forgetful = replaced(store, { artifact: async () => null })
    const { tools, noted } = noting(orders)
    const plan = planOf(direct('a', 'look'), direct('b', 'note', { it: from('a', '/3/row') }), direct('c', 'look'))
    const planning = { recovery: { missing_input: { maxRetries: 1, backoffMs: 1_000, action: 'retry' } } } as const
    const { failed, find, sessionId, status, text } = await carriedOut({ env, store: forgetful, tools, planning }, plan)
    expect(failed).toMatchObject([
      { taskId: 'b', failure: 'missing_input', message: 'the result of "a" was erased: its artifact is gone' },
      { taskId: 'b', failure: 'missing_input' },
    ])
    expect((await find(sessionId, 'recovery_chosen')).map(({ action }) => action)).toEqual(['retry', 'escalate'])
    expect(status).toMatchObject({ type: 'done', reason: 'final_answer' })
    expect(text).toContain('Not done: b (failed: the result of "a" was erased')
    expect(noted).toEqual([])
  })

  test('answers with no more than what is shown of a large result', async () => {
    const { tools } = noting(orders)
    const { text } = await carriedOut({ ...fresh(), tools }, planOf(direct('a', 'look')))
    expect(text?.length).toBeLessThan(4_000)
    expect(text).toContain('as ordered 0')
  })

  test('that tries a task again keeps what its first attempt put out, which is no result of it', async () => {
    let runs = 0
    const look = anyTool('look', 'read', () => {
      runs += 1
      return { run: runs, rows: rows(600) }
    })
    const { tools, noted } = noting(null)
    const accept = { schema: { type: 'object', properties: { run: { minimum: 2 } } } }
    const planning = { recovery: { invalid_output: { maxRetries: 2, backoffMs: 1_000, action: 'retry' } } } as const
    const plan = planOf({ ...direct('a', 'look'), accept }, direct('b', 'note', { run: from('a', '/run') }))
    const around = await carriedOut({ ...fresh(), tools: [look, ...tools.slice(1)], planning }, plan)
    expect(noted).toEqual([{ run: 2 }])
    expect(await artifactsIn(around, around.sessionId)).toHaveLength(2)
    expect(await around.store.sweepArtifacts({ before: around.env.now() + 1, limit: 10 })).toBe(0)
  })

  test('carries out a task as the newest plan has it, whatever was being read for it as it was before', async () => {
    const { env, store } = fresh()
    const gates: PromiseWithResolvers<void>[] = []
    const slow = replaced(store, {
      artifact: async (tenant, hash) => {
        const gate = Promise.withResolvers<void>()
        gates.push(gate)
        await gate.promise
        return store.artifact(tenant, hash)
      },
    })
    const { tools, noted } = noting(orders)
    const boom = anyTool('boom', 'read', () => Promise.reject(new ToolError('it is broken')))
    const b = (row: number) => direct('b', 'note', { it: from('a', `/${row}/row`) })
    const second = { goal: 'the sums', tasks: [direct('a', 'look'), b(8)] as unknown as Json }
    const planning = { planner: scriptedTasks({ plan: [{ json: second }] }), router: null }
    const around = planningWorld({ env, store: slow, tools: [...tools, boom], planning, scripts: { others: ['told'] } })
    const recovery = planOf(direct('a', 'look'), b(7), direct('c', 'boom', {}, ['a']))
    const sessionId = await around.start({ plan: recovery })
    await env.advance(5_000)
    // The first of them is of the plan before.
    for (let at = 0; at < 4; at += 1) {
      gates[at]?.resolve()
      await env.advance(5_000)
    }
    expect((await around.find(sessionId, 'plan_adopted')).map(({ version }) => version)).toEqual([1, 2])
    expect(noted).toEqual([{ it: 8 }])
  })
})
