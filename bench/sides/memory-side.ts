/** One session of a customer desk that remembers in one way: what its models were asked, and when. */
import {
  type AnyTool,
  agent,
  createRuntime,
  type Json,
  type Model,
  type ModelRequest,
  type Runtime,
  type Store,
  tool,
} from 'pawl'
import { type ScriptedDecision, scriptedTasks } from 'pawl/models/scripted'
import { allowTools } from 'pawl/policies'
import { jsonSchema } from 'pawl/tools'
import type { DeskCall, DeskWork, Errand } from './desk-work.ts'
import type { Remembering } from './memory-strategies.ts'
import { patchOf, points, summary } from './memory-strategies.ts'

/** A request that a model got. */
export type Asked = {
  readonly purpose: string
  /** From 1: the one that it belongs to. Requests of memory stand in front of theirs. */
  readonly turn: number
  readonly atMs: number
  /** Of the whole request, counted as it arrived. */
  readonly characters: number
  /** As the runtime estimated it before it asked. */
  readonly estimatedTokens: number
}

type Came = Omit<Asked, 'estimatedTokens'>

/** Runs all errands in one session. `characters` are counted, and estimates read from its log, where asked for: they take time. */
export async function runDesk(
  store: Store,
  work: DeskWork,
  { remembering, isCounted }: { readonly remembering: Remembering; readonly isCounted: boolean },
): Promise<readonly Asked[]> {
  const came: Came[] = []
  let turn = 1
  const desk = deskOf(work)
  const model = watched(desk.model, (request) => {
    const { purpose = 'decide' } = request
    came.push({ purpose, turn, atMs: performance.now(), characters: isCounted ? charactersOf(request) : 0 })
    if (purpose === 'decide') turn += 1
  })
  const clerk = agent({
    name: 'clerk',
    instructions: work.instructions,
    model,
    tools: desk.tools,
    policies: [allowTools(desk.tools)],
    budget: { maxTurns: 1_000_000, maxEvents: 1_000_000, maxWallClockMs: 24 * 3_600_000 },
    ...remembering,
  })
  const runtime = createRuntime({ store, agents: [clerk], limits: { warnEvents: 1_000_000 } })
  const sessionId = await serve(runtime, work.errands)
  await runtime.stop()
  return isCounted ? withEstimates(store, sessionId, came) : came.map((each) => ({ ...each, estimatedTokens: 0 }))
}

type Desk = { readonly model: Model; readonly tools: readonly AnyTool[] }

/** The model goes from call to call; a tool answers what stands in the record for the call that was asked for last. */
function deskOf({ tools, errands }: DeskWork): Desk {
  const steps = errands.flatMap(({ calls, answer }): readonly (DeskCall | string)[] => [...calls, answer])
  let asked = 0
  let now: DeskCall | undefined
  const decide = (): ScriptedDecision => {
    const step = steps[asked] ?? ''
    asked += 1
    if (typeof step === 'string') return step
    now = step
    return { text: SAYING, calls: [{ tool: step.tool, input: step.input }] }
  }
  const note = () => JSON.stringify(now === undefined ? {} : patchOf(now.tool, now.output))
  const scripts = { others: decide, summarize: () => summary, compress: () => points, process: note }
  return {
    model: scriptedTasks(scripts),
    tools: tools.map(({ name, description, parameters }) =>
      tool({ name, description, effect: 'read', input: jsonSchema<Json>(parameters), run: () => now?.output ?? null }),
    ),
  }
}

const SAYING = 'I look at what the books say before I go on.'

function watched(model: Model, cameIn: (request: ModelRequest) => void): Model {
  return {
    ...model,
    generate: (request, options) => {
      cameIn(request)
      return model.generate(request, options)
    },
  }
}

/** What any provider would be sent of it: names and values, without what JSON puts in front of quotes inside of texts. */
function charactersOf({ instructions, messages, tools }: ModelRequest): number {
  return instructions.length + lengthOf(messages) + lengthOf(tools)
}

/** Of a member its quotes and its colon, of an item its comma. */
const FRAME_CHARACTERS = 4

function lengthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return String(value).length
  const isList = Array.isArray(value)
  return Object.entries(value).reduce(
    (total, [key, part]) => total + (isList ? 1 : key.length + FRAME_CHARACTERS) + lengthOf(part),
    2,
  )
}

const FROM_CUSTOMER = { type: 'send_message', trust: 'user', origin: { type: 'user' } } as const

/** A person writes each message when the one before has been answered. */
async function serve(runtime: Runtime, errands: readonly Errand[]): Promise<string> {
  const [first, ...others] = errands
  const session = await runtime.start('clerk', { message: first?.message ?? '' })
  for (const errand of [first, ...others]) {
    if (errand === undefined) continue
    if (errand !== first) await runtime.send(session, { ...FROM_CUSTOMER, text: errand.message })
    const { status, text } = await runtime.result(session)
    if (text !== errand.answer) throw new Error(`expected the answer; found ${JSON.stringify(status)} and "${text}"`)
  }
  return session.sessionId
}

const READ_AT_ONCE = 1_000

/** Requests stand in the log in the order in which they came: nothing fails here, and there is one loop. */
async function withEstimates(store: Store, sessionId: string, came: readonly Came[]): Promise<readonly Asked[]> {
  const estimates: number[] = []
  for (let seq = 0; ; ) {
    const events = await store.read({ tenant: 'default', sessionId }, seq, READ_AT_ONCE)
    for (const { kind, body } of events) {
      if (kind !== 'model_started') continue
      // The log is ours, written a moment ago.
      const { reserved } = JSON.parse(body ?? '') as { readonly reserved: { tokens: number; maxOutputTokens: number } }
      estimates.push(reserved.tokens - reserved.maxOutputTokens)
    }
    seq = events.at(-1)?.seq ?? seq
    if (events.length < READ_AT_ONCE) break
  }
  if (estimates.length !== came.length)
    throw new Error(
      `expected ${came.length} requests in the log, found ${estimates.length}: was this process held up? Run it again`,
    )
  return came.map((each, index) => ({ ...each, estimatedTokens: estimates[index] ?? 0 }))
}
