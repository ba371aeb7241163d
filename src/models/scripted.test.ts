import assert from 'node:assert/strict'
import { describe, test } from 'vitest'
import type { ModelResponse } from '../core/index.ts'
import { type ModelDelta, type ModelRequest, ModelRequestError } from '../ports/index.ts'
import { modelConformance, type ProviderAnswer } from '../testing/model-conformance.ts'
import { recorded, type ScriptedCall, type ScriptedDecision, scripted, scriptedTasks } from './scripted.ts'

modelConformance(
  'scripted',
  {
    sendsPrompts: false,
    async open(answers) {
      const hangs = answers.some(({ type }) => type === 'hang')
      const model = scripted(answers.map(decisionOf), hangs ? { delayMs: 60_000 } : {})
      return { model, sent: () => [], sentOutputs: () => [], close: async () => {} }
    },
  },
  { describe, test },
)

function decisionOf(answer: ProviderAnswer): ScriptedDecision {
  if (answer.type === 'hang') return 'never'
  if (answer.type === 'cut') return { error: { code: 'cut_stream' } }
  if (answer.type === 'status') return { error: answer }
  const { parts, usage, finish } = answer.response
  const calls = parts.flatMap((part): ScriptedCall[] => (part.type === 'call' ? [part] : []))
  const texts = parts.flatMap((part) => (part.type === 'text' ? [part.text] : []))
  return { ...(texts.length > 0 && { text: texts.join('') }), calls, usage, finish }
}

function requestOf(turn: number, attempt = 1): ModelRequest {
  const messages = [{ role: 'user', text: 'abcdefgh', trust: 'user' }] as const
  return { instructions: 'four', messages, tools: [], maxOutputTokens: 100, sessionId: 's', turn, attempt }
}

const quiet = { signal: new AbortController().signal, onDelta: () => {} }

function hasCode(code: string, retryable: boolean): (error: unknown) => boolean {
  return (error) => error instanceof ModelRequestError && error.code === code && error.retryable === retryable
}

describe('scripted', () => {
  test('answers turn n with the n-th decision, in any process and any order', async () => {
    const model = scripted(['first', { text: 'second', calls: [{ tool: 'look', input: { at: 1 } }] }])
    const second = await model.generate(requestOf(2), quiet)
    assert.deepEqual(second, {
      parts: [
        { type: 'text', text: 'second' },
        { type: 'call', providerCallId: 'scripted-2-1', tool: 'look', input: { at: 1 } },
      ],
      finish: 'tool_calls',
      usage: { inputTokens: 3, outputTokens: 5 },
    })
    const first = await model.generate(requestOf(1), quiet)
    assert.deepEqual(first.parts, [{ type: 'text', text: 'first' }])
    assert.equal(first.finish, 'stop')
    assert.deepEqual(await model.generate(requestOf(2), quiet), second)
  })

  test('says which turn ran past the end of the script, and that nothing mends it', async () => {
    const past = scripted(['only'], { id: 'demo' }).generate(requestOf(2), quiet)
    await assert.rejects(past, hasCode('script_exhausted', false))
    await assert.rejects(past, /demo: turn 2 .* has 1 decisions/)
  })

  test('takes a function of the request', async () => {
    const model = scripted(({ messages }, { turn }) => `${turn}:${messages.length}`)
    assert.deepEqual((await model.generate(requestOf(3), quiet)).parts, [{ type: 'text', text: '3:1' }])
  })

  test('fails the attempts that it is told to fail, as a provider would', async () => {
    const model = scripted([{ text: 'after all', error: { status: 429, retryAfterMs: 50, attempts: 2 } }])
    await assert.rejects(model.generate(requestOf(1, 1), quiet), (error) => {
      assert(error instanceof ModelRequestError)
      assert.deepEqual([error.code, error.retryAfterMs, error.status], ['http_429', 50, 429])
      return error.retryable
    })
    await assert.rejects(model.generate(requestOf(1, 2), quiet), hasCode('http_429', true))
    assert.deepEqual((await model.generate(requestOf(1, 3), quiet)).parts, [{ type: 'text', text: 'after all' }])
    await assert.rejects(
      scripted([{ error: { status: 400 } }]).generate(requestOf(1), quiet),
      hasCode('http_400', false),
    )
    await assert.rejects(scripted([{ error: {} }]).generate(requestOf(1), quiet), hasCode('network', true))
  })

  test('sends the text in a few deltas that never split a character', async () => {
    const deltas: ModelDelta[] = []
    const text = '🙂🙂🙂🙂 done'
    const decision = { text, reasoning: 'hm', calls: [{ tool: 'look', inputText: '{"a":' }] }
    const pending = scripted([decision]).generate(requestOf(1), {
      ...quiet,
      onDelta: (delta) => deltas.push(delta),
    })
    const response = await pending
    const texts = deltas.flatMap((delta) => (delta.type === 'text_delta' ? [delta.text] : []))
    assert.equal(texts.join(''), text)
    assert(texts.length > 1 && texts.every((part) => part.isWellFormed()))
    assert.deepEqual(response.parts.at(-1), {
      type: 'invalid_call',
      providerCallId: 'scripted-1-1',
      tool: 'look',
      inputText: '{"a":',
      problem: 'not JSON',
    })
  })

  test('ends at once when aborted, also in the middle of its delay', async () => {
    const controller = new AbortController()
    const pending = scripted(['late'], { delayMs: 60_000 }).generate(requestOf(1), {
      ...quiet,
      signal: controller.signal,
    })
    controller.abort()
    await assert.rejects(pending, hasCode('aborted', false))
  })

  test('costs nothing unless it is given a price, and says that it is a script', () => {
    assert.deepEqual(scripted([]).price, { inputMicroUsdPerMTok: 0, outputMicroUsdPerMTok: 0 })
    assert.equal(scripted([], { price: null }).price, null)
    assert.equal(scripted([]).isScripted, true)
  })
})

