import { describe, expect, test } from 'vitest'
import { scripted, scriptedTasks, type TaskScripts } from '../models/scripted.ts'
import type { AnyTool, ModelRequest } from '../ports/index.ts'
import { manualClock, manualEnv } from '../testing/manual-env.ts'
import { shown, stores } from './artifacts.fixture.ts'
import { agent } from './define.ts'
import { watching } from './memory.fixture.ts'
import { loop, planningWorld, planOf } from './planning.fixture.ts'
import { anyTool, calls, world } from './world.fixture.ts'

/** `get_topic_7` tells of topic 7. */
function many(count: number, ran: string[] = []): readonly AnyTool[] {
  return Array.from({ length: count }, (_, n) =>
    anyTool(`get_topic_${n}`, 'read', () => {
      ran.push(`get_topic_${n}`)
      return `topic ${n}`
    }),
  )
}

const find = (query: string) => ({ calls: [{ tool: 'search_tools', input: { query } }] })
const names = ({ tools }: ModelRequest) => tools.map(({ name }) => name)
const first = (count: number) => Array.from({ length: count }, (_, n) => `get_topic_${n}`)

describe.each(stores)('an agent with 120 tools, over the %s store', (_, open) => {
  test('shows its first 20 and search_tools; what is found is shown from the next turn on, and after a restart', async () => {
    const clock = manualClock()
    const store = open(clock.now)
    const script = [find('topic 77'), find('topic 99'), calls('get_topic_77'), 'first answer', 'second answer']
    const launch = (holder: string) => {
      const { model, requests } = watching(scripted(script))
      const env = manualEnv({ clock, holder })
      return { ...world({ store, env, model, tools: many(120) }), requests }
    }
    const one = launch('p1')
    const sessionId = await one.start()
    expect(await one.runtime.result({ sessionId })).toMatchObject({ text: 'first answer' })
    const [before, afterOne, afterTwo] = one.requests.map(names)
    expect(before).toEqual([...first(20), 'search_tools'])
    expect(afterOne).toHaveLength(21)
    expect(afterOne).toContain('get_topic_77')
    expect(afterOne).not.toContain('get_topic_99')
    expect(afterTwo).toHaveLength(21)
    expect(afterTwo).toEqual(expect.arrayContaining(['get_topic_77', 'get_topic_99', 'get_topic_0', 'search_tools']))
    expect(shown(one.requests, 'c1')).toMatchObject({
      tools: expect.arrayContaining([{ name: 'get_topic_77', description: 'get_topic_77' }]),
    })
    await one.runtime.stop()
    const two = launch('p2')
    await two.runtime.send(
      { sessionId },
      { type: 'send_message', text: 'and more', trust: 'user', origin: { type: 'user' } },
    )
    await two.env.settle()
    expect(await two.runtime.result({ sessionId })).toMatchObject({ text: 'second answer' })
    expect(two.requests.map(names)).toEqual([afterTwo])
  })

  test('may call one that is not shown, since it has it', async () => {
    const ran: string[] = []
    const env = manualEnv()
    const { start, runtime } = world({
      env,
      store: open(env.now),
      tools: many(120, ran),
      script: [calls('get_topic_119'), 'done'],
    })
    expect(await runtime.result({ sessionId: await start() })).toMatchObject({ text: 'done' })
    expect(ran).toEqual(['get_topic_119'])
  })
})

describe('a list that is not too long', () => {
  test('is shown whole, and has no search', async () => {
    const { model, requests } = watching(scripted([find('topic 7'), 'done']))
    const { start, find: events } = world({ model, tools: many(20) })
    const sessionId = await start()
    expect(requests.map(names)).toEqual([first(20), first(20)])
    expect((await events(sessionId, 'call_finished'))[0]?.outcome).toMatchObject({ type: 'blocked' })
  })

  test('is as long as the runtime says', async () => {
    const { model, requests } = watching(scripted([find('topic 7'), 'done']))
    const { start } = world({ model, tools: many(8), limits: { maxToolsShown: 3 } })
    await start()
    expect(requests.map((each) => names(each).length)).toEqual([4, 4])
    expect(names(requests[0] as ModelRequest)).toEqual([...first(3), 'search_tools'])
    expect(names(requests[1] as ModelRequest)).toContain('get_topic_7')
  })
})

test('a search is within the smallest prompt too, and what it found is shown', async () => {
  const tools = Array.from({ length: 30 }, (_, n) =>
    anyTool(`get_topic_${n}`, 'read', () => n, {
      description: `Tells of "topic ${n}". ${'漢字 "と" かな '.repeat(60)}`,
    }),
  )
  const { model, requests } = watching(scripted([find('topic 27'), 'done']))
  const around = world({ model, tools, limits: { maxInlineBytes: 1_024 } })
  const sessionId = await around.start()
  const [finished] = await around.find(sessionId, 'call_finished')
  expect(finished?.artifact).toBeUndefined()
  expect(Buffer.byteLength(JSON.stringify(finished?.outcome))).toBeLessThan(1_100)
  expect(finished?.outcome).toMatchObject({
    output: {
      tools: expect.arrayContaining([{ name: 'get_topic_27', description: expect.stringContaining('topic 27') }]),
    },
  })
  expect(names(requests[1] as ModelRequest)).toContain('get_topic_27')
  expect(names(requests[1] as ModelRequest)).not.toContain('read_artifact')
})

