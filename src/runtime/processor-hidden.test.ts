import { describe, expect, test } from 'vitest'
import { type ScriptedDecision, scriptedTasks, type TaskScripts } from '../models/scripted.ts'
import { memoryStore } from '../stores/memory.ts'
import { manualClock, manualEnv } from '../testing/manual-env.ts'
import { holding, lookup, noting, RAW, watched, watching } from './memory.fixture.ts'
import { type Processor, retrieve, summarize, window } from './memory-options.ts'
import { direct, loop, planner, planOf } from './planning.fixture.ts'
import { anyTool, calls, world } from './world.fixture.ts'

const say = (text: string) => ({ type: 'send_message', text, trust: 'user', origin: { type: 'user' } }) as const

describe('the controller never reads a result that a processor looks at', () => {
  test('not in the turns, a summary, what is recalled, a later message or after a restart', async () => {
    const clock = manualClock()
    const dead = new Set<string>()
    const store = memoryStore({ now: clock.now })
    const looking: readonly ScriptedDecision[] = [...Array.from({ length: 9 }, () => calls('lookup')), 'told']
    const summary = JSON.stringify({ asked: ['a zebra'], decided: [], done: [], open: [] })
    const { model, requests } = watching(
      scriptedTasks({ tasks: { root: [...looking, ...looking, ...looking] }, summarize: () => summary }),
    )
    const memory = [window(6), summarize({ whenTokens: 500, keepTurns: 2 }), retrieve({ k: 9 })]
    const launch = (holder: string) =>
      world({
        ...{ store, model, tools: [lookup], processor: noting, memory, budget: { maxTurns: 40 } },
        env: manualEnv({ clock, holder, dead }),
      })
    const first = launch('p1')
    const sessionId = await first.start({ message: 'what of the zebra?' })
    await first.runtime.send({ sessionId }, say('and the zebra balance?'))
    await clock.advance(100)
    dead.add('p1')
    const second = launch('p2')
    await clock.advance(2_000)
    await second.runtime.send({ sessionId }, say('zebra again?'))
    await clock.advance(1_000)
    expect(await second.runtime.result({ sessionId })).toMatchObject({ text: 'told', status: { type: 'done' } })
    expect((await second.find(sessionId, 'context_recalled')).some(({ passages }) => passages.length > 0)).toBe(true)
    expect(requests.some(({ purpose }) => purpose === 'summarize')).toBe(true)
    expect(holding(requests, 'RAW-9f')).toEqual([])
    expect(JSON.stringify(requests.at(-1)?.messages)).toContain('- balance (from lookup): 25')
  })

  test('not in the brief of a task that is tried again, nor in the prompt of a planner', async () => {
    const fails = { calls: [{ tool: 'fail_task', input: { class: 'stale_plan', reason: 'no good' } }] }
    const retried = { calls: [{ tool: 'fail_task', input: { class: 'invalid_output', reason: 'once more' } }] }
    const { model, requests } = watching(
      scriptedTasks({
        plan: [{ json: { goal: 'sums', tasks: [{ id: 'B', name: 'B', dependsOn: [] }] } }],
        tasks: { A: [calls('lookup'), retried, calls('lookup'), fails], B: ['b'] },
      }),
    )
    const made = planner({ model, tools: [lookup], processor: noting, planning: { router: null } })
    const around = world({ agents: [made] })
    const sessionId = await around.start({
      plan: planOf(direct('first', 'lookup'), loop('A', { dependsOn: ['first'] })),
    })
    expect(await around.runtime.result({ sessionId })).toMatchObject({ status: { type: 'done' } })
    const [again, replan] = [
      requests.findLast(({ taskId }) => taskId === 'A'),
      requests.find((each) => each.purpose === 'plan'),
    ]
    expect(JSON.stringify(again?.messages[0])).toContain(
      'c2 lookup {} → ok: {\\"status\\":\\"ok\\",\\"noted\\":[\\"balance\\"]}',
    )
    expect(JSON.stringify(replan?.messages[0])).toContain('first: first → {\\"status\\":\\"ok\\"')
    expect(JSON.stringify(replan?.messages[0])).toContain('c4 lookup {} → ok: {\\"status\\":\\"ok\\"')
    expect(holding(requests, 'RAW-9f')).toEqual([])
  })

  test('not as the result of a task that is one call: who depends on it reads what was noted, and its data go on whole', async () => {
    const taken: unknown[] = []
    const take = anyTool('take', 'read', (input) => {
      taken.push(input)
      return 'taken'
    })
    const { model, requests } = watching(scriptedTasks({ tasks: { tell: ['25'] } }))
    const made = planner({ model, tools: [lookup, take], processor: noting, planning: { router: null } })
    const around = world({ agents: [made] })
    const plan = planOf(
      direct('read', 'lookup'),
      direct('take', 'take', { all: { $from: 'read' } }),
      loop('tell', { dependsOn: ['read', 'take'] }),
    )
    const sessionId = await around.start({ plan })
    expect(await around.runtime.result({ sessionId })).toMatchObject({ text: '25', status: { type: 'done' } })
    expect(taken).toEqual([{ all: { balance: 25, note: RAW } }])
    const brief = JSON.stringify(requests[0]?.messages)
    expect(brief).toContain('read: read → {\\"status\\":\\"ok\\",\\"noted\\":[\\"balance\\"]}')
    expect(brief).toContain('- balance (from take): 25')
    expect(holding(requests, 'RAW-9f')).toEqual([])
  })

  test('not where the work was stopped before the processor was asked, and goes on with a message', async () => {
    const around = watched({ tasks: { root: [calls('lookup'), 'told'] } }, { budget: { maxTurns: 1 } })
    const sessionId = await around.start()
    expect(await around.runtime.result({ sessionId })).toMatchObject({ status: { reason: 'turn_budget' } })
    expect(await around.find(sessionId, 'result_processed')).toEqual([])
    await around.runtime.send({ sessionId }, say('and now?'))
    await around.env.settle()
    expect(await around.runtime.result({ sessionId })).toMatchObject({ text: 'told' })
    expect(await around.find(sessionId, 'result_processed')).toHaveLength(1)
    expect(holding(around.requests, 'RAW-9f')).toEqual([])
    expect(around.requests).toHaveLength(2)
  })

  // DESIGN 2: an artifact is readable by the agent in slices or by search. Who wants that processed too says so.
  test.each([
    [
      'not by reading on in the artifact that it is, where the processor names the tools that read',
      ['large', 'read_artifact', 'search_artifact'],
      2,
    ],
    ['but what a model reads of it by itself, where the processor names others', ['large'], 0],
    ['also where it names none: it looks at all tools of the agent', undefined, 0],
  ])('%s', async (_, tools, looked) => {
    const large = anyTool('large', 'read', () => Array.from({ length: 2_000 }, (_, row) => ({ row, note: RAW })))
    const other = anyTool('other', 'read', () => 'seen as it is')
    let id = ''
    const root: TaskScripts['others'] = (_, { turn }) => {
      if (turn === 1) return calls('large', 'other')
      if (turn === 2) return { calls: [{ tool: 'read_artifact', input: { artifact: id } }] }
      if (turn === 3) return { calls: [{ tool: 'search_artifact', input: { query: 'zebra' } }] }
      return 'told'
    }
    const seen: string[] = []
    const processor: Processor = {
      ...(tools !== undefined && { tools }),
      process: ({ tool, output }) => {
        if (tool !== 'other') seen.push(`${tool} ${JSON.stringify(output).includes(RAW)}`)
        return null
      },
    }
    const { model, requests } = watching(scriptedTasks({ tasks: { root } }))
    const spied = {
      ...model,
      generate: (...[request, options]: Parameters<typeof model.generate>) => {
        id = /"artifact":"([0-9a-f]{16})"/.exec(JSON.stringify(request.messages))?.[1] ?? id
        return model.generate(request, options)
      },
    }
    const around = world({ model: spied, tools: [large, other], processor })
    const sessionId = await around.start()
    expect(await around.runtime.result({ sessionId })).toMatchObject({ text: 'told' })
    expect(seen).toEqual(['large true', 'read_artifact true', 'search_artifact true'].slice(0, 1 + looked))
    // The two requests after the first reading.
    expect(holding(requests, 'RAW-9f')).toHaveLength(looked === 0 ? 2 : 0)
    expect(holding(requests, 'seen as it is').length > 0).toBe(tools !== undefined)
  })
})
