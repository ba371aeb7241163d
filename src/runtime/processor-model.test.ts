import { describe, expect, test } from 'vitest'
import { scriptedTasks, type TaskScripts } from '../models/scripted.ts'
import type { Model } from '../ports/index.ts'
import { agent } from './define.ts'
import { holding, watching } from './memory.fixture.ts'
import { direct, loop, planner, planOf } from './planning.fixture.ts'
import { anyTool, calls, clerk, openAll, reading, type WorldOptions, world } from './world.fixture.ts'

const lookup = anyTool('lookup', 'read', () => 'RAW-9f duplicate charge')
const patch = JSON.stringify({ append_known_facts: [{ key: 'duplicate', value: true, kind: 'decision' }] })
const instructions = 'Look for duplicates of charges.'

function watched(scripts: TaskScripts, options: WorldOptions = {}) {
  const { model, requests } = watching(
    scriptedTasks({ tasks: { root: [calls('lookup'), 'told'] }, process: [patch], ...scripts }),
  )
  return { ...world({ model, tools: [lookup], processor: { instructions }, ...options }), requests, model }
}

async function told(scripts: TaskScripts, options: WorldOptions = {}) {
  const around = watched(scripts, options)
  const sessionId = await around.start()
  await around.env.advance(60_000)
  expect(await around.runtime.result({ sessionId })).toMatchObject({ text: 'told', status: { type: 'done' } })
  expect(holding(around.requests, 'RAW-9f')).toEqual([])
  return { ...around, sessionId, asked: around.requests.filter(({ purpose }) => purpose === 'process') }
}

