import { describe, expect, test } from 'vitest'
import type { Json, PlanTask } from '../core/index.ts'
import { type ScriptedDecision, scriptedTasks, type TaskScripts } from '../models/scripted.ts'
import { memoryStore } from '../stores/memory.ts'
import { manualClock, manualEnv } from '../testing/manual-env.ts'
import { agent } from './define.ts'
import { replayed, watching } from './memory.fixture.ts'
import { type MemoryStrategy, type Processor, retrieve, summarize, window, workingFacts } from './memory-options.ts'
import { direct, loop, planOf } from './planning.fixture.ts'
import { anyTool, heldTool, openAll, world } from './world.fixture.ts'

const look = anyTool('look', 'read', ({ n }) => `result ${n} ${'x'.repeat(300)}`)
const list = anyTool('list', 'read', () => Array.from({ length: 2_000 }, (_, row) => ({ row, note: 'as ordered' })))
const tools = [look, list]

const call = (tool: string, input: Json = {}): ScriptedDecision => ({ calls: [{ tool, input }] })
/** Turns without an end of their own: `list` now and then, `look` otherwise. */
const turns = (count: number): readonly ScriptedDecision[] => [
  ...Array.from({ length: count }, (_, n) => (n % 7 === 3 ? call('list') : call('look', { n }))),
  'done',
]
const summary = ({ purposeTurn = 1 }) =>
  JSON.stringify({ asked: ['a refund'], decided: [], done: [`summary ${purposeTurn}`], open: [] })
const points = ({ purposeTurn = 1 }) => JSON.stringify({ points: [`points ${purposeTurn}`, 'more of them'] })
let noted = 0
const patch = ({ purposeTurn = 1, taskId = '' }) =>
  JSON.stringify({
    append_known_facts: [
      { key: `${taskId}.n${purposeTurn}`, value: purposeTurn },
      { key: 'newest', value: `${taskId} ${purposeTurn}` },
    ],
  })

const asModel: Processor = { instructions: 'Note what counts.' }
const asFunction: Processor = {
  process: async ({ callId, taskId }) => ({
    append_known_facts: [
      { key: `${taskId}.${callId}`, value: noted++ },
      { key: 'newest', value: callId },
    ],
  }),
}
const all: readonly MemoryStrategy[] = [
  window(12),
  summarize({ whenTokens: 1_500, keepTurns: 3 }),
  retrieve({ k: 2 }),
  workingFacts({ maxFacts: 6 }),
]

function clerkWith(scripts: TaskScripts, memory: readonly MemoryStrategy[], processor?: Processor) {
  const { model, requests } = watching(
    scriptedTasks({ summarize: summary, compress: points, process: patch, ...scripts }),
  )
  const made = agent({
    name: 'clerk',
    instructions: 'You look.',
    model,
    tools,
    policies: [openAll(tools)],
    memory,
    ...(processor && { processor }),
    planning: { route: 'direct', planner: null, router: null, maxParallelTasks: 3 },
    specialists: [{ name: 'looker', domain: 'Looks.', instructions: 'Look.', tools: ['look', 'list'], windowTurns: 4 }],
    budget: { maxTurns: 60, maxCalls: 500 },
  })
  return { made, requests }
}

describe('a prompt can be made again from the log alone', () => {
  test.each([
    ['a processor that is a model', asModel],
    ['a processor that is a function', asFunction],
    ['no processor', undefined],
  ])('over a long session with all strategies, several messages and a death in between: %s', async (_, processor) => {
    const clock = manualClock()
    const dead = new Set<string>()
    const store = memoryStore({ now: clock.now })
    const scripts = { tasks: { root: [...turns(24), ...turns(9), ...turns(30)] } }
    const { made, requests } = clerkWith(scripts, all, processor)
    const launch = (holder: string) => world({ agents: [made], store, env: manualEnv({ clock, holder, dead }) })
    const first = launch('p1')
    const sessionId = await first.start()
    const say = (text: string) => ({ type: 'send_message', text, trust: 'user', origin: { type: 'user' } }) as const
    await first.runtime.send({ sessionId }, say('and what of result 2?'))
    await clock.advance(1_000)
    dead.add('p1')
    const second = launch('p2')
    await clock.advance(2_000)
    await second.runtime.send({ sessionId }, say('and what of result 5?'))
    await clock.advance(2_000)
    expect(await second.runtime.result({ sessionId })).toMatchObject({ text: 'done', status: { type: 'done' } })
    const again = await replayed(second, made, sessionId)
    expect(again.map(({ place, rendered }) => [place, rendered])).toEqual(
      again.map(({ place, recorded }) => [place, recorded]),
    )
    const kinds = new Set(await second.kinds(sessionId))
    for (const kind of ['history_compacted', 'context_recalled'] as const) expect(kinds).toContain(kind)
    if (processor !== undefined) expect(kinds).toContain('facts_compressed')
    expect(requests.filter(({ purpose }) => purpose === 'summarize').length).toBeGreaterThan(2)
    expect(await first.problems.concat(second.problems)).toEqual([])
  })

  test.each([
    ['a processor that is a model', asModel],
    ['a processor that is a function', asFunction],
  ])('where tasks of a plan work side by side and note facts: %s', async (_, processor) => {
    const part = (id: string): PlanTask => loop(id, { specialist: 'looker' })
    const plan = planOf(
      part('A'),
      part('B'),
      part('C'),
      direct('D', 'list'),
      loop('last', { dependsOn: ['A', 'B', 'C', 'D'] }),
    )
    const tasks = { A: turns(9), B: turns(11), C: turns(7), last: ['that is all'] }
    const { made, requests } = clerkWith({ tasks }, all, processor)
    const around = world({ agents: [made] })
    const sessionId = await around.start({ plan })
    expect(await around.runtime.result({ sessionId })).toMatchObject({ text: 'that is all' })
    const again = await replayed(around, made, sessionId)
    expect(again.map(({ place, rendered }) => [place, rendered])).toEqual(
      again.map(({ place, recorded }) => [place, recorded]),
    )
    expect(again.length).toBe(requests.length)
    const compressions = await around.find(sessionId, 'facts_compressed')
    expect(compressions.length).toBeGreaterThan(1)
    // Tasks side by side never make the same facts shorter twice.
    expect(compressions.filter(({ removed }) => removed.length === 0)).toEqual([])
  })

  test('where a task ends in the pass in which another one asks', async () => {
    const [slow, list] = [heldTool('slow', 'read'), heldTool('list', 'read')]
    const { model } = watching(
      scriptedTasks({ tasks: { B: [call('slow'), 'b'], last: ['that is all'] }, process: patch }),
    )
    const made = agent({
      name: 'clerk',
      instructions: 'You look.',
      model,
      tools: [slow.tool, list.tool],
      processor: { ...asModel, tools: ['slow'] },
      planning: { route: 'direct', planner: null, router: null },
    })
    for (const order of [
      [loop('B'), direct('C', 'list')],
      [direct('C', 'list'), loop('B')],
    ]) {
      const around = world({ agents: [made] })
      const sessionId = await around.start({ plan: planOf(...order, loop('last', { dependsOn: ['B', 'C'] })) })
      slow.calls.at(-1)?.end('slow one')
      list.calls.at(-1)?.end('a list')
      await around.env.settle()
      expect(await around.runtime.result({ sessionId })).toMatchObject({ text: 'that is all' })
      const again = await replayed(around, made, sessionId)
      expect(again.map(({ place, rendered }) => [place, rendered])).toEqual(
        again.map(({ place, recorded }) => [place, recorded]),
      )
    }
  })
})
