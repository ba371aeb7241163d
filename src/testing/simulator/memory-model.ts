/** A model in a world that has much to remember: it reads large outputs, reads on in them, and makes memory shorter when it is asked to. */
import type { Json, ModelResponse } from '../../core/index.ts'
import type { Model, ModelRequest } from '../../ports/index.ts'
import { drawPatch } from './memory-patches.ts'
import type { MemoryShape } from './memory-shape.ts'
import { toolsOfPlans } from './planner-model.ts'
import { ownersOf } from './random-model.ts'
import type { SessionRecord } from './record.ts'
import type { World } from './world.ts'

type Parts = ModelResponse['parts']

export function memoryModel(world: World, memory: MemoryShape, inner: Model): Model {
  return {
    ...inner,
    generate: async (request, options) => {
      const said = await answered(world, memory, { request, inner: () => inner.generate(request, options) })
      return said.usage === null ? said : { ...said, usage: { ...said.usage, inputTokens: counted(world, request) } }
    },
  }
}

/** As was estimated; more only where nothing is capped: an estimate that is not enough goes over a cap. */
function counted({ records, shape }: World, request: ModelRequest): number {
  const { maxTokens, maxCostMicroUsd } = shape.budget
  const [owner] = ownersOf(request.messages)
  const asked = owner && records.find(owner)?.asking.get(request.taskId ?? '')
  const estimate = asked === undefined ? 1 : asked.reserved.tokens - asked.reserved.maxOutputTokens
  return maxTokens === null && maxCostMicroUsd === null ? Math.ceil(estimate * OFTEN_MORE) : estimate
}

const OFTEN_MORE = 1.3

type Asked = { readonly request: ModelRequest; readonly inner: () => Promise<ModelResponse> }

async function answered(world: World, memory: MemoryShape, { request, inner }: Asked): Promise<ModelResponse> {
  const { chance } = world
  const [owner] = ownersOf(request.messages)
  const record = owner && world.records.find(owner)
  const { purpose = 'decide' } = request
  if (purpose === 'process') return spoken(request, [text(patchOf(world, memory, { record, tag: owner?.tag ?? '' }))])
  if (purpose === 'compress') return spoken(request, [text(pointsOf(world, memory))])
  if (purpose === 'summarize') return spoken(request, [text(summaryOf(world, memory))])
  if (purpose !== 'decide' || request.mustCall !== undefined || !chance.happens(memory.digs)) return inner()
  const parts = digging(world, request, record)
  return parts.length === 0 ? inner() : spoken(request, parts)
}

function spoken({ maxOutputTokens }: ModelRequest, parts: Parts): ModelResponse {
  const isCalls = parts.some(({ type }) => type === 'call')
  const usage = { inputTokens: 1, outputTokens: Math.min(40, maxOutputTokens) }
  return { parts, finish: isCalls ? 'tool_calls' : 'stop', usage }
}

function text(value: string): Parts[number] {
  return { type: 'text', text: value }
}

type Patching = { readonly record: SessionRecord | undefined; readonly tag: string }

function patchOf(world: World, memory: MemoryShape, { record, tag }: Patching): string {
  const { chance } = world
  if (chance.happens(memory.flawed)) return 'I have nothing to say of that.'
  const plan = { tag, tools: toolsOfPlans(world), prefix: `P${record?.log.length ?? 0}.` }
  const questionIds = [...(record?.memory.questions ?? [])].filter(([, isOpen]) => isOpen).map(([id]) => id)
  return JSON.stringify(drawPatch(chance, { memory, questionIds, plan }))
}

function pointsOf({ chance }: World, { flawed }: MemoryShape): string {
  if (chance.happens(flawed)) return chance.pick(['{"points": []}', 'no', '{"points": ["one"]}'] as const)
  return JSON.stringify({ points: ['much was read', `${chance.below(100)} of it counts`] })
}

function summaryOf({ chance }: World, { flawed }: MemoryShape): string {
  if (chance.happens(flawed)) return chance.pick(['{}', 'no', '{"asked": 3}'] as const)
  return JSON.stringify({ asked: ['to do it'], decided: [], done: [`read ${chance.below(100)}`], open: ['the rest'] })
}

/** Large outputs, and parts of those that there are; now and then of one that there is not, or of another session. */
function digging(world: World, request: ModelRequest, record: SessionRecord | undefined): Parts {
  const { chance, shape } = world
  const offered = new Set(request.tools.map(({ name }) => name))
  const count = 1 + chance.below(shape.callsAtMost)
  return Array.from({ length: count }, (_, index): Parts => {
    const [tool, input] = drawDig(world, record)
    if (!offered.has(tool) && !chance.happens(0.02)) return []
    return [{ type: 'call', providerCallId: `m${request.turn}-${index}`, tool, input }]
  }).flat()
}

function drawDig(world: World, record: SessionRecord | undefined): readonly [string, Json] {
  const { chance } = world
  const roll = chance.random()
  if (roll < 0.4) return [chance.happens(0.6) ? 'dig' : 'tome', { amount: 1 + chance.below(5) }]
  const artifact = drawId(world, record)
  if (roll < 0.8) return ['read_artifact', { artifact, ...drawPart(world) }]
  const query = chance.happens(0.8) ? `w${chance.below(60)}` : 'everything'
  return ['search_artifact', { query, ...(chance.happens(0.5) && { artifact }) }]
}

function drawPart({ chance }: World): { readonly [key: string]: Json } {
  const roll = chance.random()
  if (roll < 0.3) return {}
  if (roll < 0.6) return { pointer: '/items', offset: chance.below(30), limit: 1 + chance.below(5) }
  if (roll < 0.8) return { line: 1 + chance.below(40), lines: 1 + chance.below(5) }
  return chance.happens(0.5) ? { pointer: '/whose' } : { offset: chance.below(500) }
}

const ID_CHARACTERS = 16

function drawId({ chance, records }: World, record: SessionRecord | undefined): string {
  if (chance.happens(0.05)) return '0123456789abcdef'
  const whose = chance.happens(0.1) ? chance.among(records.all()) : record
  const hash = chance.among([...(whose?.memory.artifacts.keys() ?? [])])
  return hash?.slice(0, ID_CHARACTERS) ?? 'ffffffffffffffff'
}