describe('a processor that is a model', () => {
  test('has no tools and temperature 0, and answers to the schema of a patch', async () => {
    const { asked } = await told({})
    expect(asked).toHaveLength(1)
    expect(asked[0]).toMatchObject({
      tools: [],
      temperature: 0,
      taskId: 'root',
      output: { name: 'patch', schema: { type: 'object', additionalProperties: false } },
    })
    const properties = asked[0]?.output?.schema['properties']
    // Without a plan there is none to replace.
    expect(Object.keys(properties as object)).toEqual(['append_known_facts', 'open_questions', 'answer_questions'])
    expect(asked[0]?.instructions).toContain(instructions)
  })

  test('may be a model of its own, which is asked without a temperature where it takes none', async () => {
    const own = watching({ ...scriptedTasks({ process: [patch] }, { id: 'small' }), takesTemperature: false })
    const { find, sessionId, asked } = await told({}, { processor: { instructions, model: own.model } })
    expect(asked).toEqual([])
    expect(own.requests[0]).not.toHaveProperty('temperature')
    const started = await find(sessionId, 'model_started')
    expect(started.map(({ purpose, model }) => [purpose, model])).toEqual([
      ['decide', 'scripted'],
      ['process', 'small'],
      ['decide', 'scripted'],
    ])
  })

  test('has its instructions in the definition that its requests name, which is stored', async () => {
    const { find, sessionId, store } = await told({})
    const started = await find(sessionId, 'model_started')
    const of = (purpose: string) => started.find((each) => each.purpose === purpose)?.definitionHash ?? ''
    const [own, agents] = await Promise.all([store.definition(of('process')), store.definition(of('decide'))])
    expect(JSON.parse(own ?? '')).toMatchObject({ name: 'clerk/processor', instructions, tools: [] })
    expect(JSON.parse(agents ?? '')).toMatchObject({ roles: { processor: of('process') } })
    const hashes = [instructions, 'Something else.'].map(
      (words) => clerk({ tools: [lookup], processor: { instructions: words } }).terms.definitionHash,
    )
    expect(new Set(hashes).size, 'other words for the processor make another agent').toBe(2)
  })

  test('is paid for from the session, and from the cap of the task that it works for', async () => {
    const price = { inputMicroUsdPerMTok: 1_000_000, outputMicroUsdPerMTok: 0 }
    const model = scriptedTasks({
      tasks: { A: [calls('lookup'), 'a'] },
      process: [{ text: patch, usage: { inputTokens: 700, outputTokens: 1 } }],
    })
    const dear: Model = { ...model, price }
    const made = planner({ model: dear, tools: [lookup], processor: { instructions }, planning: { router: null } })
    const around = world({ agents: [made] })
    const plan = planOf(loop('A', { cap: { costMicroUsd: 40_000 } }))
    const sessionId = await around.start({ plan })
    expect(await around.runtime.result({ sessionId })).toMatchObject({ text: 'a' })
    const [, spent] = (await around.find(sessionId, 'model_responded')).map(({ costMicroUsd, taskId }) => [
      taskId,
      costMicroUsd,
    ])
    expect(spent).toEqual(['A', 700])

    const poor = world({
      agents: [planner({ model: dear, tools: [lookup], processor: { instructions }, planning: { router: null } })],
    })
    const short = await poor.start({ plan: planOf(loop('A', { cap: { costMicroUsd: 1_500 } })) })
    expect(await poor.find(short, 'result_processed')).toMatchObject([
      { problem: 'the budget does not allow a request: cost_cap' },
    ])
    expect(await poor.runtime.result({ sessionId: short })).toMatchObject({ text: 'a' })
  })

  test('is asked about a small result in a small budget: what is set aside is what it is shown', async () => {
    const { find, sessionId } = await told({}, { budget: { maxTokens: 12_000 } })
    expect(await find(sessionId, 'fact_noted')).toHaveLength(1)
    const { reserved } = (await find(sessionId, 'model_started')).find(({ purpose }) => purpose === 'process') ?? {}
    expect(reserved?.tokens).toBeLessThan(8_000)
  })

  test('is asked again after a transport error, with backoff (halved: chance is 0 here), each attempt an event', async () => {
    const failing = { text: patch, error: { status: 503, attempts: 2 } }
    const { find, sessionId } = await told({ process: [failing] })
    const failed = await find(sessionId, 'model_failed')
    expect(
      failed.map(({ attempt, error, retryAt }) => [attempt, error.code, (retryAt ?? 0) - 1_700_000_000_000]),
    ).toEqual([
      [1, 'http_503', 250],
      [2, 'http_503', 750],
    ])
    expect(await find(sessionId, 'fact_noted')).toHaveLength(1)
    const started = await find(sessionId, 'model_started')
    expect(started.map(({ purpose, turn, attempt }) => [purpose, turn, attempt])).toEqual([
      ['decide', 1, 1],
      ['process', 2, 1],
      ['process', 2, 2],
      ['process', 2, 3],
      ['decide', 3, 1],
    ])
  })

  test.each<[string, NonNullable<TaskScripts['process']>, string]>([
    ['refuses', [{ text: 'I cannot.', finish: 'refusal' }], ''],
    ['is cut off', [{ text: patch.slice(0, 30), finish: 'length' }], ''],
    ['writes prose', ['It was charged twice.'], ''],
    ['answers with what is no patch', ['{"facts":[]}'], 'facts'],
    ['fails for good', [{ error: { status: 400 } }], 'http_400'],
    ['calls a tool', [calls('lookup')], ''],
    [
      'is missing',
      () => {
        throw new Error('gone')
      },
      'adapter_error',
    ],
  ])('that %s has noted nothing: that is recorded, and the turn goes on', async (_, process, problem) => {
    const { find, sessionId, asked } = await told({ process })
    expect(asked).toHaveLength(1)
    const processed = await find(sessionId, 'result_processed')
    expect(processed).toMatchObject([{ callId: 'c1', noted: [], problem: expect.stringContaining(problem) }])
    expect(processed[0]?.problem).not.toBe('')
    expect(await find(sessionId, 'fact_noted')).toEqual([])
    expect(await find(sessionId, 'call_started')).toHaveLength(1)
  })

  test('that says nothing at all is asked again, as any model is, and given up in the end', async () => {
    const { find, sessionId, asked } = await told({ process: [''] })
    expect(asked).toHaveLength(5)
    expect(await find(sessionId, 'result_processed')).toMatchObject([{ problem: expect.stringContaining('empty') }])
  })

  test('never speaks to readers, also where it goes on when nobody waits for it any more', async () => {
    const scripts = { tasks: { root: [calls('lookup'), 'told'] } }
    const plain = scriptedTasks(scripts)
    let speak = () => {}
    const turn = Promise.withResolvers<void>()
    const talking: Model = {
      ...plain,
      generate: async (request, options) => {
        if (request.purpose === 'process') {
          speak = () => options.onDelta({ type: 'text_delta', text: 'noted RAW-9f' })
          return new Promise(() => {})
        }
        if (request.turn > 1) await turn.promise
        return plain.generate(request, options)
      },
    }
    const around = watched({}, { model: talking, limits: { modelTimeoutMs: 1_000, transportAttempts: 1 } })
    const sessionId = await around.start()
    const read = reading(around.runtime, sessionId)
    speak()
    await around.env.advance(1_200)
    // The turn that it stood in front of is under way now.
    speak()
    await around.env.settle()
    turn.resolve()
    await around.env.advance(5_000)
    expect(JSON.stringify(read.items)).toContain('"text":"told"')
    const deltas = read.items.filter((item) => JSON.stringify(item).includes('noted RAW'))
    expect(deltas).toEqual([])
    expect(await around.runtime.result({ sessionId })).toMatchObject({ text: 'told' })
    expect(await around.find(sessionId, 'result_processed')).toMatchObject([
      { problem: expect.stringContaining('timeout') },
    ])
  })

  test('looks at the result of a task that is one call before others go on from there', async () => {
    const { model, requests } = watching(scriptedTasks({ tasks: { tell: ['it was'] }, process: [patch] }))
    const made = planner({ model, tools: [lookup], processor: { instructions }, planning: { router: null } })
    const around = world({ agents: [made] })
    const plan = planOf(direct('read', 'lookup'), loop('tell', { dependsOn: ['read'] }))
    const sessionId = await around.start({ plan })
    expect(await around.runtime.result({ sessionId })).toMatchObject({ text: 'it was', status: { type: 'done' } })
    expect(requests.map(({ purpose, taskId }) => [purpose, taskId])).toEqual([
      ['process', 'read'],
      ['decide', 'tell'],
    ])
    expect(Object.keys(requests[0]?.output?.schema['properties'] as object)).toContain('replace_plan')
    expect(requests[0]?.messages[0]).toMatchObject({ text: expect.stringContaining('[PLAN IN FORCE]') })
    expect(JSON.stringify(requests[1]?.messages)).toContain('- duplicate (decision, from lookup): true')
    expect(holding(requests, 'RAW-9f')).toEqual([])
  })

  test('whose answer to such a task is lost twice is asked again, and the task keeps its result', async () => {
    const failing = { text: patch, error: { status: 503, attempts: 2 } }
    const { model } = watching(scriptedTasks({ tasks: { tell: ['it was'] }, process: [failing] }))
    const made = planner({
      model,
      tools: [lookup],
      processor: { instructions },
      planning: { router: null, taskTimeoutMs: 400 },
    })
    const around = world({ agents: [made] })
    const sessionId = await around.start({
      plan: planOf(direct('read', 'lookup'), loop('tell', { dependsOn: ['read'] })),
    })
    await around.env.advance(10_000)
    expect(await around.runtime.result({ sessionId })).toMatchObject({ text: 'it was', status: { type: 'done' } })
    expect(await around.find(sessionId, 'task_failed')).toEqual([])
    expect(await around.find(sessionId, 'call_started')).toHaveLength(1)
  })

  test('without a known price does not go with a cap on cost', () => {
    const unpriced = scriptedTasks({}, { id: 'small', price: null })
    const define = (memory: Partial<Parameters<typeof agent>[0]>) => () =>
      agent({
        name: 'clerk',
        instructions: '',
        model: scriptedTasks({}),
        tools: [lookup],
        policies: [openAll([lookup])],
        budget: { maxCostMicroUsd: 1_000 },
        ...memory,
      })
    expect(define({ processor: { instructions, model: unpriced } })).toThrow(
      /agent clerk: processor has a cost cap, but the price of small is not known, .* Give its model a price/,
    )
    expect(define({ memory: [{ type: 'summarize', model: unpriced }] })).toThrow(/summarizer has a cost cap/)
    expect(
      define({ memory: [{ type: 'working_facts', compressor: unpriced }], processor: { process: () => null } }),
    ).toThrow(/compressor has a cost cap/)
  })
})