describe('a name that no tool has', () => {
  test('is answered with some that there are, those like it first, and how to find more', async () => {
    const { start, find: events } = world({ tools: many(120), script: [calls('get_topic_1000'), 'done'] })
    const [finished] = await events(await start(), 'call_finished')
    const message = (finished?.outcome as { readonly message: string }).message
    expect(message).toContain('get_topic_100')
    expect(message).toContain('search_tools')
    expect(message.length).toBeLessThan(1_000)
  })
})

describe('a task that was given three tools', () => {
  const given = ['get_topic_3', 'get_topic_50', 'get_topic_119']
  const tries = [find('topic 7'), calls('get_topic_7'), calls('get_topic_50'), 'It is topic 50.']
  const specialists = [
    { name: 'narrow', domain: 'Tells of three topics.', instructions: 'Tell.', tools: given },
    { name: 'wide', domain: 'Tells of many topics.', instructions: 'Tell.', tools: first(60) },
  ]

  async function planned(
    scripts: TaskScripts,
    options: { readonly plan?: ReturnType<typeof planOf>; readonly planning?: object },
  ) {
    const ran: string[] = []
    const { model, requests } = watching(scriptedTasks(scripts))
    const around = planningWorld({ model, tools: many(120, ran), specialists, planning: options.planning ?? {} })
    const sessionId = await around.start(options.plan && { plan: options.plan })
    const finished = await around.find(sessionId, 'call_finished')
    const ofTask = requests.filter(({ taskId }) => taskId !== 'root')
    return { ...around, sessionId, ran, finished, ofTask }
  }

  test.each([
    ['by its plan', loop('t1', { tools: given })],
    ['by its specialist', loop('t1', { specialist: 'narrow' })],
    [
      'by its plan, of those of a specialist',
      loop('t1', { specialist: 'wide', tools: ['get_topic_3', 'get_topic_50', 'get_topic_7'].slice(0, 2) }),
    ],
  ])('%s sees these, and can neither call nor find another', async (_, task) => {
    const { ran, finished, ofTask } = await planned({ others: tries }, { plan: planOf(task) })
    const own = task.tools ?? given
    for (const request of ofTask) expect(names(request)).toEqual([...own, 'fail_task', 'delegate'])
    expect(finished.map(({ outcome }) => outcome.type)).toEqual(['blocked', 'blocked', 'ok'])
    expect(finished[1]?.outcome, 'nothing is said of tools that it does not have').toMatchObject({
      message: `there is no tool "get_topic_7"; the tools are: ${own.join(', ')}`,
    })
    expect(ran).toEqual(['get_topic_50'])
  })

  test('by delegation sees these, and can neither call nor find another', async () => {
    const plan = { calls: [{ tool: 'plan', input: { goal: 'tell', steps: [{ name: 'tell' }] } }] }
    const delegate = {
      calls: [{ tool: 'delegate', input: { name: 'tell', brief: 'Tell of topic 50.', tools: given } }],
    }
    const { ran, ofTask, finished } = await planned(
      { tasks: { root: [plan, delegate, 'done'] }, others: tries },
      { planning: { route: 'plan', planner: null, router: null } },
    )
    expect(ofTask).toHaveLength(4)
    for (const request of ofTask) expect(names(request).slice(0, 3)).toEqual(given)
    for (const request of ofTask) expect(names(request)).not.toContain('search_tools')
    expect(ran).toEqual(['get_topic_50'])
    expect(finished.filter(({ outcome }) => outcome.type === 'blocked')).toHaveLength(2)
  })

  test('gives nobody more than it has itself', async () => {
    const more = { calls: [{ tool: 'delegate', input: { name: 'tell', brief: 'Tell.', tools: ['get_topic_7'] } }] }
    const wider = { calls: [{ tool: 'delegate', input: { name: 'tell', brief: 'Tell.', specialist: 'wide' } }] }
    const others = ({ turn }: { readonly turn: number }, taskId: string) =>
      taskId === 't1'
        ? ([more, wider][turn - 1] ?? 'done')
        : ([find('topic 7'), calls('get_topic_7')][turn - 1] ?? 'done')
    const { ran, finished, ofTask } = await planned(
      {
        tasks: { t1: (request, moment) => others(moment, request.taskId ?? '') },
        others: (_, moment) => others(moment, 'child'),
      },
      { plan: planOf(loop('t1', { tools: given })) },
    )
    expect(finished[0]?.outcome).toMatchObject({
      type: 'blocked',
      message: expect.stringContaining('can be given get_topic_3, get_topic_50, get_topic_119; found get_topic_7'),
    })
    const ofChild = ofTask.filter(({ taskId }) => taskId !== 't1')
    // The specialist has sixty, and of these two are its giver's.
    expect(ofChild.map((request) => names(request).filter((name) => name.startsWith('get_topic_')))).toEqual(
      Array(3).fill(['get_topic_3', 'get_topic_50']),
    )
    expect(ran).toEqual([])
  })

  test('the tools that come with the runtime are not given away: whoever names them is understood all the same', async () => {
    const plan = { calls: [{ tool: 'plan', input: { goal: 'tell', steps: [{ name: 'tell' }] } }] }
    const tools = [...given, 'read_artifact', 'search_tools']
    const delegate = { calls: [{ tool: 'delegate', input: { name: 'tell', brief: 'Tell of topic 50.', tools } }] }
    const { ofTask } = await planned(
      { tasks: { root: [plan, delegate, 'done'] }, others: ['It is told.'] },
      { planning: { route: 'plan', planner: null, router: null } },
    )
    expect(ofTask.map((request) => names(request).slice(0, 3))).toEqual([given])
  })

  test('and one that has sixty finds within them', async () => {
    const script = [find('topic 77'), find('topic 55'), 'done']
    const { finished, ofTask } = await planned({ others: script }, { plan: planOf(loop('t1', { specialist: 'wide' })) })
    const found = finished.map(({ outcome }) => JSON.stringify(outcome))
    expect(found[0]).not.toContain('get_topic_77')
    expect(found[1]).toContain('"get_topic_55"')
    const last = names(ofTask.at(-1) as ModelRequest)
    expect(last).toContain('get_topic_55')
    expect(last.filter((name) => name.startsWith('get_topic_'))).toHaveLength(20)
    expect(last.every((name) => !/get_topic_([6-9]\d|1\d\d)$/.test(name))).toBe(true)
  })

  test('what one task has found is not shown to another', async () => {
    const plan = planOf(loop('t1', { specialist: 'wide' }), loop('t2', { specialist: 'wide', dependsOn: ['t1'] }))
    const { ofTask } = await planned({ tasks: { t1: [find('topic 55'), 'done'], t2: ['done'] } }, { plan })
    expect(ofTask.map((request) => [request.taskId, names(request).includes('get_topic_55')])).toEqual([
      ['t1', false],
      ['t1', true],
      ['t2', false],
    ])
  })
})