describe('scripted for values and tasks', () => {
  const texts = async (model: ReturnType<typeof scripted>, requests: readonly Partial<ModelRequest>[]) => {
    const said: string[] = []
    for (const asked of requests) {
      const { parts } = await model.generate({ ...requestOf(1), ...asked }, quiet)
      said.push(parts.map((part) => (part.type === 'text' ? part.text : part.type)).join())
    }
    return said
  }

  test('answers a request for a value with its JSON, and counts its tokens', async () => {
    const model = scripted([
      { json: { goal: 'g', tasks: [] }, reasoning: 'hm' },
      { json: null, finish: 'length' },
    ])
    const { parts, finish, usage } = await model.generate(requestOf(1), quiet)
    assert.deepEqual(parts, [
      { type: 'reasoning', text: 'hm' },
      { type: 'text', text: '{"goal":"g","tasks":[]}' },
    ])
    assert.deepEqual([finish, usage], ['stop', { inputTokens: 3, outputTokens: 7 }])
    assert.equal((await model.generate(requestOf(2), quiet)).finish, 'length')
  })

  test('gives each purpose and each task its own list, whatever order they are asked in and in any process', async () => {
    const make = () =>
      scriptedTasks({
        route: ['r1'],
        plan: [{ json: 1 }, { json: 2 }],
        tasks: { root: ['done'], T1: ['one', 'two'], T2: ({ taskId }, { turn }) => `${taskId} at ${turn}` },
        others: ['any'],
      })
    const requests: readonly (readonly [Partial<ModelRequest>, string])[] = [
      [{ purpose: 'route', taskId: 'root', turn: 1 }, 'r1'],
      [{ purpose: 'plan', taskId: 'root', turn: 2, purposeTurn: 1 }, '1'],
      [{ purpose: 'plan', taskId: 'root', turn: 3, purposeTurn: 2 }, '2'],
      [{ purpose: 'decide', taskId: 'root', turn: 4, purposeTurn: 1 }, 'done'],
      [{ taskId: 'T1', turn: 1 }, 'one'],
      [{ taskId: 'T2', turn: 3 }, 'T2 at 3'],
      [{ taskId: 'T1', turn: 2 }, 'two'],
      [{ taskId: 'T9', turn: 1 }, 'any'],
      [{}, 'done'],
    ]
    const asked = requests.map(([request]) => request)
    const expected = requests.map(([, text]) => text)
    assert.deepEqual(await texts(make(), asked), expected)
    assert.deepEqual(await texts(make(), asked.toReversed()), expected.toReversed())
    const resumed = await Promise.all(asked.map((request) => texts(make(), [request])))
    assert.deepEqual(resumed.flat(), expected)
  })

  test('says which task or purpose has no script, or has come to the end of its own', async () => {
    const model = scriptedTasks({ plan: ['p'], tasks: { T1: ['one'] } }, { id: 'demo' })
    const ask = (asked: Partial<ModelRequest>) => model.generate({ ...requestOf(1), ...asked }, quiet)
    await assert.rejects(ask({ taskId: 'T2' }), hasCode('script_missing', false))
    await assert.rejects(ask({ taskId: 'T2' }), /demo: expected a script for task "T2".*these tasks: "T1"/)
    await assert.rejects(ask({ taskId: 'toString' }), hasCode('script_missing', false))
    await assert.rejects(ask({ purpose: 'route' }), /a script for route/)
    await assert.rejects(ask({ taskId: 'T1', turn: 2 }), hasCode('script_exhausted', false))
    await assert.rejects(ask({ purpose: 'plan', purposeTurn: 2 }), /demo, plan: turn 2 .* has 1 decisions/)
  })

  test('gives each purpose of memory its own list, whatever the task and the name of the model', async () => {
    const scripts = { process: ['p1', 'p2'], compress: ['c1'], summarize: ['s1'], tasks: { root: ['done'] } }
    const ask = { turn: 9, purposeTurn: 1 }
    for (const id of ['scripted', 'summarize', 'process-x']) {
      const model = scriptedTasks(scripts, { id })
      const said = await texts(model, [
        { ...ask, purpose: 'summarize', taskId: 'T7' },
        { ...ask, purpose: 'compress' },
        { ...ask, purpose: 'process', purposeTurn: 2 },
        { ...ask, purpose: 'process', taskId: 'T7' },
        ask,
      ])
      assert.deepEqual(said, ['s1', 'c1', 'p2', 'p1', 'done'])
    }
    const unscripted = scriptedTasks({ tasks: { root: ['done'] } }, { id: 'summarize' })
    await assert.rejects(texts(unscripted, [{ ...ask, purpose: 'summarize' }]), hasCode('script_missing', false))
    const ended = scriptedTasks(scripts)
    await assert.rejects(texts(ended, [{ ...ask, purpose: 'process', purposeTurn: 3 }]), /process: turn 3 .* has 2/)
  })

  test('takes no decision of a plain list for a request of memory, and leaves it to a function', async () => {
    for (const purpose of ['process', 'compress', 'summarize'] as const) {
      const asked = { purpose, turn: 1 }
      for (const id of ['scripted', `a ${purpose}`])
        await assert.rejects(texts(scripted(['first'], { id }), [asked]), hasCode('script_missing', false))
      assert.deepEqual(
        await texts(
          scripted((request) => `${request.purpose}`),
          [asked],
        ),
        [purpose],
      )
    }
    assert.deepEqual(await texts(scripted(['first']), [{ purpose: 'plan' }, {}]), ['first', 'first'])
  })

  test('never gives two tasks the same call ids', async () => {
    const look = [{ calls: [{ tool: 'look', input: {} }] }]
    const model = scriptedTasks({ tasks: { root: look, T1: look, T2: look } })
    const ids = await Promise.all(
      [undefined, 'root', 'T1', 'T2'].map(async (taskId) => {
        const [part] = (await model.generate({ ...requestOf(1), ...(taskId && { taskId }) }, quiet)).parts
        return part?.type === 'call' ? part.providerCallId : ''
      }),
    )
    assert.deepEqual(ids, ['scripted-1-1', 'scripted-1-1', 'scripted-T1-1-1', 'scripted-T2-1-1'])
  })

  test('fails the attempts of one task alone', async () => {
    const model = scriptedTasks({ tasks: { T1: [{ text: 'at last', error: { attempts: 1 } }], T2: ['at once'] } })
    await assert.rejects(texts(model, [{ taskId: 'T1' }]), hasCode('network', true))
    assert.deepEqual(await texts(model, [{ taskId: 'T2' }, { taskId: 'T1', attempt: 2 }]), ['at once', 'at last'])
  })
})

describe('recorded', () => {
  test('plays responses back untouched, by turn', async () => {
    const response: ModelResponse = {
      parts: [{ type: 'reasoning', text: '', providerData: { anthropic: { signature: 'sig' } } }],
      finish: 'other',
      usage: null,
      requestId: 'r1',
    }
    const model = recorded([response])
    assert.equal(await model.generate(requestOf(1), quiet), response)
    await assert.rejects(model.generate(requestOf(2), quiet), hasCode('script_exhausted', false))
  })
})
