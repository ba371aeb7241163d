import {
  type ArtifactContent,
  agent,
  createRuntime,
  type Fact,
  type Json,
  type MemoryStrategy,
  type Policy,
  type ProcessedResult,
  type Processor,
  retrieve,
  type StatePatch,
  summarize,
  type ToolContext,
  tool,
  window,
  workingFacts,
} from 'pawl'
import { scripted } from 'pawl/models/scripted'
import { memoryStore } from 'pawl/stores/memory'
import { expect, expectTypeOf, test } from 'vitest'
import { z } from 'zod'

const refundInput = z.object({ account: z.string(), usd: z.number(), note: z.string().optional() })
const refund = tool({
  name: 'refund',
  description: 'Refunds a charge.',
  effect: 'unsafe',
  input: refundInput,
  output: z.object({ caseId: z.string() }),
  run: ({ account, usd }, { idempotencyKey }) => ({ caseId: `${account}-${usd}-${idempotencyKey}` }),
  verify: (key) => ({ tookEffect: true, output: { caseId: key } }),
  present: ({ caseId }) => `case ${caseId}`,
  endsSession: ({ caseId }) => ({ type: 'case_opened', caseId }),
})

test("run's input follows from the schema, and its output from the schema of the output", () => {
  expectTypeOf(refund.run).parameter(0).toEqualTypeOf<{ account: string; usd: number; note?: string | undefined }>()
  expectTypeOf(refund.run).returns.toEqualTypeOf<{ caseId: string } | Promise<{ caseId: string }>>()
  expectTypeOf(refund.run).parameter(1).toHaveProperty('signal').toEqualTypeOf<AbortSignal>()
})

test('an output without a schema is what run returns, for every other member', () => {
  const look = tool({
    name: 'look',
    description: 'Looks.',
    effect: 'read',
    input: z.object({}),
    run: async () => ({ hits: 3 }),
    summarize: (output) => {
      expectTypeOf(output).toEqualTypeOf<{ hits: number }>()
      return { matches: output.hits }
    },
  })
  expect(look.name).toBe('look')
})

test('tools of different types stand side by side in one agent', () => {
  const other = tool({
    name: 'other',
    description: 'x',
    effect: 'read',
    input: z.object({ at: z.number() }),
    run: () => 1,
  })
  const open: Policy = { name: 'open', version: '1', tools: ['refund'], check: () => ({ type: 'allow' }) }
  const clerk = agent({
    name: 'clerk',
    instructions: '',
    model: scripted([]),
    tools: [refund, other],
    policies: [open],
  })
  expectTypeOf(createRuntime).parameter(0).toHaveProperty('store')
  expect([...clerk.tools.keys()]).toEqual(['refund', 'other'])
})

test('a processor is given the whole result, and answers with a patch or with nothing, at once or later', () => {
  const now: Processor = { process: ({ output }) => ({ append_known_facts: [{ key: 'total', value: output }] }) }
  const later: Processor = { tools: ['refund'], process: async () => null }
  const model: Processor = { instructions: 'Note what counts.' }
  expectTypeOf<ProcessedResult['output']>().toEqualTypeOf<Json>()
  expectTypeOf<ProcessedResult['facts']>().toEqualTypeOf<readonly Fact[]>()
  expectTypeOf<ProcessedResult['signal']>().toEqualTypeOf<AbortSignal>()
  expectTypeOf<StatePatch>().toHaveProperty('replace_plan')
  const memory: readonly MemoryStrategy[] = [window(40), summarize(), retrieve({ k: 5 }), workingFacts()]
  for (const processor of [now, later, model]) {
    const clerk = agent({ name: 'clerk', instructions: '', model: scripted([]), tools: [], memory })
    expect(clerk.memory.processor).toBeUndefined()
    expect(processor).toBeTypeOf('object')
  }
})

test('a running tool can read the artifacts of its session', () => {
  expectTypeOf<ReturnType<ToolContext['artifact']>>().toEqualTypeOf<Promise<ArtifactContent>>()
})

const partial = { name: 'x', description: 'x', input: refundInput }