describe('the names that come with the runtime', () => {
  test.each(['read_artifact', 'search_artifact', 'search_tools'])('%s is no name of a tool of an agent', (name) => {
    const make = () =>
      agent({ name: 'clerk', instructions: '', model: scripted([]), tools: [anyTool(name, 'read', () => 1)] })
    expect(make).toThrow(`agent clerk: a tool named ${name} comes with the runtime; rename yours`)
  })

  test('stand in no definition and no list of an agent’s own tools', () => {
    const { tools, toolSpecs, definition } = agent({
      name: 'clerk',
      instructions: '',
      model: scripted([]),
      tools: many(120),
    })
    expect([...tools.keys()]).toHaveLength(120)
    expect(toolSpecs).toHaveLength(120)
    expect(definition).not.toMatch(/read_artifact|search_artifact|search_tools/)
  })
})

describe('what a prompt of many tools is estimated at', () => {
  const wordy = (count: number) =>
    Array.from({ length: count }, (_, n) =>
      anyTool(`get_topic_${n}`, 'read', () => n, { description: 'word '.repeat(200) }),
    )

  async function estimated(count: number, limits: { readonly maxToolsShown?: number } = {}) {
    const { model, requests } = watching(scripted(['done']))
    const { start, find: events } = world({ model, tools: wordy(count), limits })
    const [started] = await events(await start(), 'model_started')
    const { instructions, messages, tools } = requests[0] as ModelRequest
    const sent = Math.ceil(JSON.stringify({ instructions, messages, tools }).length / 4)
    return { estimate: (started?.reserved.tokens ?? 0) - (started?.reserved.maxOutputTokens ?? 0), sent }
  }

  test.each([[20], [21], [120], [600]])('is that of those that are shown, of %i', async (count) => {
    const { estimate, sent } = await estimated(count)
    expect(estimate).toBeGreaterThanOrEqual(sent)
    expect(estimate).toBeLessThan(sent * 1.2 + 500)
  })

  test('as many as the runtime shows', async () => {
    const { estimate, sent } = await estimated(120, { maxToolsShown: 60 })
    expect(estimate).toBeGreaterThanOrEqual(sent)
    expect(estimate).toBeLessThan(sent * 1.2 + 500)
  })
})