/** Never called: the compiler reads it, and each line that compiles is a failure of the stage "types". */
function wrongUses(): void {
  // @ts-expect-error: a tool must say what repeating it would mean
  tool({ ...partial, run: () => 1 })
  // @ts-expect-error: the classes of effects are three words
  tool({ ...partial, effect: 'write', run: () => 1 })
  // @ts-expect-error: the schema has no `amount`
  tool({ ...partial, effect: 'read', run: ({ amount }) => amount })
  // @ts-expect-error: `usd` is a number
  tool({ ...partial, effect: 'read', run: (input) => input.usd.toUpperCase() })
  // @ts-expect-error: the input is the schema's, not the author's wish
  tool({ ...partial, effect: 'read', run: (input: { usd: string }) => input.usd })
  // @ts-expect-error: the output is a caseId
  tool({ ...partial, effect: 'read', output: z.object({ caseId: z.string() }), run: () => ({ id: 'x' }) })
  // @ts-expect-error: verify answers with the output of run
  tool({ ...partial, effect: 'unsafe', run: () => ({ caseId: 'x' }), verify: () => ({ tookEffect: true, output: 7 }) })
  // @ts-expect-error: there is no such ending
  tool({ ...partial, effect: 'read', run: () => 1, endsSession: () => ({ type: 'happy' }) })
  // @ts-expect-error: what a model is shown is JSON
  tool({ ...partial, effect: 'read', run: () => 1, present: () => new Date() })
  // @ts-expect-error: repeating is asked or allowed
  tool({ ...partial, effect: 'unsafe', run: () => 1, repeat: 'always' })

  const module = new URL('./pay.ts', 'file:///')
  tool({
    ...partial,
    effect: 'unsafe',
    isolation: 'process',
    module,
    output: z.object({ caseId: z.string() }),
    present: ({ caseId }) => caseId,
  })
  // @ts-expect-error: a tool says what runs
  tool({ ...partial, effect: 'read' })
  // @ts-expect-error: either here or in a module
  tool({ ...partial, effect: 'read', run: () => 1, isolation: 'process', module })
  // @ts-expect-error: isolation needs a module, since closures cannot cross
  tool({ ...partial, effect: 'read', isolation: 'worker' })
  // @ts-expect-error: a module needs to know where it runs
  tool({ ...partial, effect: 'read', module })
  // @ts-expect-error: verify stands in the module too
  tool({ ...partial, effect: 'unsafe', isolation: 'process', module, verify: () => ({ tookEffect: false }) })
  // @ts-expect-error: a thread or a process
  tool({ ...partial, effect: 'read', isolation: 'container', module })

  const model = scripted([])
  const rest = { name: 'x', instructions: '', model }
  // @ts-expect-error: an agent has a model
  agent({ name: 'x', instructions: '' })
  // @ts-expect-error: a policy has a name
  agent({ ...rest, policies: [{ version: '1', tools: '*', check: () => ({ type: 'allow' }) }] })
  // @ts-expect-error: a verdict is one of three
  agent({ ...rest, policies: [{ name: 'p', version: '1', tools: '*', check: () => ({ type: 'ok' }) }] })
  // @ts-expect-error: a denial has a reason
  agent({ ...rest, policies: [{ name: 'p', version: '1', tools: '*', check: () => ({ type: 'deny' }) }] })
  // @ts-expect-error: there is no such budget
  agent({ name: 'x', instructions: '', model, budget: { maxTruns: 3 } })
  // @ts-expect-error: closing words belong to a stop reason
  agent({ name: 'x', instructions: '', model, closing: { finished: 'bye' } })

  // @ts-expect-error: a window has a number of turns
  window()
  // @ts-expect-error: so has what is looked up
  retrieve({})
  // @ts-expect-error: whoever sums up is a model, or null
  summarize({ model: 'small' })
  // @ts-expect-error: there is no such option
  workingFacts({ max: 3 })
  // @ts-expect-error: strategies stand in a list
  agent({ ...rest, memory: window(40) })
  // @ts-expect-error: there is no such strategy
  agent({ ...rest, memory: [{ type: 'vector' }] })
  // @ts-expect-error: a processor is a function or a model
  agent({ ...rest, processor: {} })
  // @ts-expect-error: a function is a member of it
  agent({ ...rest, processor: () => null })
  // @ts-expect-error: a patch has no such part
  agent({ ...rest, processor: { process: () => ({ facts: [] }) } })
  // @ts-expect-error: a fact has a value
  agent({ ...rest, processor: { process: () => ({ append_known_facts: [{ key: 'total' }] }) } })
  // @ts-expect-error: a fact is one of three kinds
  agent({ ...rest, processor: { process: () => ({ append_known_facts: [{ key: 'a', value: 1, kind: 'rule' }] }) } })

  const runtime = createRuntime({ store: memoryStore(), agents: [], engine: null })
  const session = { sessionId: 's' }
  // @ts-expect-error: a session starts with a message
  void runtime.start('clerk', {})
  // @ts-expect-error: there is no such command
  void runtime.send(session, { type: 'resume' })
  // @ts-expect-error: a cancel says who asks for it
  void runtime.send(session, { type: 'cancel' })
  // @ts-expect-error: a settlement is one of three
  void runtime.send(session, { type: 'settle', callId: 'c1', settlement: 'maybe', by: 'x' })
  // @ts-expect-error: completions come from drivers, not from people
  void runtime.send(session, { type: 'record_outcome', of: {} })
  // @ts-expect-error: a function is not JSON
  const json: Json = () => 1
  void json
}

test('wrong uses are for the compiler, and are never run', () => {
  expect(wrongUses).toBeTypeOf('function')
})
